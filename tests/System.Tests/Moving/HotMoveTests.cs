// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Tutti.System.Tests.Audiences;
using Tutti.System.Tests.Campaigns;
using Tutti.System.Tests.Layouts;
using Tutti.System.Tests.Playing;
using Tutti.System.Tests.Receiving;
using Tutti.System.Tests.Recomputing;
using Tutti.System.Tests.Running;

namespace Tutti.System.Tests.Moving;

/// <summary>A tracker takes the place of a running one while readers click: nothing is lost or counted twice, whoever is killed meanwhile.</summary>
public sealed class HotMoveTests : SystemTest
{
    private const int Seed = 404;
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(2);
    private readonly Random _random = new(Seed);
    private Uri[] _addresses = [];

    [Fact]
    [Trait("Row", "C-1.2.2")]
    [Trait("Row", "C-1.2.1")]
    public async Task Readers_click_all_the_time_while_one_tracker_takes_the_place_of_another_and_nothing_is_lost_or_doubled()
    {
        var audience = Audience.Make(IsLong ? 2_000 : 300, Seed, troubled: 0);
        var outside = Own(new RecordingSmtpServer());
        var players = Own(new Players(Seed, opening: 0.9, clicking: 0.7, lookUp: () => _addresses[_random.Next(_addresses.Length)]));
        var serial = 20;
        var layout = Own(Layout.Of("lui,dst | hub | trk | trk", components => new ServerHome(components, $"127.0.0.{serial}", $"127.0.0.{serial++}") { TrackingAddress = new Uri("http://track.tutti.test") }));
        var (lui, hub, old, fresh) = (layout.Servers[0], layout.Servers[1], layout.Servers[2], layout.Servers[3]);
        _addresses = [old.TrackerWeb];
        await layout.SetUp(Seed, CampaignRun.Settings(outside, connections: 4, rate: 25));
        layout.Servers.ToList().ForEach(server => server.Launch());
        await Task.WhenAll(layout.Servers.Select(server => server.Ready()));
        (await hub.Command("hub", "servers", "add", old.Peer)).Expect(0);
        var run = CampaignRun.On(layout, audience, outside, players);
        await run.Send();
        await Came(run, layout, 30);
        Assert.Contains("No tracker takes the place", await Refusal(hub, "retire", old.Peer), StringComparison.Ordinal);

        // The hub is killed in the middle of the command, which is given again.
        var moving = hub.Command("hub", "servers", "move", old.Peer, fresh.Peer);
        await Came(run, layout, outside.Messages.Count + 5);
        await hub.Kill();
        Assert.True((await moving).Code is 0 or 69);
        await hub.Start();
        await Moves(hub, old, fresh);

        // The new one is killed before anybody comes to it, and knows the links again.
        await fresh.Kill();
        await fresh.Start();
        await Moves(hub, old, fresh);
        Assert.Contains("takes its place; both collect", (await old.Command("status")).Output, StringComparison.Ordinal);
        Assert.Contains("takes its place; both collect", (await hub.Command("hub", "servers", "list")).Output, StringComparison.Ordinal);
        var unanswered = players.Log.Count(played => !played.Answered);
        Assert.Equal(0, unanswered);

        // The DNS leads some here and some there.
        _addresses = [old.TrackerWeb, fresh.TrackerWeb];
        await Came(run, layout, outside.Messages.Count + 50);
        Assert.Equal(unanswered, players.Log.Count(played => !played.Answered));
        await old.Kill();
        await run.Read();
        await old.Start();
        await Came(run, layout, outside.Messages.Count + 25);

        // Nobody comes to the old one any more, but it has what the User Interface did not fetch.
        _addresses = [fresh.TrackerWeb];
        Assert.Contains("A reader came", await Refusal(hub, "retire", old.Peer), StringComparison.Ordinal);
        (await lui.Command("component", "stop", "lui")).Expect(0);
        _addresses = [old.TrackerWeb];
        await players.Click(outside.Messages.First(message => audience.Has(message.Recipient)));
        _addresses = [fresh.TrackerWeb];
        Assert.Contains("still has 1 events that were not fetched", await Refusal(hub, "retire", old.Peer, "--quiet", "0:00:00"), StringComparison.Ordinal);
        (await lui.Command("component", "start", "lui")).Expect(0);

        // The hub is killed in the middle of the end, too.
        var retiring = hub.Command("hub", "servers", "retire", old.Peer, "--quiet", "0:00:00");
        await run.Read();
        await hub.Kill();
        await retiring;
        await hub.Start();
        await Waiting.Until(
            async () => (await hub.Command("hub", "servers", "list")).Expect(0).Output.Contains(old.Peer, StringComparison.Ordinal) is false
                || (await hub.Command("hub", "servers", "retire", old.Peer, "--quiet", "0:00:00")).Code == 0,
            _patience,
            layout.Explain);

        // Who has a stale address is led on and not counted, also after a restart.
        await Stale(old, outside, audience);
        Assert.Equal(0, await old.Stop());
        old.Launch();
        await Waiting.Until(async () => (await old.Command("status")).Output.Contains("Retired since", StringComparison.Ordinal), _patience, old.Explain);
        await Stale(old, outside, audience);
        Assert.DoesNotContain(old.Peer, (await hub.Command("hub", "servers", "list")).Output, StringComparison.Ordinal);

        await run.Finish(_patience);
        Assert.Empty((await Report.Fetch(layout, run.Job, players)).Differences(players));
        Assert.Empty(players.Surprises);
        Assert.Empty(new Ledger(audience, outside).Differences(await run.Receipt(), await run.Fates()));
    }

    private static async Task Stale(ServerHome old, RecordingSmtpServer outside, Audience audience)
    {
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        var link = new Uri(Players.Marks(outside.Messages.First(message => audience.Has(message.Recipient))).Links[0]);
        using var answer = await http.GetAsync(new Uri(old.TrackerWeb, link.PathAndQuery), Cancelled);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
    }

    private static async Task Moves(ServerHome hub, ServerHome old, ServerHome fresh) => Assert.Contains(
        "takes the place", (await hub.Command("hub", "servers", "move", old.Peer, fresh.Peer)).Expect(0).Output, StringComparison.Ordinal);

    private static async Task<string> Refusal(ServerHome hub, params string[] arguments) => (await hub.Command(["hub", "servers", .. arguments])).Expect(2).Error;

    private static Task Came(CampaignRun<Layout> run, Layout layout, int goal) => Waiting.Until(
        async () =>
        {
            await run.Read();
            return run.Outside.Messages.Count >= Math.Min(goal, run.Audience.People.Count);
        },
        _patience,
        () => $"Only {run.Outside.Messages.Count} of {goal} messages came.\n{layout.Explain()}");
}
