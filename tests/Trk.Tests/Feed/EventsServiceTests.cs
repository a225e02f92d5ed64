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
    public async Task Damaged_events_are_left_out_and_the_others_are_handed_over()
    {
        await using var tracker = await RunningTracker.Start();
        var feedId = await Collect(tracker, 3, oneByOne: true);
        tracker.Sql("UPDATE spool_batch SET events = CAST('nonsense' AS BLOB) WHERE first = 2");

        var batch = await tracker.Events.FetchAsync(new FetchRequest { FeedId = feedId }, cancellationToken: Ending);

        Assert.Equal([1UL, 3UL], batch.Events.Select(tracked => tracked.Number));
    }

    private static async Task<string> Collect(RunningTracker tracker, int opens, bool oneByOne = false)
    {
        await tracker.Publish(12);
        await Parallel.ForAsync(0, opens, new ParallelOptions { MaxDegreeOfParallelism = oneByOne ? 1 : 32 }, async (recipient, _) =>
            await tracker.Get(RunningTracker.PathOf(LinkKind.Open, 12, recipient: (ulong)recipient)));
        return (await tracker.Events.FetchAsync(new FetchRequest(), cancellationToken: Ending)).FeedId;
    }
}
