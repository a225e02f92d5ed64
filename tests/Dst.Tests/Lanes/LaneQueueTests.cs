// SPDX-License-Identifier: Apache-2.0
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Tutti.Dst.Journal;
using Tutti.Dst.Lanes;
using Tutti.Dst.Queue;

namespace Tutti.Dst.Tests.Lanes;

/// <summary>A queue in memory over a store, with everything that happens to it in one order that is given here.</summary>
public sealed class LaneQueueTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.Parse("2026-11-24T10:00:00Z", null));
    private readonly Store _onDisk = Store.OnSqlite();
    private OpenStore _store = null!;
    private StoreGroup _group = null!;
    private LaneQueue _queue = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private long InOneMinute => _store.Now + 60_000;

    public async ValueTask InitializeAsync()
    {
        _store = await OpenStore.Start(_onDisk.Database, _clock);
        _group = new StoreGroup(_onDisk.Database, "test", new GroupSettings(), _store.Journal, _clock, NullLogger<StoreGroup>.Instance);
        _queue = new LaneQueue("lane", _store.Recipients, _store.Suppression, new Courses(), _store.Journal, new QueueSettings(), _clock, _group, _ => false);
        await _store.Open(1);
        await _store.Open(2);
    }

    public async ValueTask DisposeAsync()
    {
        _queue.Dispose();
        _group.Dispose();
        await _store.DisposeAsync();
        await _onDisk.DisposeAsync();
    }

    [Fact]
    public async Task Who_is_announced_before_the_delivery_is_known_here_is_found_when_it_is()
    {
        _queue.Serve(Pending(1));
        await _store.Submit(2, 1, Make.Recipient(5));
        _queue.LookAgain();
        Assert.Null(await _queue.Take(Token));

        _queue.Serve(Pending(1, 2));
        Assert.Equal((2L, 5L), await Taken());
    }

    [Fact]
    public async Task Who_is_put_off_while_only_another_delivery_is_known_is_found_when_due()
    {
        await _store.Submit(1, 1, Make.Recipient(5));
        _queue.Serve(Pending(1));
        var taken = (await _queue.Take(Token))!;
        await _store.Journal.Offer(taken.Place, _store.Now);

        // All of the first delivery is on the wire, so that only the second one is told.
        _queue.Serve(Pending(2));
        var dueAt = InOneMinute;
        await PutOff(taken, dueAt);
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Null(await _queue.Take(Token));
        Assert.InRange(_queue.EmptyUntil, dueAt, dueAt + 5_000);

        // What is told next may have been read before; what is told after that was not.
        _queue.Serve(Pending(2));
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Null(await _queue.Take(Token));
        _queue.Serve(Pending(2, 1));
        Assert.Equal((1L, 5L), await Taken());
    }

    [Fact]
    public async Task Whose_time_comes_before_the_deferral_is_on_disk_is_found_afterwards()
    {
        await _store.Submit(1, 1, Make.Recipient(5));
        _queue.Serve(Pending(1));
        var taken = (await _queue.Take(Token))!;
        await _store.Journal.Offer(taken.Place, _store.Now);
        var dueAt = InOneMinute;
        _queue.DueAgain(1, dueAt);
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Null(await _queue.Take(Token));

        await PutOff(taken, dueAt);
        Assert.Equal((1L, 5L), await Taken());
    }

    [Fact]
    public async Task Whose_time_is_over_is_not_taken_though_in_memory_and_stays_on_disk_for_the_sweep()
    {
        await _store.Submit(1, 1, Make.Recipient(5), Make.Recipient(6), Make.Recipient(7));
        _queue.Serve(Pending(1));
        Assert.Equal((1L, 5L), await Taken());
        _clock.Advance(TimeSpan.FromDays(5) - TimeSpan.FromMilliseconds(1));
        Assert.Equal((1L, 6L), await Taken());

        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, _queue.Ready);
        Assert.Null(_queue.TakeReady());
        Assert.Equal(3, (await _store.Tally(1)).Waiting);
    }

    [Fact]
    public async Task A_delivery_that_is_over_is_not_looked_for_again_and_again()
    {
        await _store.Submit(1, 1, Make.Recipient(5));
        _queue.Serve(Pending(1));
        var taken = (await _queue.Take(Token))!;
        await _store.Journal.Offer(taken.Place, _store.Now);
        await PutOff(taken, InOneMinute);
        await _store.Settle(Make.Waiting(1, 5), Standing.Withdrawn);

        _queue.Serve([]);
        _queue.Serve([]);
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Null(await _queue.Take(Token));
        Assert.Equal(long.MaxValue, _queue.EmptyUntil);
        Assert.True(_queue.IsIdle);
    }

    private static List<PendingDelivery> Pending(params long[] jobs) => [.. jobs.Select(job => new PendingDelivery(job, DateTimeOffset.Parse("2026-11-24T10:00:00Z", null).ToUnixTimeMilliseconds(), Course.Run))];

    private async Task<(long Job, long Id)> Taken()
    {
        var taken = await _queue.Take(Token);
        Assert.NotNull(taken);
        return (taken.Place.Job, taken.Place.Id);
    }

    private async Task PutOff(QueuedRecipient recipient, long until)
    {
        _store.Journal.Post(new Deferred(recipient.Offered(_store.Now), "451 Later", until, _store.Now, place => _queue.Release(place, until)));
        await _store.Journal.Write(static _ => true);
    }
}
