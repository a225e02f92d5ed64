// SPDX-License-Identifier: Apache-2.0
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Tutti.Dst.Journal;
using Tutti.Dst.Queue;
using Tutti.Testing;

namespace Tutti.Dst.Tests.Queue;

/// <summary>The queue, on every engine.</summary>
public abstract class QueueSpec : StoreSpec
{
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.Parse("2026-11-24T10:00:00Z", null));

    [Fact]
    public async Task A_batch_is_stored_once_however_often_it_comes()
    {
        await using var store = await OpenStore.Start(Database, _clock);
        await store.Open(1);
        Assert.Equal(BatchReception.Stored, await store.Submit(1, 1, Make.Recipient(1), Make.Recipient(2)));
        Assert.Equal(BatchReception.Repeated, await store.Submit(1, 1, Make.Recipient(1), Make.Recipient(2)));
        Assert.Equal(2, (await store.Due(1)).Count);
        Assert.Equal(2, (await store.Tally(1)).Waiting);
    }

    [Fact]
    public async Task A_recipient_that_comes_in_two_batches_is_stored_once()
    {
        await using var store = await OpenStore.Start(Database, _clock);
        await store.Open(1);
        await store.Submit(1, 1, Make.Recipient(1), Make.Recipient(2));
        Assert.Equal(BatchReception.Stored, await store.Submit(1, 2, Make.Recipient(2), Make.Recipient(3)));
        Assert.Equal([1L, 2L, 3L], (await store.Due(1)).ConvertAll(recipient => recipient.Place.Id));
        Assert.Equal(3, (await store.Tally(1)).Submitted);
    }

    [Fact]
    public async Task A_batch_of_an_unknown_delivery_is_not_taken()
    {
        await using var store = await OpenStore.Start(Database, _clock);
        Assert.Equal(BatchReception.Unknown, await store.Submit(1, 1, Make.Recipient(1)));
        Assert.Equal(0, (await store.Tally(1)).Submitted);
        await store.Open(1);
        Assert.Equal(BatchReception.Stored, await store.Submit(1, 1, Make.Recipient(1)));
    }

    [Fact]
    public async Task A_delivery_is_kept_as_it_came_first()
    {
        await using var store = await OpenStore.Start(Database, _clock);
        Assert.True(await store.Open(5));
        Assert.False(await store.Open(5));
        var kept = await store.Deliveries.Find(5, CancellationToken.None);
        Assert.Equivalent(Make.Delivery(5), kept);
        Assert.Null(await store.Deliveries.Find(6, CancellationToken.None));
    }

    [Fact]
    public async Task A_recipient_comes_out_as_it_went_in()
    {
        await using var store = await OpenStore.Start(Database, _clock);
        await store.Open(1);
        string[] values = ["Ärger", "", "line\r\nline", new string('x', 5000)];
        await store.Submit(1, 1, Make.Recipient(1, values: SlotValues.Pack(values)), Make.Recipient(2) with { Token = null, DisplayName = "" });
        var due = await store.Due(1);
        Assert.Equal(values, SlotValues.Unpack(due[0].Values));
        Assert.Equal(("user1@rcpt.example", "User 1", 7L), (due[0].Address, due[0].DisplayName, due[0].Token));
        Assert.Equal(("user2@rcpt.example", "", null), (due[1].Address, due[1].DisplayName, due[1].Token));
        Assert.Empty(SlotValues.Unpack(due[1].Values));
    }

    [Fact]
    public async Task An_address_that_cannot_be_used_is_refused_when_it_comes_in()
    {
        await using var store = await OpenStore.Start(Database, _clock);
        await store.Open(1);
        await store.Submit(1, 1, Make.Recipient(1) with { Problem = "No @." }, Make.Recipient(2));
        await store.Submit(1, 1, Make.Recipient(1) with { Problem = "No @." }, Make.Recipient(2));
        Assert.Equal((1, 1), ((await store.Tally(1)).Waiting, (await store.Tally(1)).Refused));
        var refused = Assert.Single(await store.Events());
        Assert.Equal((Standing.Refused, "No @.", 0, "", 1L), (refused.Fate, refused.Reply, refused.Attempts, refused.Host, refused.Recipient));
    }

    [Fact]
    public async Task A_page_holds_what_is_due_in_one_lane_and_passes_over_what_is_in_memory()
    {
        await using var store = await OpenStore.Start(Database, _clock);
        await store.Open(1);
        await store.Submit(1, 1, Make.Recipient(1), Make.Recipient(2), Make.Recipient(3, "other"), Make.Recipient(4));
        await store.Journal.Move((session, done) => Moves.Defer(session, Make.Waiting(1, 2), "450 later", store.Now + 1000, store.Now, done));
        Assert.Equal([1L, 4L], (await store.Due(1)).ConvertAll(recipient => recipient.Place.Id));
        var page = await store.Recipients.Due(1, "lane", store.Now, 1, new HashSet<(long, long)> { (1, 1) }, CancellationToken.None);
        Assert.Equal([4L], page.ConvertAll(recipient => recipient.Place.Id));
        Assert.Equal(["lane", "other"], await store.Recipients.Lanes(1, "", 10, CancellationToken.None));
        Assert.Equal(["other"], await store.Recipients.Lanes(1, "lane", 10, CancellationToken.None));
        _clock.Advance(TimeSpan.FromSeconds(1));
        var due = await store.Due(1);
        Assert.Equal([1L, 4L, 2L], due.ConvertAll(recipient => recipient.Place.Id));
        Assert.Equal(1, due[2].Place.Attempts);
    }

    [Fact]
    public async Task The_next_due_time_of_a_lane_is_that_of_its_first_recipient()
    {
        await using var store = await OpenStore.Start(Database, _clock);
        await store.Open(1);
        Assert.Null(await store.Recipients.NextDue(1, "lane", CancellationToken.None));
        await store.Submit(1, 1, Make.Recipient(1), Make.Recipient(2));
        foreach (var (id, at) in new[] { (1L, 500L), (2L, 300L) })
        {
            await store.Journal.Move((session, done) => Moves.Defer(session, Make.Waiting(1, id), "450", store.Now + at, store.Now, done));
        }

        Assert.Equal(store.Now + 300, await store.Recipients.NextDue(1, "lane", CancellationToken.None));
    }

    [Fact]
    public async Task Only_a_newer_direction_changes_the_course_and_it_may_come_before_the_delivery()
    {
        await using var store = await OpenStore.Start(Database, _clock);
        Assert.Equal(Course.Hold, await store.Direct(1, 2, Course.Hold));
        Assert.Equal(Course.Hold, await store.Direct(1, 1, Course.Withdraw));
        Assert.Equal(Course.Hold, await store.Direct(1, 2, Course.Run));
        await store.Open(1);
        await store.Submit(1, 1, Make.Recipient(1));
        Assert.Equal([new PendingDelivery(1, 0, Course.Hold) { EnvelopeSender = "news@sender.example", SigningDomain = "sender.example", Arrivals = 1 }], await store.Deliveries.Pending(CancellationToken.None));
        Assert.Equal([(1L, Course.Hold)], await store.Deliveries.Directed(CancellationToken.None));
        Assert.Equal(Course.Run, await store.Direct(1, 3, Course.Run));
        Assert.Equal([new PendingDelivery(1, 0, Course.Run) { EnvelopeSender = "news@sender.example", SigningDomain = "sender.example", Arrivals = 1 }], await store.Deliveries.Pending(CancellationToken.None));
        Assert.Empty(await store.Deliveries.Directed(CancellationToken.None));
    }

    [Fact]
    public async Task A_delivery_is_pending_as_long_as_somebody_waits()
    {
        await using var store = await OpenStore.Start(Database, _clock);
        await store.Open(1);
        Assert.Empty(await store.Deliveries.Pending(CancellationToken.None));
        await store.Submit(1, 1, Make.Recipient(1));
        Assert.Single(await store.Deliveries.Pending(CancellationToken.None));
        await store.Settle(Make.Waiting(1, 1), Standing.Accepted);
        Assert.Empty(await store.Deliveries.Pending(CancellationToken.None));
    }

    [Fact]
    public async Task A_sweep_settles_who_waits_with_the_last_words_and_nobody_else()
    {
        await using var store = await OpenStore.Start(Database, _clock);
        await store.Open(1);
        await store.Submit(1, 1, Make.Recipient(1), Make.Recipient(2), Make.Recipient(3), Make.Recipient(4));
        await store.Settle(Make.Waiting(1, 1), Standing.Accepted);
        await store.Journal.Move((session, done) => Moves.Offer(session, Make.Waiting(1, 2), store.Now, done));
        await store.Journal.Move((session, done) => Moves.Defer(session, Make.Waiting(1, 3), "450 full", store.Now + 1000, store.Now, done));
        Assert.Equal(2, await store.Journal.Write(session => Sweep.Some(session, 1, Standing.Expired, (_, reply) => reply ?? "never tried", store.Now, 10)));
        Assert.Equal(0, await store.Journal.Write(session => Sweep.Some(session, 1, Standing.Expired, (_, reply) => reply ?? "never tried", store.Now, 10)));
        var expired = (await store.Events()).Where(happened => happened.Fate == Standing.Expired).OrderBy(happened => happened.Recipient);
        Assert.Equal([(3L, "450 full", 1), (4L, "never tried", 0)], expired.Select(happened => (happened.Recipient, happened.Reply, happened.Attempts)));
    }

    [Fact]
    public async Task People_are_forgotten_when_all_is_settled_and_confirmed()
    {
        await using var store = await OpenStore.Start(Database, _clock);
        await store.Open(1);
        await store.Submit(1, 1, Make.Recipient(1, values: SlotValues.Pack(["secret"])), Make.Recipient(2, values: SlotValues.Pack(["secret"])));
        using var clear = new ClearWorker(store.Journal, _clock, NullLogger<ClearWorker>.Instance);
        await store.Settle(Make.Waiting(1, 1), Standing.Accepted);
        _clock.Advance(TimeSpan.FromHours(2));
        Assert.Equal(0, await clear.Clear(CancellationToken.None));
        await store.Settle(Make.Waiting(1, 2), Standing.Refused);
        Assert.Equal(0, await clear.Clear(CancellationToken.None));
        await store.Journal.Write(session => { Tutti.Dst.Feed.FeedStore.Confirm(session, 2, store.Now); return true; });
        Assert.Equal(1, await clear.Clear(CancellationToken.None));
        Assert.Equal(0, await clear.Clear(CancellationToken.None));
        Assert.Equal(0L, await Count("recipient_values"));
        Assert.Equal(0L, await Count("recipient WHERE address <> '' OR display_name <> '' OR token IS NOT NULL"));
        Assert.Equal(2L, await Count("recipient"));

        // It was not over after all.
        Assert.Equal(BatchReception.Stored, await store.Submit(1, 2, Make.Recipient(2), Make.Recipient(3)));
        Assert.Equal([3L], (await store.Due(1)).ConvertAll(recipient => recipient.Place.Id));
    }

    private async Task<long> Count(string from)
    {
        await using var connection = await Database.Open(CancellationToken.None);
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Constants of this class.
        command.CommandText = "SELECT COUNT(*) FROM " + from;
#pragma warning restore CA2100
        return (long)(await command.ExecuteScalarAsync())!;
    }
}

public sealed class QueueOnSqlite : QueueSpec
{
    private protected override Task<Store> MakeStore() => Task.FromResult(Store.OnSqlite());
}

public sealed class QueueOnPostgres(PostgresServer server) : QueueSpec
{
    private protected override Task<Store> MakeStore() => Store.OnPostgres(server);
}
