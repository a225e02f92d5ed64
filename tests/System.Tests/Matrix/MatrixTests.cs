// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Net;
using System.Text.Json;
using MimeKit;
using Tutti.System.Tests.Audiences;
using Tutti.System.Tests.Campaigns;
using Tutti.System.Tests.Databases;
using Tutti.System.Tests.Layouts;
using Tutti.System.Tests.Playing;
using Tutti.System.Tests.Receiving;
using Tutti.Testing;

namespace Tutti.System.Tests.Matrix;

/// <summary>What goes on while one component is away, what cannot be done and is said so, and what happens when it is back.</summary>
public sealed class MatrixTests : SystemTest
{
    private const int Seed = 11;
    private const int MessagesPerSecond = 8;

    /// <summary>All ways in the long series; in the short one each component goes in one of them.</summary>
    private static Way[] Ways(Way usual) => IsLong ? [Way.ComponentStop, Way.Terminate, Way.Kill] : [usual];

    [Fact]
    [Trait("Row", "M")]
    [Trait("Row", "C-1.0.3")]
    [Trait("Row", "C-1.0.4")]
    public async Task Without_the_hub_those_who_are_signed_in_work_on_and_nobody_else_comes_in()
    {
        var run = await Start("hub");
        var person = Own(new Worker(run.Layout.Web, "lui"));
        Assert.True((await person.SignIn()).In);
        foreach (var way in Ways(Way.Terminate))
        {
            await run.TakeAway(way);

            var stranger = Own(new Worker(run.Layout.Web, "lui"));
            var (cameIn, page) = await stranger.SignIn();
            Assert.False(cameIn);
            Assert.Contains($"The Administration Hub at {run.Named} cannot be reached since 20", page, StringComparison.Ordinal);
            Assert.StartsWith("/jobs/", await person.CreateJob($"While the hub is away: {way}"), StringComparison.Ordinal);
            AssertAway(way, await Own(new Worker(run.Server.Web, "hub")).Get("/hub/sign-in"));
            (await run.Server.Command("hub", "servers", "list")).Expect(69);
            await run.MailGoesOn();
            await run.Completes(await run.SendSmall($"hub-{way}@small.example", "personal"));

            await run.BringBack(way);
            Assert.True((await stranger.SignIn()).In);
            run.AssertOthersWentOn();
        }

        await run.Finish();
    }

    [Fact]
    [Trait("Row", "M")]
    [Trait("Row", "C-1.0.3")]
    [Trait("Row", "C-1.0.4")]
    public async Task Without_the_user_interface_mail_leaves_and_the_tracker_keeps_what_readers_do()
    {
        var run = await Start("lui");
        var gone = new List<string>();
        foreach (var way in Ways(Way.ComponentStop))
        {
            await run.TakeAway(way);

            AssertAway(way, await Own(new Worker(run.Layout.Web, "lui")).Get("/sign-in"));
            await run.HubShowsItAway(way);
            Assert.True((await Own(new Worker(run.Layout.At("hub").Web, "hub")).SignIn()).In);
            Assert.True(await run.MailGoesOn() || way != Ways(Way.ComponentStop)[0]);
            var reader = run.Campaign.Outside.Messages.Last(message => !gone.Contains(message.Recipient));
            await Unsubscribe(reader);
            gone.Add(reader.Recipient);

            await run.BringBack(way);
            run.AssertOthersWentOn();
        }

        await run.Finish();
        foreach (var address in gone)
        {
            Assert.Contains(address, await run.Layout.Rest("suppression"), StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    [Trait("Row", "M")]
    [Trait("Row", "C-1.0.3")]
    [Trait("Row", "C-1.0.4")]
    [Trait("Row", "C-1.0.6")]
    public async Task Without_the_tracker_mail_without_tracking_leaves_and_the_gap_stands_in_the_report()
    {
        var run = await Start("trk");
        var gaps = new List<(DateTimeOffset Before, DateTimeOffset Gone, DateTimeOffset Back, DateTimeOffset After)>();
        foreach (var way in Ways(Way.Kill))
        {
            var before = TimeProvider.System.GetUtcNow();
            await run.TakeAway(way);
            var away = TimeProvider.System.GetUtcNow();

            AssertAway(way, await Own(new Worker(run.Layout.TrackerWeb, "trk")).Get("/c/whatever"));
            await run.HubShowsItAway(way);
            await run.MailGoesOn();
            var tracked = await run.SendSmall($"tracked-{way}@small.example", "personal");
            await run.Completes(await run.SendSmall($"untracked-{way}@small.example", "off"));
            await run.Waits(tracked, $"trk on {run.Named}", way == Way.ComponentStop ? "trk is not running" : "cannot be reached");

            var back = TimeProvider.System.GetUtcNow();
            await run.BringBack(way);
            gaps.Add((before, away, back, TimeProvider.System.GetUtcNow()));
            await run.Completes(tracked);
            run.AssertOthersWentOn();
        }

        await run.Finish();
        var told = await Outages(run);
        Assert.Equal(gaps.Count, told.Count);
        var slack = TimeSpan.FromSeconds(2);
        Assert.All(gaps.Zip(told), pair =>
        {
            Assert.InRange(pair.Second.From, pair.First.Before - slack, pair.First.Gone + slack);
            Assert.InRange(pair.Second.To, pair.First.Back - slack, pair.First.After + slack);
        });
        Assert.Contains("Seconds away in the last day", (await run.Server.Command("status")).Output, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Row", "M")]
    [Trait("Row", "C-1.0.3")]
    [Trait("Row", "C-1.0.4")]
    public async Task Without_the_distributor_jobs_stay_in_processing_and_say_so_and_reports_grow()
    {
        var run = await Start("dst");
        foreach (var way in Ways(Way.Kill))
        {
            await run.TakeAway(way);

            var words = way == Way.ComponentStop ? "dst is not running" : "cannot be reached";
            await run.HubShowsItAway(way);
            var hasShare = (await run.ReceiptOf(run.Campaign.Job)).Receipt.State == "processing";
            Assert.True(hasShare || way != Ways(Way.Kill)[0]);
            if (hasShare)
            {
                await run.Waits(run.Campaign.Job, $"dst on {run.Named}", words, "until it is back");
            }

            var later = await run.SendSmall($"later-{way}@small.example", "personal");
            await run.Waits(later, $"dst on {run.Named}", words);
            await ReportGrows(run);

            await run.BringBack(way);
            await run.Completes(later);
            await run.MailGoesOn();
            run.AssertOthersWentOn();
        }

        await run.Finish();
    }

    [Fact]
    [Trait("Row", "M")]
    [Trait("Row", "C-1.1.5")]
    public async Task Without_the_database_server_mail_leaves_readers_are_led_on_and_the_user_interface_says_so_and_comes_back_by_itself()
    {
        var postgres = Own(new PostgresServer());
        using var url = DatabaseFile.Of(await postgres.CreateDatabase());
        var run = await Start("lui", ["--database", "postgres", "--database-url-file", url.Path]);
        var person = Own(new Worker(run.Layout.Web, "lui"));
        Assert.True((await person.SignIn()).In);
        foreach (var _ in Ways(Way.Terminate))
        {
            await postgres.Stop();

            await run.Until(async () => (await run.Layout.Ask(HttpMethod.Get, "jobs")).Status == HttpStatusCode.ServiceUnavailable, "the User Interface does not say that its database is away");
            Assert.Equal((HttpStatusCode.ServiceUnavailable, true), await person.Get("/"));
            Assert.True((await Own(new Worker(run.Layout.At("hub").Web, "hub")).SignIn()).In);
            await run.MailGoesOn();
            await Unsubscribe(run.Campaign.Outside.Messages.Last());
            run.AssertOthersWentOn();

            await postgres.StartAgain();
            await run.Until(async () => (await run.Layout.Ask(HttpMethod.Get, "jobs")).Status == HttpStatusCode.OK, "the User Interface does not come back by itself");
            Assert.Equal(HttpStatusCode.OK, (await person.Get("/"))?.Status);
            run.AssertOthersWentOn();
        }

        await run.Finish();
        Assert.Contains("unsubscribed on", await run.Layout.Rest("suppression"), StringComparison.Ordinal);
    }

    private async Task<MatrixRun> Start(string component, IReadOnlyList<string>? ofUserInterface = null)
    {
        var audience = Audience.Make(IsLong ? 400 : 160, Seed, troubled: 0);
        var outside = Own(new RecordingSmtpServer());
        var players = Own(new Players(Seed));
        var serial = 20;
        var layout = Own(Layout.Of("lui | hub | trk | dst", components => new ServerHome(components, $"127.0.0.{serial}", $"127.0.0.{serial++}")
        {
            SetUpOptions = components.Contains("lui") ? ofUserInterface ?? [] : [],
        }));
        var run = CampaignRun.On(layout, audience, outside, players);
        await layout.SetUp(Seed, CampaignRun.Settings(outside, connections: 4, MessagesPerSecond));
        await layout.Start(Seed);
        await run.Send();
        var matrix = new MatrixRun(run, component);
        await matrix.MailGoesOn();
        return matrix;
    }

    /// <summary>A stopped component says when to try again; a process that is gone refuses the connection.</summary>
    private static void AssertAway(Way way, (HttpStatusCode Status, bool RetryAfter)? answer)
    {
        if (way == Way.ComponentStop)
        {
            Assert.Equal((HttpStatusCode.ServiceUnavailable, true), answer);
        }
        else
        {
            Assert.Null(answer);
        }
    }

    private static async Task Unsubscribe(ReceivedMessage message)
    {
        using var raw = new MemoryStream(message.Raw);
        var address = MimeMessage.Load(raw, Cancelled).Headers["List-Unsubscribe"]!.Trim('<', '>', ' ');
        using var http = new HttpClient();
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["List-Unsubscribe"] = "One-Click" });
        using var answer = await http.PostAsync(new Uri(address), form, Cancelled);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    /// <summary>Somebody who has a message opens it once more, and the report counts that.</summary>
    private static async Task ReportGrows(MatrixRun run)
    {
        var message = run.Campaign.Outside.Messages.First(one => Players.Marks(one).Image.Length > 0);
        var before = await Opens(run);
        await run.Campaign.Players.Open(message);
        await run.Until(async () => await Opens(run) > before, "the report does not grow");
    }

    private static async Task<long> Opens(MatrixRun run)
    {
        using var report = JsonDocument.Parse((await run.Layout.Rest($"jobs/{run.Campaign.Job}/report"))!);
        return report.RootElement.GetProperty("opens").GetProperty("times").GetInt64();
    }

    private static async Task<List<(DateTimeOffset From, DateTimeOffset To)>> Outages(MatrixRun run)
    {
        using var report = JsonDocument.Parse((await run.Layout.Rest($"jobs/{run.Campaign.Job}/report"))!);
        return
        [
            .. report.RootElement.GetProperty("trackers").EnumerateArray().Single().GetProperty("outages").EnumerateArray()
                .Select(outage => (At(outage, "from"), At(outage, "to"))),
        ];

        static DateTimeOffset At(JsonElement outage, string name) => DateTimeOffset.Parse(outage.GetProperty(name).GetString()!, CultureInfo.InvariantCulture);
    }
}
