// SPDX-License-Identifier: Apache-2.0
using Tutti.System.Tests.Audiences;
using Tutti.System.Tests.Campaigns;
using Tutti.System.Tests.Layouts;
using Tutti.System.Tests.Playing;
using Tutti.System.Tests.Receiving;
using Tutti.System.Tests.Recomputing;
using Tutti.System.Tests.Running;

namespace Tutti.System.Tests.Matrix;

/// <summary>Two distributors share a campaign, and one of them is killed.</summary>
public sealed class TwoDistributorsTests : SystemTest
{
    private const int Seed = 23;

    [Fact]
    [Trait("Row", "M")]
    [Trait("Row", "C-1.0.4")]
    public async Task A_killed_distributor_keeps_its_share_until_it_is_back_and_nobody_gets_two_messages()
    {
        var audience = Audience.Make(2_400, Seed, troubled: 0);
        var outside = Own(new RecordingSmtpServer());
        var players = Own(new Players(Seed, opening: 0.1, clicking: 0.05));
        var layout = Own(Layout.Of("lui,hub,trk | dst | dst"));
        var run = CampaignRun.On(layout, audience, outside, players);
        var killed = layout.Servers[1];
        await layout.SetUp(Seed, CampaignRun.Settings(outside, connections: 4, rate: 120));
        await layout.Start(Seed);
        await Waiting.Until(
            async () => (await layout.CommandAt("lui", "status", "--json")).Output.Contains("\"Distributors known\":2", StringComparison.Ordinal),
            TimeSpan.FromMinutes(1),
            () => "The User Interface does not hear of both distributors.");
        await run.Send();
        await Waiting.Until(() => outside.Messages.Count > 300, TimeSpan.FromMinutes(1), () => $"No mail.\n{layout.Explain()}");

        await killed.Kill();
        string? reason = null;
        await Waiting.Until(
            async () =>
            {
                await run.Read();
                reason = (await layout.Rest($"jobs/{run.Job}/receipt"))!;
                return reason.Contains($"dst on {killed.Peer} cannot be reached", StringComparison.Ordinal) && reason.Contains("wait until it is back", StringComparison.Ordinal);
            },
            TimeSpan.FromMinutes(1),
            () => $"The job does not say that a distributor is away: {reason}\n{layout.Explain()}");

        // The other one delivers what it has to its end, and nothing of the share of the one that is away.
        var silent = 0;
        var count = -1;
        await Waiting.Until(
            async () =>
            {
                await run.Read();
                silent = outside.Messages.Count == count ? silent + 1 : 0;
                count = outside.Messages.Count;
                return silent > 40;
            },
            TimeSpan.FromMinutes(2),
            () => "Mail does not come to an end.");
        Assert.InRange(count, 1_000, 2_300);
        Assert.Equal("processing", Receipt.Read((await layout.Rest($"jobs/{run.Job}/receipt"))!).State);

        await killed.Start();
        await run.Finish(TimeSpan.FromMinutes(3));
        Assert.Empty((await Report.Fetch(layout, run.Job, players)).Differences(players));
        var (receipt, fates) = (await run.Receipt(), await run.Fates());
        var ledger = new Ledger(audience, outside);
        Assert.Empty(ledger.Differences(receipt, fates));
        Assert.True(Ledger.Doubts(fates).Count <= 4, "More in doubt than it had connections.");
    }
}
