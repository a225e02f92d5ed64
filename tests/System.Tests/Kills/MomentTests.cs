// SPDX-License-Identifier: Apache-2.0
using Tutti.System.Tests.Audiences;
using Tutti.System.Tests.Campaigns;
using Tutti.System.Tests.Playing;
using Tutti.System.Tests.Receiving;
using Tutti.System.Tests.Recomputing;
using Tutti.System.Tests.Running;

namespace Tutti.System.Tests.Kills;

/// <summary>
/// kill -9 of the distributor by the receiver itself, in one campaign at every moment that matters: before a recipient is claimed, after, before the terminator,
/// after it, after the answer. Then people decide about what is in doubt, by command, while the user interface is killed, and take the receipt with them.
/// </summary>
public sealed class MomentTests : SystemTest
{
    private const int Seed = 404;
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Killed_at_each_moment_of_a_conversation_nobody_gets_two_and_only_the_unanswered_are_in_doubt()
    {
        var audience = Audience.Make(40, Seed, troubled: 0);
        var outside = Own(new RecordingSmtpServer());
        var players = Own(new Players(Seed, opening: 0, clicking: 0));
        var run = CampaignRun.On(Own(await Installation.SetUp(separate: true, CampaignRun.Settings(outside, connections: 1))), audience, outside, players);
        await run.Installation.Start();
        var hit = new Dictionary<Moment, string>();
        var armed = new Trap(Moment.Connected, "");
        outside.At = async (moment, recipient) =>
        {
            if (Volatile.Read(ref armed).Springs(moment, recipient))
            {
                hit[moment] = recipient;
                await run.Installation.Kill("dst");
                armed.Sprung.SetResult();
            }
        };

        await run.Send();
        foreach (var next in Enum.GetValues<Moment>().Skip(1).Cast<Moment?>().Append(null))
        {
            await armed.Sprung.Task.WaitAsync(_patience, Cancelled);
            run.Installation.Launch("dst");

            // What the receiver still says to the one that is dead springs nothing.
            Volatile.Write(ref armed, new Trap(next, hit[armed.At!.Value]));
        }

        await run.Installation.Ready("dst");
        await run.Finish(_patience);

        var (receipt, fates) = (await run.Receipt(), await run.Fates());
        var ledger = new Ledger(audience, outside);
        Assert.Empty(ledger.Differences(receipt, fates));
        var doubts = Ledger.Doubts(fates);
        Assert.Contains(hit[Moment.Ended], doubts);

        // With the answer in hand the sender may come to the end of the next message before the kill comes.
        Assert.InRange(doubts.Except([hit[Moment.Writing], hit[Moment.Ended], hit[Moment.Answered]]).Count(), 0, 1);

        await Decide(run, doubts);
        await TakeReceipt(run);
    }

    /// <summary>All are repeated: they get the message once more, and nobody else does.</summary>
    private static async Task Decide(CampaignRun<Installation> run, IReadOnlyList<string> doubts)
    {
        var before = run.Outside.Messages.Count(message => message.Kept);
        var listed = (await run.Installation.Job(_patience, "doubts", "list", run.Job)).Expect(0).Output.TrimEnd().Split('\n');
        Assert.Equal(doubts.Order(), listed.Select(line => line.Split("  ")[1]).Order());
        Assert.All(listed, line => Assert.Equal("127.0.0.1 [127.0.0.1]", line.Split("  ")[2]));

        // LUI is killed when it has said so, and again when the first repetition is out.
        var (isBack, again) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), new Trap(Moment.Ended, ""));
        run.Outside.At = async (moment, recipient) =>
        {
            await isBack.Task;
            if (again.Springs(moment, recipient))
            {
                await run.Installation.Kill("lui");
                again.Sprung.SetResult();
            }
        };
        var repeated = (await run.Installation.Job(_patience, "doubts", "repeat", run.Job, "--all")).Expect(0);
        Assert.Equal($"{run.Job}: {doubts.Count} repeated", repeated.LastLine);
        await run.Installation.Kill("lui");
        run.Installation.Launch("lui");
        isBack.SetResult();
        await again.Sprung.Task.WaitAsync(_patience, Cancelled);
        run.Installation.Launch("lui");
        await run.Installation.Ready("lui");
        await run.Finish(_patience);

        Assert.Equal(before + doubts.Count, run.Outside.Messages.Count(message => message.Kept));
        Assert.Equal(0, (await run.Receipt()).InDoubt);
        Assert.Contains("is in doubt any more", (await run.Installation.Job(_patience, "doubts", "close", run.Job, "--all")).Expect(2).Error, StringComparison.Ordinal);
    }

    /// <summary>The signed receipt is genuine by the published key, and not when a byte of it was changed.</summary>
    private static async Task TakeReceipt(CampaignRun<Installation> run)
    {
        var (file, keys) = (run.Installation.Home + ".receipt", run.Installation.Home + ".pem");
        (await run.Installation.Job(_patience, "receipt", run.Job, "--file", file)).Expect(0);
        await File.WriteAllTextAsync(keys, (await Executable.Run("receipt", "key", "--server", run.Installation.Web.ToString())).Expect(0).Output, Cancelled);

        Assert.Contains("planned 40 = accepted 40", (await Executable.Run("receipt", "verify", file, "--key", keys)).Expect(0).LastLine, StringComparison.Ordinal);
        await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(file, Cancelled)).Replace("accepted", "refused", StringComparison.Ordinal), Cancelled);
        (await Executable.Run("receipt", "verify", file, "--key", keys)).Expect(2);
        File.Delete(file);
        File.Delete(keys);
    }

    /// <summary>Springs once, at one moment, for anybody but one recipient.</summary>
    private sealed class Trap(Moment? at, string but)
    {
        private int _isSet = 1;

        public Moment? At => at;

        public TaskCompletionSource Sprung { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool Springs(Moment moment, string recipient) => moment == at && (but.Length == 0 || recipient != but) && Interlocked.Exchange(ref _isSet, 0) == 1;
    }
}
