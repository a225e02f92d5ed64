// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using Tutti.Contracts.Dst.V1;
using Tutti.Dst.Tests.Returns;
using Tutti.Dst.Tests.Returns.Mailboxes;
using Tutti.Testing;

namespace Tutti.Dst.Tests.Kills;

/// <summary>kill -9 between taking a returned message and reading it: nothing that was answered for is lost, and nothing is told twice.</summary>
public sealed class ReturnKillTests
{
    private const int PerKill = 60;
    private static readonly int _kills = Environment.GetEnvironmentVariable("TUTTI_LONG") == "1" ? 12 : 2;

    [Fact]
    public async Task What_the_receiver_took_is_told_once_though_the_process_dies_with_much_of_it_unread()
    {
        await using var distributor = await Start($"ReturnDomain={Returning.Domain}");
        var random = new Random(17);
        var unread = 0L;
        for (var kill = 0; kill < _kills; kill++)
        {
            unread += await BringAndKill(distributor, first: (kill * PerKill) + 1, after: random.Next(PerKill / 4, PerKill - 8));
        }

        // If the reader had kept pace with the receiver, nothing would have been shown.
        Assert.True(unread > 0, "No kill met a message that was taken and not read.");
        await AllAreToldOnce(distributor, _kills * PerKill);
    }

    [Fact]
    public async Task What_was_fetched_from_a_Maildir_is_told_once_though_the_process_dies_in_between()
    {
        using var folder = new TemporaryFolder();
        foreach (var name in (string[])["new", "cur", "tmp"])
        {
            Directory.CreateDirectory(folder.File(name));
        }

        await using var distributor = await Start($"ReturnDomain={Returning.Domain}", $"ReturnMaildir={folder.Path}", "ReturnEvery=1s");
        for (var kill = 0; kill < _kills; kill++)
        {
            var read = kill * PerKill;
            foreach (var id in Enumerable.Range(read + 1, PerKill))
            {
                await File.WriteAllTextAsync(folder.File($"tmp/{id:0000}"), Delivered(id), TestContext.Current.CancellationToken);
                File.Move(folder.File($"tmp/{id:0000}"), folder.File($"new/{id:0000}"));
            }

            await distributor.Until(() => Task.FromResult(Directory.GetFiles(folder.File("cur")).Length > read), () => "Nothing is fetched.");
            await distributor.KillAndStart();
            await distributor.Until(() => Task.FromResult(Directory.GetFiles(folder.File("new")).Length == 0), () => "Something stays in the Maildir.");
        }

        await AllAreToldOnce(distributor, _kills * PerKill);
    }

    [Fact]
    public async Task What_was_fetched_by_IMAP_is_told_once_though_the_process_dies_in_between()
    {
        await using var dovecot = await DovecotServer.Start();
        await using var distributor = await Start(
            $"ReturnDomain={Returning.Domain}", $"ReturnImapHost=127.0.0.1:{dovecot.PlainPort}", "ReturnImapTls=none", "ReturnImapUser=returns",
            $"ReturnImapPassword={DovecotServer.Password}", "ReturnEvery=1s");
        for (var kill = 0; kill < _kills; kill++)
        {
            var read = kill * PerKill;
            foreach (var id in Enumerable.Range(read + 1, PerKill))
            {
                dovecot.Deliver(Delivered(id));
            }

            await distributor.Until(() => Task.FromResult(Seen() > read), () => "Nothing is fetched.");
            await distributor.KillAndStart();
            await distributor.Until(() => Task.FromResult(Seen() == read + PerKill), () => "Something stays unseen in the mailbox.");
        }

        await AllAreToldOnce(distributor, _kills * PerKill);

        // Dovecot renames files while they are looked at.
        int Seen() => dovecot.Flags().Count(flags => flags.Contains('S', StringComparison.Ordinal));
    }

    private static async Task<DistributorProcess> Start(params string[] settings)
    {
        var distributor = await DistributorProcess.SetUp(settings);
        await distributor.Start();
        await distributor.Open(7);
        return distributor;
    }

    /// <summary>Brings messages over several connections at once, and kills the receiver when it has answered for some; who got no answer comes again.</summary>
    /// <returns>How many were on disk and not read when it died.</returns>
    private static async Task<long> BringAndKill(DistributorProcess distributor, int first, int after)
    {
        var waiting = new ConcurrentQueue<int>(Enumerable.Range(first, PerKill));
        var (taken, unread) = (0, 0L);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(BringSome)));
        return unread;

        async Task BringSome()
        {
            while (waiting.TryDequeue(out var id))
            {
                while (!await Bringer.Bring(distributor.SmtpPort, Returning.AddressOf(7, id), Message(id)))
                {
                    // It has just been opened for this delivery's addresses, or is away.
                    await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
                }

                if (Interlocked.Increment(ref taken) == after)
                {
                    await distributor.Kill();
                    unread = await distributor.Count("SELECT COUNT(*) FROM returned WHERE read_at IS NULL");
                    await distributor.Start();
                }
            }
        }
    }

    private static async Task AllAreToldOnce(DistributorProcess distributor, int count)
    {
        IReadOnlyList<Event> told = [];
        await distributor.Until(async () => (told = await distributor.Events()).Count >= count, () => $"{told.Count} of {count} bounces are told.");
        Assert.Equal(Enumerable.Range(1, count).Select(id => (ulong)id), told.Select(each => each.RecipientId).Order());
        Assert.All(told, each => Assert.Equal((7UL, CameBack.Bounced, BounceClass.Hard), (each.JobId, each.CameBack, each.BounceClass)));

        // Nobody reads one again at the next start.
        await distributor.KillAndStart();
        Assert.Equal(count, (await distributor.Events()).Count);
    }

    private static string Message(int id) => Returning.Notification("5.1.1", $"550 5.1.1 Nobody is called {id}");

    private static string Delivered(int id) => $"Return-Path: <>\nDelivered-To: {Returning.AddressOf(7, id)}\n{Message(id)}";
}
