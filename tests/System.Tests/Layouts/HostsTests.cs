// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using Tutti.System.Tests.Audiences;
using Tutti.System.Tests.Campaigns;
using Tutti.System.Tests.Playing;
using Tutti.System.Tests.Receiving;
using Tutti.System.Tests.Recomputing;
using Tutti.System.Tests.Running;

namespace Tutti.System.Tests.Layouts;

/// <summary>Installations whose servers stand on hosts of their own, with nothing between them but a network.</summary>
public sealed class HostsTests : SystemTest
{
    private const int Seed = 77;
    private const string Recommended = "lui,hub | trk | dst";
    private const string EachAlone = "lui | hub | trk | dst";

    /// <summary>The other three are tried in the long series: one server with everything, tracker apart, hub with the distributor.</summary>
    public static TheoryData<string> Divisions => IsLong ? [Recommended, "lui,hub,trk,dst", "lui,hub,dst | trk", "lui | hub,dst | trk", EachAlone] : [Recommended];

    private static TimeSpan CutFor => TimeSpan.FromSeconds(IsLong ? 60 : 5);

    [Theory]
    [MemberData(nameof(Divisions))]
    [Trait("Row", "C-1.0.1")]
    [Trait("Row", "C-1.0.13")]
    [Trait("Row", "C-1.0.14")]
    [Trait("Row", "C-1.0.16")]
    public async Task Set_up_on_hosts_of_their_own_the_servers_run_a_campaign(string division)
    {
        var audience = Audience.Make(IsLong ? 20_000 : 200, Seed);
        var hosts = Own(await Hosts.Make(Hosts.NamesFor(division)));
        var outside = Own(new RecordingSmtpServer(audience.Behave, hosts.Outside));
        var players = Own(new Players(Seed));
        var layout = Own(hosts.Layout(division));
        var run = CampaignRun.On(layout, audience, outside, players);

        await layout.SetUp(Seed, CampaignRun.Settings(outside, connections: 6));
        await layout.Start(Seed);
        await run.Send();
        await run.Finish(TimeSpan.FromMinutes(10));

        await AssertNothingLost(run);
        if (division == Recommended)
        {
            Assert.Equal([1099, 8080], Surroundings.ListeningPorts(layout.At("lui")).Order());
            Assert.Equal([1099, 7000, 8081], Surroundings.ListeningPorts(layout.At("trk")).Order());
            Assert.Empty(Surroundings.Outgoing(layout.At("trk")));
        }
    }

    [Fact]
    [Trait("Row", "M")]
    [Trait("Row", "C-1.0.4")]
    public async Task Cut_between_each_two_servers_in_turn_a_campaign_comes_to_its_end()
    {
        var audience = Audience.Make(IsLong ? 4_000 : 450, Seed);
        var hosts = Own(await Hosts.Make(Hosts.NamesFor(EachAlone)));
        var outside = Own(new RecordingSmtpServer(audience.Behave, hosts.Outside));
        var players = Own(new Players(Seed));
        var layout = Own(hosts.Layout(EachAlone));
        var run = CampaignRun.On(layout, audience, outside, players);
        await layout.SetUp(Seed, [.. CampaignRun.Settings(outside, connections: 4, rate: 10)]);
        await layout.Start(Seed);
        await run.Send();
        await Waiting.Until(() => outside.Messages.Count > 5, TimeSpan.FromMinutes(1), () => $"Nothing came.\n{layout.Explain()}");

        string[] pairs = ["lui dst", "lui trk", "lui hub", "hub trk", "hub dst", "trk dst"];
        foreach (var (one, other) in pairs.Select(pair => (layout.At(pair[..3]), layout.At(pair[4..]))))
        {
            Assert.True(await Hosts.Reaches(one, other));
            await hosts.Cut(one, other);
            Assert.False(await Hosts.Reaches(one, other));
            var since = Stopwatch.GetTimestamp();
            await Waiting.Until(
                async () =>
                {
                    await run.Read();
                    return Stopwatch.GetElapsedTime(since) > CutFor;
                },
                CutFor * 3,
                () => "The readers do not come to an end.");
            await hosts.Mend(one, other);
        }

        await run.Finish(TimeSpan.FromMinutes(10));
        await AssertNothingLost(run);
        Assert.All(layout.Servers, server => Assert.True(server.IsRunning));
    }

    [Fact]
    public async Task The_internal_ports_of_a_server_with_everything_open_when_the_first_other_host_is_added()
    {
        const string Division = "lui,hub,trk,dst | dst";
        var hosts = Own(await Hosts.Make(Hosts.NamesFor(Division)));
        var layout = Own(hosts.Layout(Division));
        var (all, other) = (layout.Servers[0], layout.Servers[1]);
        await layout.SetUp(Seed);
        await all.Start();
        await other.Start();
        var process = all.Run.Id;
        Assert.False(await Hosts.Reaches(other, all));
        Assert.True(await Hosts.Reaches(all, other));

        var added = (await all.Command("hub", "servers", "add", other.Host)).Expect(0);

        Assert.Contains("listened on loopback only; now that the installation has a second host they listen on 0.0.0.0", added.Output, StringComparison.Ordinal);
        Assert.True(await Hosts.Reaches(other, all));
        Assert.Equal([1099, 7000, 8080, 8081], Surroundings.ListeningPorts(all).Where(port => port < 10_000).Order());
        Assert.Equal((process, false), (all.Run.Id, all.Run.HasExited));
        Assert.DoesNotContain("listened on loopback", (await all.Command("hub", "servers", "add", other.Host)).Expect(0).Output, StringComparison.Ordinal);

        Assert.Equal(0, await all.Stop());
        await all.Start();
        Assert.True(await Hosts.Reaches(other, all));
    }

    private static async Task AssertNothingLost(CampaignRun<Layout> run)
    {
        var report = await Report.Fetch(run.Installation, run.Job, run.Players);
        Assert.Empty(report.Differences(run.Players));
        Assert.Empty(run.Players.Surprises);
        var (receipt, fates) = (await run.Receipt(), await run.Fates());
        Assert.Empty(new Ledger(run.Audience, run.Outside).Differences(receipt, fates));
        Assert.Equal(("completed", 0), (receipt.State, receipt.Waiting));
    }
}
