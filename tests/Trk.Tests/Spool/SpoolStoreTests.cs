// SPDX-License-Identifier: Apache-2.0
using CsCheck;
using Microsoft.Data.Sqlite;

namespace Tutti.Trk.Tests.Spool;

public sealed class SpoolStoreTests
{
    private static readonly DateTimeOffset _start = new(2026, 3, 1, 12, 30, 0, TimeSpan.Zero);

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Numbers_go_up_by_one_over_all_commits_and_go_on_after_reopening()
    {
        await using var spool = new SpoolFile();
        var feed = spool.Store.Open();
        Assert.Equal((0L, 0L, 0L), (feed.Newest, feed.Confirmed, feed.Lost));
        Assert.Equal(3, spool.Append(0, 3));
        Assert.Equal(4, spool.Append(3, 1));
        await using var again = spool.Crash();

        var reopened = again.Store.Open();

        Assert.Equal((feed.Id, 4L), (reopened.Id, reopened.Newest));
        Assert.Equal(9, again.Append(4, 5));
        Assert.Equal(Enumerable.Range(1, 9).Select(number => (long)number), (await again.All()).Select(tracked => tracked.Number));
    }

    [Fact]
    public async Task A_machine_may_lose_its_power_after_any_commit()
    {
        await using var spool = new SpoolFile();
        spool.Store.Open();
        for (var newest = 0; newest < 50; newest += 5)
        {
            spool.Append(newest, 5);
            await using var after = spool.Crash();
            Assert.Equal(newest + 5, after.Store.Open().Newest);
            Assert.Equal(newest + 5, (await after.All()).Count);
        }
    }

    [Fact]
    public async Task A_cut_or_a_flipped_bit_in_the_tail_invents_nothing_and_loses_nothing_before_it()
    {
        await using var spool = new SpoolFile();
        spool.Store.Open();
        var ends = new List<(long Bytes, long Newest)> { (new FileInfo(spool.Path + "-wal").Length, 0) };
        for (var newest = 0L; newest < 120;)
        {
            newest = spool.Append(newest, 3 + (int)(newest % 7));
            ends.Add((new FileInfo(spool.Path + "-wal").Length, newest));
        }

        var damages = Gen.Select(Gen.Long[ends[0].Bytes, ends[^1].Bytes - 1], Gen.Bool, Gen.Int[0, 7]);
        await damages.SampleAsync(
            async (at, isCut, bit) =>
            {
                await using var damaged = spool.Crash(log =>
                {
                    if (isCut)
                    {
                        return log[..(int)at];
                    }

                    log[at] ^= (byte)(1 << bit);
                    return log;
                });
                var newest = damaged.Store.Open().Newest;
                var events = await damaged.All();

                Assert.InRange(newest, ends.Last(end => end.Bytes <= at).Newest, ends[^1].Newest);
                Assert.Equal(Enumerable.Range(1, (int)newest).Select(number => ((long)number, SpoolFile.Open((ulong)number))), events);
            },
            iter: 60,
            threads: 1);
    }

    [Fact]
    public async Task A_commit_that_failed_only_after_it_had_reached_the_disk_is_not_doubled()
    {
        await using var spool = new SpoolFile();
        spool.Store.Open();
        spool.Append(0, 2);
        spool.Append(2, 3);

        // The writer has heard nothing of the second commit and does it again.
        Assert.Equal(5, spool.Append(2, 3));

        Assert.Equal(5, (await spool.All()).Count);
    }

    [Fact]
    public async Task Other_events_than_those_on_the_disk_are_added_to_them()
    {
        await using var spool = new SpoolFile();
        spool.Store.Open();
        spool.Append(0, 2);
        spool.Append(2, 3);

        Assert.Equal(7, spool.Append(2, 2));
    }

    [Fact]
    public async Task Events_are_deleted_when_they_were_confirmed_long_enough_ago()
    {
        await using var spool = new SpoolFile();
        spool.Store.Open();
        spool.Append(0, 10);
        spool.Append(10, 10);
        spool.Append(20, 10);
        await spool.Store.Confirm(20, _start, Ending);
        await spool.Store.Confirm(30, _start.AddHours(2), Ending);

        Assert.Equal(0, await spool.Store.DeleteConfirmedBefore(_start, Ending));
        Assert.Equal(2, await spool.Store.DeleteConfirmedBefore(_start.AddHours(1), Ending));
        Assert.Equal(Enumerable.Range(21, 10).Select(number => (long)number), (await spool.All()).Select(tracked => tracked.Number));
        Assert.Equal(1, await spool.Store.DeleteConfirmedBefore(_start.AddHours(3), Ending));
    }

    [Fact]
    public async Task What_is_not_confirmed_is_never_deleted_and_numbers_are_never_used_again()
    {
        await using var spool = new SpoolFile();
        spool.Store.Open();
        spool.Append(0, 10);
        Assert.Equal(0, await spool.Store.DeleteConfirmedBefore(_start.AddYears(10), Ending));
        await spool.Store.Confirm(10, _start, Ending);
        Assert.Equal(1, await spool.Store.DeleteConfirmedBefore(_start.AddYears(10), Ending));
        await using var again = spool.Crash();

        Assert.Equal(10, again.Store.Open().Newest);
        Assert.Equal(11, again.Append(10, 1));
    }

    [Fact]
    public async Task Reading_after_a_number_starts_with_the_batch_that_holds_the_next_one()
    {
        await using var spool = new SpoolFile();
        spool.Store.Open();
        spool.Append(0, 10);
        spool.Append(10, 10);
        spool.Append(20, 10);

        Assert.Equal([11L, 21L], (await spool.Store.After(15, 9, Ending)).Select(batch => batch.First));
        Assert.Equal([11L], (await spool.Store.After(10, 1, Ending)).Select(batch => batch.First));
        Assert.Empty(await spool.Store.After(30, 9, Ending));
    }

    [Fact]
    public async Task A_probe_leaves_nothing_behind_and_is_refused_like_events()
    {
        await using var spool = new SpoolFile();
        spool.Store.Open();
        spool.Append(0, 1);
        spool.Store.Probe();
        Assert.Single(await spool.All());

        await using var stranger = new SqliteConnection($"Data Source={spool.Path};Pooling=false");
        stranger.Open();
        await using var command = stranger.CreateCommand();
        command.CommandText = "CREATE TRIGGER full BEFORE INSERT ON spool_batch BEGIN SELECT RAISE(ABORT, 'the disk is full'); END";
        await command.ExecuteNonQueryAsync(Ending);

        Assert.Throws<SqliteException>(spool.Store.Probe);
    }
}
