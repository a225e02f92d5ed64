// SPDX-License-Identifier: Apache-2.0
using Tutti.System.Tests.Audiences;
using Tutti.System.Tests.Campaigns;
using Tutti.System.Tests.Playing;
using Tutti.System.Tests.Receiving;
using Tutti.System.Tests.Recomputing;
using Tutti.System.Tests.Running;

namespace Tutti.System.Tests.Kills;

/// <summary>kill -9 in the middle of a campaign, again and again: nobody gets two messages, nobody is lost, nothing is counted twice.</summary>
public sealed class KillTests : SystemTest
{
    private const int RecipientsPerKill = 400;
    private const int MessagesPerSecond = 120;
    private const int Connections = 6;

    private static int Kills => IsLong ? 30 : 3;

    [Theory]
    [InlineData("dst", 101)]
    [InlineData("trk", 202)]
    [InlineData("lui", 303)]
    public async Task Killed_at_random_moments_every_recipient_has_one_message_or_stands_in_doubt(string component, int seed)
    {
        var random = new Random(seed);
        var audience = Audience.Make(RecipientsPerKill * (Kills + 1), seed, troubled: 0.04);
        var outside = Own(new RecordingSmtpServer(audience.Behave));
        var players = Own(new Players(seed));
        var run = CampaignRun.On(
            Own(await Installation.SetUp(separate: true, CampaignRun.Settings(outside, Connections, MessagesPerSecond))), audience, outside, players);
        await run.Installation.Start();
        await run.Send();

        var onTheWire = 0;
        for (var kill = 0; kill < Kills; kill++)
        {
            await Reached(run, (kill * RecipientsPerKill) + random.Next(RecipientsPerKill / 8, RecipientsPerKill));
            onTheWire += outside.OpenConnections;
            await run.Installation.Kill(component);
            await run.Read();
            run.Installation.Launch(component);
            await run.Installation.Ready(component);
        }

        await run.Finish(TimeSpan.FromMinutes(5));
        var report = await Report.Fetch(run.Installation, run.Job, players);

        Assert.Empty(report.Differences(players));
        Assert.Empty(players.Surprises);
        var (receipt, fates) = (await run.Receipt(), await run.Fates());
        var ledger = new Ledger(audience, outside);
        Assert.Empty(ledger.Differences(receipt, fates));
        Assert.Equal(0, receipt.Waiting);
        // Beyond what the receiver left in doubt, only kills of DST may add to it: one message for each connection at most.
        var added = ledger.DoubtsWithoutDrop(fates);
        Assert.True(added.Count <= (component == "dst" ? onTheWire : 0), $"{added.Count} in doubt by {Kills} kills with {onTheWire} connections: {string.Join(", ", added)}");
    }

    /// <summary>Waits until so many messages have come, while the readers go on reading.</summary>
    private static Task Reached(CampaignRun<Installation> run, int goal) => Waiting.Until(
        async () =>
        {
            await run.Read();
            return run.Outside.Messages.Count >= goal;
        },
        TimeSpan.FromMinutes(2),
        () => $"Only {run.Outside.Messages.Count} of {goal} messages came before the next kill.\n{run.Installation.Explain()}");
}
