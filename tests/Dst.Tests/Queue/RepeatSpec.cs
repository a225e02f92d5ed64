// SPDX-License-Identifier: Apache-2.0
using Microsoft.Extensions.Time.Testing;
using Tutti.Dst.Journal;
using Tutti.Dst.Queue;
using Tutti.Testing;

namespace Tutti.Dst.Tests.Queue;

/// <summary>People send again to recipients in doubt, on every engine.</summary>
public abstract class RepeatSpec : StoreSpec
{
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.Parse("2026-11-24T10:00:00Z", null));

    [Fact]
    public async Task Only_who_is_in_doubt_waits_again_and_a_repeated_batch_repeats_once()
    {
        await using var store = await InDoubt(1, 3);
        Assert.Equal(BatchReception.Stored, await store.Repeat(1, 2, Make.Recipient(1, "lane", SlotValues.Pack(["new"])), Make.Recipient(2)));
        Assert.Equal((1, 1, 1, 1), await Stand(store));
        var again = Assert.Single(await store.Due(1), recipient => recipient.Place.Id == 1);
        Assert.Equal((1, store.Now), (again.Place.Attempts, again.Place.FirstAt));
        Assert.Equal(["new"], SlotValues.Unpack(again.Values));

        await store.Settle(again.Place, Standing.Accepted);
        Assert.Equal(BatchReception.Repeated, await store.Repeat(1, 2, Make.Recipient(1), Make.Recipient(2)));

        Assert.Equal((0, 2, 1, 1), await Stand(store));
        Assert.Equal(2, (await store.Events())[^1].Attempts);
    }

    [Fact]
    public async Task The_retry_period_counts_from_the_decision()
    {
        await using var store = await InDoubt(1);
        _clock.Advance(TimeSpan.FromDays(30));
        await store.Repeat(1, 2, Make.Recipient(1));
        Assert.Equal(store.Now, (await store.Deliveries.Find(1, CancellationToken.None))!.DueAt);
    }

    [Fact]
    public async Task It_may_be_after_the_names_were_cleared_and_in_another_lane()
    {
        await using var store = await InDoubt(1);
        await store.Journal.Write(session => session.Run(new Statement("UPDATE recipient SET address = '', display_name = '', token = NULL")));
        await store.Journal.Write(session => session.Run(new Statement("DELETE FROM recipient_values")));
        await store.Repeat(1, 2, Make.Recipient(1, "other", SlotValues.Pack(["value"])));
        var again = Assert.Single(await store.Due(1, "other"));
        Assert.Equal(("user1@rcpt.example", "User 1", 7L), (again.Address, again.DisplayName, again.Token));
        Assert.Equal(["value"], SlotValues.Unpack(again.Values));
        Assert.Equal(["other"], (await store.Tallies.Fullest(1, 10, CancellationToken.None)).Select(lane => lane.Lane));
    }

    [Fact]
    public async Task A_store_that_was_restored_takes_whom_it_does_not_know()
    {
        await using var store = await OpenStore.Start(Database, _clock);
        await store.Open(1);
        await store.Repeat(1, 7, Make.Recipient(5));
        Assert.Equal(5, Assert.Single(await store.Due(1)).Place.Id);
    }

    [Fact]
    public async Task Killed_on_the_wire_once_more_it_is_in_doubt_once_more()
    {
        await using (var store = await InDoubt(1))
        {
            await store.Repeat(1, 2, Make.Recipient(1));
            Assert.True(await store.Journal.Offer((await store.Due(1))[0].Place, store.Now));
        }

        await using var next = await OpenStore.Start(Database, _clock);
        Assert.Equal(1, (await next.Tally(1)).InDoubt);
        var events = await next.Events();
        Assert.Equal([(Standing.InDoubt, 1), (Standing.InDoubt, 2)], events.Select(one => (one.Fate, one.Attempts)));
        Assert.Equal("lane", events[^1].Host);
    }

    /// <summary>Recipients of delivery 1 of whom some are in doubt, 2 was accepted, and 4 waits.</summary>
    private async Task<OpenStore> InDoubt(params long[] ids)
    {
        var store = await OpenStore.Start(Database, _clock);
        await store.Open(1);
        await store.Submit(1, 1, [.. ids.Select(id => Make.Recipient(id)), .. ids.Length > 1 ? [Make.Recipient(2), Make.Recipient(4)] : Array.Empty<NewRecipient>()]);
        foreach (var id in ids)
        {
            await store.Journal.Offer(Make.Waiting(1, id), store.Now);
            await store.Settle(Make.Waiting(1, id) with { Standing = Standing.Offered, Attempts = 1, FirstAt = store.Now }, Standing.InDoubt, "lost");
        }

        if (ids.Length > 1)
        {
            await store.Settle(Make.Waiting(1, 2), Standing.Accepted);
        }

        return store;
    }

    private static async Task<(long Deferred, long Accepted, long InDoubt, long Waiting)> Stand(OpenStore store)
    {
        var tally = await store.Tally(1);
        return (tally.Deferred, tally.Accepted, tally.InDoubt, tally.Waiting);
    }
}

public sealed class RepeatOnSqlite : RepeatSpec
{
    private protected override Task<Store> MakeStore() => Task.FromResult(Store.OnSqlite());
}

public sealed class RepeatOnPostgres(PostgresServer server) : RepeatSpec
{
    private protected override Task<Store> MakeStore() => Store.OnPostgres(server);
}
