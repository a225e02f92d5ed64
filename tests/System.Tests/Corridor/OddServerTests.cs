// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using Tutti.System.Tests.Audiences;
using Tutti.System.Tests.Campaigns;
using Tutti.System.Tests.Layouts;
using Tutti.System.Tests.Playing;
using Tutti.System.Tests.Receiving;
using Tutti.System.Tests.Recomputing;
using Tutti.System.Tests.Running;

namespace Tutti.System.Tests.Corridor;

/// <summary>Four secured servers, of which one in turn is started without its <c>commands/ssl.ini</c> in the middle of a campaign.</summary>
public sealed class OddServerTests : SystemTest
{
    private const int Seed = 41;
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(2);

    /// <summary>The distributor is only called, the hub calls and is called; the others are tried in the long series.</summary>
    private static readonly string[] _turns = IsLong ? ["dst", "hub", "trk", "lui"] : ["dst", "hub"];

    [Fact]
    [Trait("Row", "C-2.1.3")]
    [Trait("Row", "C-2.1.8")]
    public async Task A_server_without_its_file_and_the_secured_ones_refuse_each_other_until_it_has_it_again()
    {
        var audience = Audience.Make(IsLong ? 1_500 : 250, Seed);
        var hosts = Own(await Hosts.Make(Hosts.NamesFor("lui | hub | trk | dst")));
        var outside = Own(new RecordingSmtpServer(audience.Behave, hosts.Outside));
        var players = Own(new Players(Seed));
        var layout = Own(hosts.Layout("lui | hub | trk | dst"));
        var run = CampaignRun.On(layout, audience, outside, players);
        await layout.SetUp(Seed, CampaignRun.Settings(outside, connections: 2, rate: 10));
        await Own(new SecuredHosts()).Secure(layout);
        await layout.Start(Seed);
        await run.Send();
        await Waiting.Until(() => outside.Messages.Count > 5, _patience, () => $"Nothing came.\n{layout.Explain()}");

        foreach (var component in _turns)
        {
            var odd = layout.At(component);
            var said = layout.Servers.Except([odd]).ToDictionary(server => server, server => server.Run.Output.Length);
            await TakeTheFileAway(odd);
            await AssertRefusedBothWays(odd, said, layout.At("hub"));
            if (component == "dst")
            {
                await AssertNoFateComesOver(run);
            }

            await GiveItBack(odd);
            await Calm(layout);
        }

        await run.Finish(TimeSpan.FromMinutes(10));
        var report = await Report.Fetch(layout, run.Job, players);
        Assert.Empty(report.Differences(players));
        Assert.Empty(new Ledger(audience, outside).Differences(await run.Receipt(), await run.Fates()));
    }

    private static async Task TakeTheFileAway(ServerHome odd)
    {
        Assert.Equal(0, await odd.Stop());
        File.Move(IniOf(odd), IniOf(odd) + ".away");
        odd.Launch();
        await Waiting.Until(() => odd.Run.Output.Contains("listening on", StringComparison.Ordinal), _patience, () => $"It does not start.\n{odd.Explain()}");
    }

    private static async Task GiveItBack(ServerHome odd)
    {
        Assert.Equal(0, await odd.Stop());
        File.Move(IniOf(odd) + ".away", IniOf(odd));
        await odd.Start();
    }

    /// <summary>Whoever calls it is told so by it, whom it calls refuses it, and the hub names it.</summary>
    /// <param name="odd">Runs without its file.</param>
    /// <param name="others">The secured ones, with how much each had said before.</param>
    /// <param name="hub">Whom to ask.</param>
    private static async Task AssertRefusedBothWays(ServerHome odd, Dictionary<ServerHome, int> others, ServerHome hub)
    {
        await Said(odd, "refused [tls.expected-plain]");
        if (odd.Has("hub") || odd.Has("lui"))
        {
            foreach (var (other, before) in others)
            {
                await Said(other, "refused [tls.plain]", before);
            }
        }

        if (odd.Has("hub"))
        {
            return;
        }

        CommandResult? status = null;
        await Waiting.Until(
            async () =>
            {
                status = await hub.Command("status", "--json");
                return status.Code == 1 && Odd(status.LastLine) is [var only] && only == odd.Host;
            },
            _patience,
            () => $"The hub does not say that {odd.Host} is the odd one: {status?.Output}{status?.Error}");
    }

    /// <summary>Messages go on leaving; what became of them stays with the distributor.</summary>
    private static async Task AssertNoFateComesOver(CampaignRun<Layout> run)
    {
        var (before, left) = (await Receipt(), run.Outside.Messages.Count);
        await Waiting.Until(() => run.Outside.Messages.Count > left + 20, _patience, () => $"The distributor does not go on.\n{run.Installation.Explain()}");
        Assert.Equal(before, await Receipt());

        Task<string?> Receipt() => run.Installation.Rest($"jobs/{run.Job}/receipt");
    }

    private static async Task Calm(Layout layout)
    {
        CommandResult? status = null;
        await Waiting.Until(
            async () => (status = await layout.At("hub").Command("status", "--json")).Code == 0 && Odd(status.LastLine) is [] && status.LastLine.Split("\"corridor\":\"secured\"").Length > layout.Servers.Count,
            _patience,
            () => $"The servers are not alike again: {status?.Output}{status?.Error}");
    }

    private static Task Said(ServerHome server, string words, int since = 0) => Waiting.Until(
        () => server.Run.Output.IndexOf(words, since, StringComparison.Ordinal) >= 0, _patience, () => $"{server.Host} does not say {words}.\n{server.Explain()}");

    private static string[] Odd(string status)
    {
        using var read = JsonDocument.Parse(status);
        return read.RootElement.GetProperty("installation") is { ValueKind: JsonValueKind.Object } installation
            ? [.. installation.GetProperty("servers").EnumerateArray().Where(server => server.GetProperty("odd").GetBoolean()).Select(server => server.GetProperty("host").GetString()!)]
            : [];
    }

    private static string IniOf(ServerHome server) => Path.Combine(server.Home, "commands", "ssl.ini");
}
