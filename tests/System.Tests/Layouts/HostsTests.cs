// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Text;
using System.Text.Json;
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
    [Trait("Row", "C-1.0.2")]
    [Trait("Row", "C-2.0.2")]
    [Trait("Row", "C-2.0.4")]
    [Trait("Row", "C-2.0.8")]
    [Trait("Row", "C-2.1.7")]
    [Trait("Row", "C-2.2.0.9")]
    [Trait("Row", "C-2.2.0.19")]
    [Trait("Row", "C-2.4.4")]
    [Trait("Row", "B-19")]
    [Trait("Row", "B-24")]
    public async Task Secured_on_hosts_of_their_own_the_servers_run_a_campaign_that_nobody_on_the_way_can_read(string division)
    {
        var audience = Audience.Make(IsLong ? 20_000 : 200, Seed);
        var hosts = Own(await Hosts.Make(Hosts.NamesFor(division)));
        var outside = Own(new RecordingSmtpServer(audience.Behave, hosts.Outside));
        var players = Own(new Players(Seed));
        var layout = Own(hosts.Layout(division));
        var run = CampaignRun.On(layout, audience, outside, players);
        var capture = Own(await hosts.Listen());

        await layout.SetUp(Seed, CampaignRun.Settings(outside, connections: 6));
        await Own(new SecuredHosts()).Secure(layout);
        await layout.Start(Seed);
        await run.Send();
        await run.Finish(TimeSpan.FromMinutes(10));

        await AssertNothingLost(run);
        (await layout.At("hub").Command("link", "check", "--all")).Expect(0);
        if (layout.Servers.Count > 1)
        {
            await AssertOnlyTls(capture, audience);
        }

        foreach (var server in layout.Servers)
        {
            AssertSecured(server);
            await AssertNarrowed(server, layout);
        }

        if (division == Recommended)
        {
            Assert.Equal([1099, 8080], Surroundings.ListeningPorts(layout.At("lui")).Order());
            Assert.Equal([1099, 7000, 8081], Surroundings.ListeningPorts(layout.At("trk")).Order());
            Assert.Empty(Surroundings.Outgoing(layout.At("trk")));
            Assert.All((string[])["trk", "dst"], component => Assert.False(Directory.Exists(Path.Combine(layout.At("lui").Home, component))));
        }
    }

    [Fact]
    [Trait("Row", "M")]
    [Trait("Row", "C-1.0.4")]
    public async Task Cut_between_each_two_servers_in_turn_a_campaign_comes_to_its_end()
    {
        var audience = Audience.Make(IsLong ? 4_000 : 300, Seed);
        var hosts = Own(await Hosts.Make(Hosts.NamesFor(EachAlone)));
        var outside = Own(new RecordingSmtpServer(audience.Behave, hosts.Outside));
        var players = Own(new Players(Seed));
        var layout = Own(hosts.Layout(EachAlone));
        var run = CampaignRun.On(layout, audience, outside, players);
        await layout.SetUp(Seed, [.. CampaignRun.Settings(outside, connections: 4, rate: 10)]);
        await using (var capture = await hosts.Listen())
        {
            await layout.Start(Seed);
            await run.Send();
            await Waiting.Until(() => outside.Messages.Count > 5, TimeSpan.FromMinutes(1), () => $"Nothing came.\n{layout.Explain()}");
            await AssertReadable(capture, audience);
        }

        // Two pairs at a time that have no server in common: each of the six ways is cut, and no server is cut off from all.
        string[] rounds = ["lui dst,hub trk", "lui trk,hub dst", "lui hub,trk dst"];
        foreach (var round in rounds)
        {
            var pairs = round.Split(',').Select(pair => (One: layout.At(pair[..3]), Other: layout.At(pair[4..]))).ToList();
            foreach (var (one, other) in pairs)
            {
                Assert.True(await Hosts.Reaches(one, other));
                await hosts.Cut(one, other);
            }

            Assert.All(await Task.WhenAll(pairs.Select(pair => Hosts.Reaches(pair.One, pair.Other))), Assert.False);
            var since = Stopwatch.GetTimestamp();
            await Waiting.Until(
                async () =>
                {
                    await run.Read();
                    return Stopwatch.GetElapsedTime(since) > CutFor;
                },
                CutFor * 3,
                () => "The readers do not come to an end.");
            foreach (var (one, other) in pairs)
            {
                await hosts.Mend(one, other);
            }
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

        // A machine under load may take longer to answer than the hub waits.
        CommandResult? added = null;
        await Waiting.Until(
            async () => (added = await all.Command("hub", "servers", "add", other.Host)).Code == 0, TimeSpan.FromMinutes(1), () => $"{other.Host} cannot be added: {added?.Error}");

        Assert.Contains("listened on loopback only; now that the installation has a second host they listen on 0.0.0.0", added!.Output, StringComparison.Ordinal);
        Assert.True(await Hosts.Reaches(other, all));
        Assert.Equal([1099, 7000, 8080, 8081], Surroundings.ListeningPorts(all).Where(port => port < 10_000).Order());
        Assert.Equal((process, false), (all.Run.Id, all.Run.HasExited));
        Assert.DoesNotContain("listened on loopback", (await all.Command("hub", "servers", "add", other.Host)).Expect(0).Output, StringComparison.Ordinal);

        Assert.Equal(0, await all.Stop());
        await all.Start();
        Assert.True(await Hosts.Reaches(other, all));
    }

    /// <summary>Every connection of the corridor is TLS from its first byte to its last, and no word of the campaign can be read.</summary>
    private static async Task AssertOnlyTls(Capture capture, Audience audience)
    {
        var directions = await capture.End();
        Assert.Contains(directions, direction => direction.Name.EndsWith(":1099", StringComparison.Ordinal) && direction.Said.Length > 0);
        Assert.Contains(directions, direction => direction.Name.EndsWith(":7000", StringComparison.Ordinal) && direction.Said.Length > 0);
        Assert.Empty(directions.Select(direction => direction.WhatIsNotTls()).OfType<string>());
        var bytes = await capture.Bytes();
        Assert.Empty(Marks(audience).Where(mark => bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(mark)) >= 0));
    }

    /// <summary>What would be seen if it were not so: the same looks find the same words on plain ports.</summary>
    private static async Task AssertReadable(Capture capture, Audience audience)
    {
        IReadOnlyList<Capture.Direction> directions = [];
        byte[] bytes = [];
        string[] missing = [];
        await Waiting.Until(
            async () =>
            {
                (directions, bytes) = (await capture.Seen(), await capture.Bytes());
                missing = [.. ((string[])["PRI * HTTP/2.0", "/tutti.dst.v1.Deliveries/", Letter.Programme]).Where(mark => !Has(mark))];
                return missing.Length == 0 && audience.People.Any(person => Has(person.Address));
            },
            TimeSpan.FromSeconds(30),
            () => $"Not read, and it should be: {string.Join(", ", missing.DefaultIfEmpty("an address"))}");
        Assert.NotEmpty(directions.Select(direction => direction.WhatIsNotTls()).OfType<string>());

        // A word may lie over the end of a packet.
        bool Has(string word)
        {
            var sought = Encoding.UTF8.GetBytes(word);
            return bytes.AsSpan().IndexOf(sought) >= 0 || directions.Any(direction => direction.Said.IndexOf(sought) >= 0);
        }
    }

    private static IEnumerable<string> Marks(Audience audience) =>
    [
        "PRI * HTTP", "/tutti.", "grpc-status", Letter.Programme, Letter.Patrons, Letter.Upgrade, Letter.Account, "society.example", SecuredHosts.Secret, ServerHome.AdminPassword,
        .. audience.People.Take(200).SelectMany(person => new[] { person.Address, person.LastName }).Where(word => word.Length > 5),
    ];

    /// <summary>Said in each component's own log once, before anybody listens, and nobody was refused.</summary>
    private static void AssertSecured(ServerHome server)
    {
        var log = File.ReadAllText(Path.Combine(server.Home, "logs", "server.log"));
        Assert.DoesNotContain("refused [", log, StringComparison.Ordinal);
        foreach (var component in server.Components)
        {
            var line = $"{component.ToUpperInvariant()}: Initializing Secure Sockets Layer (SSL) for component communication";
            Assert.Single(File.ReadLines(Path.Combine(server.Home, component, "logs", component + ".log")), each => each.EndsWith(line, StringComparison.Ordinal));
            var said = server.Run.Output;
            Assert.InRange(said.IndexOf(line, StringComparison.Ordinal), said.IndexOf("wiring.server.version", StringComparison.Ordinal), said.IndexOf("listening on", StringComparison.Ordinal));
        }
    }

    /// <summary>Each server has heard from HUB who carries what.</summary>
    private static Task AssertNarrowed(ServerHome server, Layout layout) => Waiting.Until(
        () =>
        {
            var file = Path.Combine(server.Home, "conf", "callers.json");
            if (!File.Exists(file))
            {
                return false;
            }

            using var read = JsonDocument.Parse(File.ReadAllBytes(file));
            var heard = read.RootElement.GetProperty("servers").EnumerateArray().ToDictionary(
                each => each.GetProperty("host").GetString()!, each => string.Join(',', each.GetProperty("components").EnumerateArray().Select(one => one.GetString()).Order(StringComparer.Ordinal)));
            return layout.Servers.All(each => heard.GetValueOrDefault(each.Host) == string.Join(',', each.Components.Order(StringComparer.Ordinal)));
        },
        TimeSpan.FromMinutes(1),
        () => $"{server.Host} has not heard the registry.\n{server.Explain()}");

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
