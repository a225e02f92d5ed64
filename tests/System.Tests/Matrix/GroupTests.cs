// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Globalization;
using Tutti.System.Tests.Audiences;
using Tutti.System.Tests.Campaigns;
using Tutti.System.Tests.Layouts;
using Tutti.System.Tests.Playing;
using Tutti.System.Tests.Receiving;
using Tutti.System.Tests.Recomputing;
using Tutti.System.Tests.Running;
using Tutti.Testing;

namespace Tutti.System.Tests.Matrix;

/// <summary>Two distributors on one PostgreSQL database: killed at the moments that matter, asleep for longer than the others wait, the database away.</summary>
public sealed class GroupTests : SystemTest
{
    private const int Seed = 59;
    private const int PerKill = 150;

    /// <summary>What may leave while a killed node ends and while all that waited for it goes on.</summary>
    private const int Meanwhile = 100;

    private static readonly Moment[] _moments = [Moment.Named, Moment.Writing, Moment.Ended, Moment.Answered];
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(3);

    private static int Kills => IsLong ? 24 : 4;

    [Fact]
    public async Task Whatever_is_killed_asleep_or_away_each_recipient_has_one_message_or_stands_in_doubt()
    {
        var postgres = Own(new PostgresServer());
        var database = await postgres.CreateDatabase();
        var audience = Audience.Make(((PerKill + Meanwhile) * (Kills + 2)) + 400, Seed, troubled: 0.03);
        var outside = Own(new RecordingSmtpServer(audience.Behave));
        var players = Own(new Players(Seed, opening: 0, clicking: 0));
        var layout = Own(Layout.Of("lui,hub,trk | dst | dst"));
        var nodes = layout.Servers.Skip(1).ToArray();
        await layout.SetUp(
            Seed,
            [.. CampaignRun.Settings(outside, connections: 4, rate: 200), "dst.Database=postgres", $"dst.DatabaseUrl={database}", "dst.TakeOverAfter=3s"]);
        await layout.Start(Seed);
        var run = CampaignRun.On(layout, audience, outside, players);
        await run.Send();

        // Asleep: the other takes over, and then it wakes with messages in hand.
        await Came(run, PerKill);
        await Signal(nodes[0], "STOP");
        await Waiting.Until(() => nodes[1].Run.Output.Contains("has given no sign of life", StringComparison.Ordinal), _patience, layout.Explain);
        await Came(run, outside.Messages.Count + 20);
        await Signal(nodes[0], "CONT");

        // Killed as a message of one of the two comes to each moment.
        var wire = 0;
        for (var kill = 0; kill < Kills; kill++)
        {
            var victim = nodes[kill % 2];
            var goal = outside.Messages.Count + PerKill;
            var moment = _moments[kill % _moments.Length];
            Task? killing = null;
            var isBack = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

            // Who begins a message meanwhile waits, however long the start takes: the campaign has to last for all kills.
            outside.At = (now, _) => now == moment && outside.Messages.Count >= goal ? killing ??= victim.Kill()
                : now == Moment.Named && killing is not null ? isBack.Task
                : Task.CompletedTask;
            await Waiting.Until(() => killing is not null, _patience, () => $"It did not come to kill number {kill}.\n{layout.Explain()}");
            wire += 4;
            await killing!;
            await victim.Start();
            outside.At = static (_, _) => Task.CompletedTask;
            isBack.SetResult();
        }

        await postgres.Stop();
        await postgres.StartAgain();
        await run.Finish(_patience);
        var (receipt, fates) = (await run.Receipt(), await run.Fates());
        var ledger = new Ledger(audience, outside);
        Assert.Empty(ledger.Differences(receipt, fates));
        Assert.Equal(0, receipt.Waiting);
        var doubts = ledger.DoubtsWithoutDrop(fates);
        Assert.True(doubts.Count <= wire + 4, $"{doubts.Count} in doubt by {Kills} kills and one that slept.");
        Assert.All(nodes, node => Assert.Contains("distributors share this store", node.Run.Output, StringComparison.Ordinal));
    }

    private static async Task Signal(ServerHome server, string name)
    {
        using var signal = Process.Start("/bin/sh", ["-c", string.Create(CultureInfo.InvariantCulture, $"kill -{name} {server.Run.Id}")]);
        await signal.WaitForExitAsync(Cancelled);
    }

    private static Task Came(CampaignRun<Layout> run, int goal) => Waiting.Until(
        () => run.Outside.Messages.Count >= goal, _patience, () => $"Only {run.Outside.Messages.Count} of {goal} messages came.\n{run.Installation.Explain()}");
}
