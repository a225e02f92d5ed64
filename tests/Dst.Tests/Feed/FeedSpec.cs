// SPDX-License-Identifier: Apache-2.0
using Microsoft.Extensions.Time.Testing;
using Tutti.Dst.Feed;
using Tutti.Dst.Journal;
using Tutti.Testing;

namespace Tutti.Dst.Tests.Feed;

/// <summary>The feed's store, on every engine.</summary>
public abstract class FeedSpec : StoreSpec
{
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.Parse("2026-11-24T10:00:00Z", null));

    [Fact]
    public async Task Events_come_after_a_number_in_order_and_not_more_than_asked_for()
    {
        await using var store = await With(10);
        Assert.Equal([4L, 5L, 6L], (await store.Events(3, 3)).ConvertAll(happened => happened.Number));
        Assert.Empty(await store.Events(10));
        Assert.Equal([1L, 2L], (await store.Feed.After(0, 100, 15, CancellationToken.None)).ConvertAll(happened => happened.Number));
    }

    [Fact]
    public async Task A_mark_goes_forward_only_and_never_beyond_the_newest_event()
    {
        await using var store = await With(10);
        await Confirm(store, 7);
        Assert.Equal(new FeedMarks(10, 7), await store.Feed.Marks(CancellationToken.None));
        await Confirm(store, 3);
        await Confirm(store, 11);
        Assert.Equal(new FeedMarks(10, 7), await store.Feed.Marks(CancellationToken.None));
    }

    [Fact]
    public async Task Confirmed_events_are_kept_for_two_weeks_after_the_confirmation()
    {
        await using var store = await With(10);
        _clock.Advance(TimeSpan.FromDays(10));
        await Confirm(store, 4);
        _clock.Advance(TimeSpan.FromDays(10));
        await Confirm(store, 6);
        Assert.Equal(10, await Left(store));
        _clock.Advance(TimeSpan.FromDays(4.1));
        Assert.Equal(6, await Left(store));
        _clock.Advance(TimeSpan.FromDays(10));
        Assert.Equal(4, await Left(store));
        _clock.Advance(TimeSpan.FromDays(100));
        Assert.Equal(4, await Left(store));
        await store.Submit(1, 2, Make.Recipient(11));
        await store.Settle(Make.Waiting(1, 11), Standing.Accepted);
        Assert.Equal(11, (await store.Events()).Max(happened => happened.Number));
    }

    private async Task<int> Left(OpenStore store)
    {
        var before = (_clock.GetUtcNow() - TimeSpan.FromDays(14)).ToUnixTimeMilliseconds();
        while (await store.Journal.Write(session => FeedStore.DropOld(session, before, 2)))
        {
            // Some more.
        }

        return (await store.Events()).Count;
    }

    private static Task<bool> Confirm(OpenStore store, long upTo) => store.Journal.Write(session =>
    {
        FeedStore.Confirm(session, upTo, store.Now);
        return true;
    });

    private async Task<OpenStore> With(int events)
    {
        var store = await OpenStore.Start(Database, _clock);
        await store.Open(1);
        await store.Submit(1, 1, [.. Enumerable.Range(1, events).Select(id => Make.Recipient(id))]);
        foreach (var id in Enumerable.Range(1, events))
        {
            await store.Settle(Make.Waiting(1, id), Standing.Accepted);
        }

        return store;
    }
}

public sealed class FeedOnSqlite : FeedSpec
{
    private protected override Task<Store> MakeStore() => Task.FromResult(Store.OnSqlite());
}

public sealed class FeedOnPostgres(PostgresServer server) : FeedSpec
{
    private protected override Task<Store> MakeStore() => Store.OnPostgres(server);
}
