// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using Tutti.Contracts.Feed.V1;
using Tutti.Mail.Links;

namespace Tutti.Trk.Tests.Feed;

public sealed class EventsServiceTests
{
    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Events_are_fetched_after_a_mark_and_as_many_as_asked_for()
    {
        await using var tracker = await RunningTracker.Start();
        var feedId = await Collect(tracker, 10);

        var batch = await tracker.Events.FetchAsync(new FetchRequest { FeedId = feedId, After = 3, MaxEvents = 4 }, cancellationToken: Ending);

        Assert.Equal([4UL, 5UL, 6UL, 7UL], batch.Events.Select(tracked => tracked.Number));
        Assert.Equal(10UL, batch.Newest);
        Assert.Equal(0UL, batch.Lost);
        Assert.True(batch.ClockMs > 0);
    }

    [Fact]
    public async Task A_reader_of_another_feed_gets_the_id_and_no_events()
    {
        await using var tracker = await RunningTracker.Start();
        var feedId = await Collect(tracker, 3);

        var batch = await tracker.Events.FetchAsync(new FetchRequest { FeedId = "0123", After = 2, WaitMs = 60_000 }, cancellationToken: Ending);

        Assert.Equal(feedId, batch.FeedId);
        Assert.Empty(batch.Events);
    }

    [Fact]
    public async Task The_feed_keeps_its_id_over_a_restart_and_a_new_store_gets_a_new_one()
    {
        await using var tracker = await RunningTracker.Start();
        await using var other = await RunningTracker.Start();
        var before = await Collect(tracker, 1);

        await tracker.Restart();

        Assert.Equal(before, (await tracker.Events.FetchAsync(new FetchRequest(), cancellationToken: Ending)).FeedId);
        Assert.NotEqual(before, (await other.Events.FetchAsync(new FetchRequest(), cancellationToken: Ending)).FeedId);
    }

    [Fact]
    public async Task A_call_is_held_until_something_comes()
    {
        await using var tracker = await RunningTracker.Start();
        var feedId = await Collect(tracker, 1);

        var held = tracker.Events.FetchAsync(new FetchRequest { FeedId = feedId, After = 1, WaitMs = 60_000 }, cancellationToken: Ending).ResponseAsync;
        await tracker.Get(RunningTracker.PathOf(LinkKind.Open, 12, recipient: 5));

        Assert.Equal(2UL, Assert.Single((await held).Events).Number);
    }

    [Fact]
    public async Task A_call_is_held_no_longer_than_it_wants()
    {
        await using var tracker = await RunningTracker.Start();
        var feedId = await Collect(tracker, 1);

        var batch = await tracker.Events.FetchAsync(new FetchRequest { FeedId = feedId, After = 1, WaitMs = 50 }, cancellationToken: Ending);

        Assert.Empty(batch.Events);
        Assert.Equal(1UL, batch.Newest);
    }

    [Fact]
    public async Task A_held_call_does_not_hold_the_stop_of_the_tracker()
    {
        await using var tracker = await RunningTracker.Start();
        var feedId = await Collect(tracker, 1);
        var held = tracker.Events.FetchAsync(new FetchRequest { FeedId = feedId, After = 1, WaitMs = 60_000 }, cancellationToken: Ending).ResponseAsync;

        await tracker.Restart().WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System, Ending);

        await Assert.ThrowsAsync<RpcException>(() => held);
    }

    [Fact]
    public async Task Confirmed_events_are_no_backlog_and_can_still_be_fetched_again()
    {
        await using var tracker = await RunningTracker.Start();
        var feedId = await Collect(tracker, 5);

        await tracker.Events.ConfirmAsync(new ConfirmRequest { FeedId = feedId, UpTo = 4 }, cancellationToken: Ending);
        await tracker.Events.ConfirmAsync(new ConfirmRequest { FeedId = feedId, UpTo = 4 }, cancellationToken: Ending);
        await tracker.Events.ConfirmAsync(new ConfirmRequest { FeedId = feedId, UpTo = 2 }, cancellationToken: Ending);
        await tracker.Restart();

        Assert.Contains((await tracker.Report()).Figures, figure => figure is { Name: "Events not fetched yet", Value: 1 });
        Assert.Equal(5, (await tracker.AllEvents()).Count);
    }

    [Theory]
    [InlineData(true, 6)]
    [InlineData(false, 1)]
    public async Task What_was_never_given_out_cannot_be_confirmed(bool rightFeed, ulong upTo)
    {
        await using var tracker = await RunningTracker.Start();
        var feedId = await Collect(tracker, 5);

        var refused = await Assert.ThrowsAsync<RpcException>(async () =>
            await tracker.Events.ConfirmAsync(new ConfirmRequest { FeedId = rightFeed ? feedId : "0123", UpTo = upTo }, cancellationToken: Ending));

        Assert.Equal(StatusCode.FailedPrecondition, refused.StatusCode);
    }

    [Fact]
    [Trait("Row", "M")]
    public async Task A_store_that_was_replaced_by_an_older_copy_begins_a_new_feed_with_what_came_since()
    {
        await using var tracker = await RunningTracker.Start();
        var feedId = await Collect(tracker, 5);
        await tracker.Restart();
        await tracker.Get(RunningTracker.PathOf(LinkKind.Open, 12, recipient: 77));
        await tracker.Get(RunningTracker.PathOf(LinkKind.Open, 12, recipient: 78));

        var told = await tracker.Events.FetchAsync(new FetchRequest { FeedId = feedId, After = 9 }, cancellationToken: Ending);
        var batch = await tracker.Events.FetchAsync(new FetchRequest { FeedId = told.FeedId }, cancellationToken: Ending);
        await tracker.Get(RunningTracker.PathOf(LinkKind.Open, 12, recipient: 79));
        var later = await tracker.Events.FetchAsync(new FetchRequest { FeedId = told.FeedId, After = 2 }, cancellationToken: Ending);

        Assert.NotEqual(feedId, told.FeedId);
        Assert.Empty(told.Events);
        Assert.Equal([(1UL, 77UL), (2UL, 78UL)], batch.Events.Select(tracked => (tracked.Number, tracked.RecipientToken)));
        Assert.Equal([(3UL, 79UL)], later.Events.Select(tracked => (tracked.Number, tracked.RecipientToken)));
        await tracker.Restart();
        Assert.Equal(told.FeedId, (await tracker.Events.FetchAsync(new FetchRequest(), cancellationToken: Ending)).FeedId);
        Assert.Equal(3, (await tracker.AllEvents()).Count);
    }

    [Fact]
    public async Task A_reply_stays_below_a_mebibyte()
    {
        await using var tracker = await RunningTracker.Start();
        tracker.Reader.DefaultRequestHeaders.Remove("User-Agent");
        tracker.Reader.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", new string('x', 500));
        var feedId = await Collect(tracker, 2_500);

        var first = await tracker.Events.FetchAsync(new FetchRequest { FeedId = feedId }, cancellationToken: Ending);

        Assert.InRange(first.CalculateSize(), 500_000, 1_048_576);
        Assert.Equal(2_500, (await tracker.AllEvents()).Count);
    }

    [Fact]
    [Trait("Row", "M")]
    public async Task Damaged_and_missing_events_are_said_to_be_lost_and_the_others_are_handed_over()
    {
        await using var tracker = await RunningTracker.Start();
        var feedId = await Collect(tracker, 7, oneByOne: true);
        tracker.Sql("UPDATE spool_batch SET events = CAST('nonsense' AS BLOB) WHERE first = 2; DELETE FROM spool_batch WHERE first IN (4, 5); UPDATE spool_batch SET checksum = 1 WHERE first = 7");

        var batch = await tracker.Events.FetchAsync(new FetchRequest { FeedId = feedId }, cancellationToken: Ending);
        await tracker.Events.FetchAsync(new FetchRequest { FeedId = feedId }, cancellationToken: Ending);
        await tracker.Restart();
        var rest = await tracker.Events.FetchAsync(new FetchRequest { FeedId = feedId, After = 6 }, cancellationToken: Ending);

        Assert.Equal([1UL, 3UL, 6UL], batch.Events.Select(tracked => tracked.Number));
        Assert.Equal([(2UL, 2UL, false), (4UL, 5UL, false), (7UL, 7UL, false)], batch.Holes.Select(hole => (hole.First, hole.Last, hole.Expired)));
        Assert.Equal((7UL, 7UL), Assert.Single(rest.Holes.Select(hole => (hole.First, hole.Last))));
        Assert.Equal(0UL, batch.Lost);
        await tracker.Publications.UpToDateAsync(new Contracts.Trk.V1.UpToDateRequest { FeedId = feedId }, cancellationToken: Ending);
        var report = await tracker.Report();
        Assert.True(report.Ready);
        Assert.Contains(report.Figures, figure => figure is { Name: "Events lost", Value: 4 });
        Assert.Contains(report.Problems, problem => problem.Contains("damaged 4 stored events, from number 2 on", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Events_that_were_confirmed_and_deleted_are_no_loss()
    {
        await using var tracker = await RunningTracker.Start();
        var feedId = await Collect(tracker, 4, oneByOne: true);
        await tracker.Events.ConfirmAsync(new ConfirmRequest { FeedId = feedId, UpTo = 3 }, cancellationToken: Ending);
        tracker.Sql("DELETE FROM spool_batch WHERE first <= 3");

        var batch = await tracker.Events.FetchAsync(new FetchRequest { FeedId = feedId }, cancellationToken: Ending);

        Assert.Equal(4UL, Assert.Single(batch.Events).Number);
        Assert.Equal((1UL, 3UL, true), Assert.Single(batch.Holes.Select(hole => (hole.First, hole.Last, hole.Expired))));
        Assert.Contains((await tracker.Report()).Figures, figure => figure is { Name: "Events lost", Value: 0 });
    }

    /// <summary>A copy is made at event 5; the reader is at some event; the copy is put back and goes on with 3 more.</summary>
    [Theory]
    [Trait("Row", "M")]
    [InlineData(5, false, 0)] // Read all of the copy: the three that came since are new.
    [InlineData(3, false, 2)] // Within the copy: two of the copy and the three.
    [InlineData(7, false, 0)] // Beyond the copy, but not beyond its newest event when it is asked.
    [InlineData(7, true, 0)] // The tracker had been started again before it was lost.
    [InlineData(3, true, 2)]
    public async Task An_older_copy_of_the_store_is_noticed_wherever_the_reader_stands(int mark, bool restarted, int ofTheCopy)
    {
        await using var tracker = await RunningTracker.Start();
        var feedId = await Collect(tracker, 5, oneByOne: true);
        tracker.Sql($"VACUUM INTO '{tracker.DatabaseFile}.copy'");
        if (restarted)
        {
            await tracker.Restart();
        }

        await Open(tracker, 5, 2);
        var known = await tracker.Events.FetchAsync(new FetchRequest { FeedId = feedId, After = 0, MaxEvents = (uint)mark }, cancellationToken: Ending);
        var request = new FetchRequest { FeedId = feedId, After = (ulong)mark, Told = known.Newest, Starts = { known.Starts } };
        await tracker.Restart(() => PutBack(tracker));

        // Started twice before the reader comes.
        await Open(tracker, 100, 2);
        await tracker.Restart();
        await Open(tracker, 102, 1);
        var ahead = await Assert.ThrowsAsync<RpcException>(async () => await tracker.Events.FetchAsync(new FetchRequest(request) { Ahead = true }, cancellationToken: Ending));
        var told = await tracker.Events.FetchAsync(request, cancellationToken: Ending);
        var again = await tracker.Events.FetchAsync(request, cancellationToken: Ending);
        var fresh = await tracker.Events.FetchAsync(new FetchRequest { FeedId = told.FeedId }, cancellationToken: Ending);

        Assert.Equal(StatusCode.FailedPrecondition, ahead.StatusCode);
        Assert.NotEqual(feedId, told.FeedId);
        Assert.Equal((told.FeedId, 5UL, 5UL), (again.FeedId, told.SharedTo, again.SharedTo));
        Assert.Equal(
            [.. Enumerable.Range(5 - ofTheCopy, ofTheCopy).Select(recipient => (ulong)recipient), 100UL, 101UL, 102UL],
            fresh.Events.Select(tracked => tracked.RecipientToken));
        Assert.Equal(Enumerable.Range(1, ofTheCopy + 3).Select(number => (ulong)number), fresh.Events.Select(tracked => tracked.Number));
    }

    [Fact]
    public async Task A_store_that_is_its_own_goes_on_however_often_it_is_started_and_whatever_the_reader_knows_of_it()
    {
        await using var tracker = await RunningTracker.Start();
        var feedId = await Collect(tracker, 2, oneByOne: true);
        var starts = new List<string>();
        for (var round = 0UL; round < 3; round++)
        {
            var batch = await tracker.Events.FetchAsync(new FetchRequest { FeedId = feedId, After = round, Told = round, Starts = { starts }, MaxEvents = 1 }, cancellationToken: Ending);
            starts = [.. starts.Except(batch.Starts), .. batch.Starts];
            await tracker.Restart();
            await Open(tracker, (int)round, 1);

            Assert.Equal(feedId, batch.FeedId);
            Assert.Equal(round + 1, Assert.Single(batch.Events).Number);
        }
    }

    private static void PutBack(RunningTracker tracker)
    {
        File.Delete(tracker.DatabaseFile + "-wal");
        File.Delete(tracker.DatabaseFile + "-shm");
        File.Move(tracker.DatabaseFile + ".copy", tracker.DatabaseFile, overwrite: true);
    }

    private static async Task Open(RunningTracker tracker, int first, int count)
    {
        foreach (var recipient in Enumerable.Range(first, count))
        {
            await tracker.Get(RunningTracker.PathOf(LinkKind.Open, 12, recipient: (ulong)recipient));
        }
    }

    private static async Task<string> Collect(RunningTracker tracker, int opens, bool oneByOne = false)
    {
        await tracker.Publish(12);
        await Parallel.ForAsync(0, opens, new ParallelOptions { MaxDegreeOfParallelism = oneByOne ? 1 : 32 }, async (recipient, _) =>
            await tracker.Get(RunningTracker.PathOf(LinkKind.Open, 12, recipient: (ulong)recipient)));
        return (await tracker.Events.FetchAsync(new FetchRequest(), cancellationToken: Ending)).FeedId;
    }
}
