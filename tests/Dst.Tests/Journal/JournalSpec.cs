// SPDX-License-Identifier: Apache-2.0
using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Tutti.Dst.Feed;
using Tutti.Dst.Journal;
using Tutti.Dst.Queue;
using Tutti.Testing;

namespace Tutti.Dst.Tests.Journal;

/// <summary>What the journal promises, on every engine. A second store opened on the database stands for the process that starts after a kill.</summary>
public abstract class JournalSpec : StoreSpec
{
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.Parse("2026-11-24T10:00:00Z", null));

    [Fact]
    public async Task Killed_before_the_offer_the_recipient_waits()
    {
        await using var killed = await WithOneRecipient();
        Assert.Single(await killed.Due(1));
        await using var next = await OpenStore.Start(Database, _clock);
        Assert.Equal(1, (await next.Tally(1)).Waiting);
        Assert.Single(await next.Due(1));
        Assert.Empty(await next.Events());
    }

    [Fact]
    public async Task Killed_after_the_offer_the_recipient_is_in_doubt_and_is_never_offered_again()
    {
        await using var killed = await WithOneRecipient();
        Assert.True(await killed.Journal.Offer(Make.Waiting(1, 1), killed.Now));
        await using var next = await OpenStore.Start(Database, _clock);
        Assert.Equal((1, 0), ((await next.Tally(1)).InDoubt, (await next.Tally(1)).Offered));
        Assert.Empty(await next.Due(1));
        Assert.False(await next.Journal.Offer(Make.Waiting(1, 1), next.Now));
        var doubt = Assert.Single(await next.Events());
        Assert.Equal((1L, Standing.InDoubt, 1, 1L), (doubt.Recipient, doubt.Fate, doubt.Attempts, doubt.Number));
        await using var third = await OpenStore.Start(Database, _clock);
        Assert.Single(await third.Events());
    }

    [Fact]
    public async Task Killed_after_the_offer_the_doubt_names_the_host_or_if_that_is_not_known_the_lane()
    {
        await using var killed = await WithOneRecipient();
        await killed.Submit(1, 2, Make.Recipient(2), Make.Recipient(3));
        var hosts = new HostNumbers(killed.Journal);
        var (first, second) = (await hosts.Of("mx1.rcpt.example [192.0.2.1]"), await hosts.Of("mx2.rcpt.example [192.0.2.2]"));
        Assert.Equal(second, await hosts.Of("mx2.rcpt.example [192.0.2.2]"));
        Assert.True(await killed.Journal.Offer(Make.Waiting(1, 1), killed.Now, second));
        Assert.True(await killed.Journal.Offer(Make.Waiting(1, 2), killed.Now, first));
        Assert.True(await killed.Journal.Offer(Make.Waiting(1, 3), killed.Now));

        await using var next = await OpenStore.Start(Database, _clock);

        Assert.Equal(
            [(1L, "mx2.rcpt.example [192.0.2.2]"), (2L, "mx1.rcpt.example [192.0.2.1]"), (3L, "lane")],
            (await next.Events()).Select(doubt => (doubt.Recipient, doubt.Host)).Order());
        Assert.True(await new HostNumbers(next.Journal).Of("mx3.rcpt.example [192.0.2.3]") > 0);
    }

    [Fact]
    public async Task Killed_after_the_answer_was_written_the_fate_stands()
    {
        await using var killed = await WithOneRecipient();
        await killed.Journal.Offer(Make.Waiting(1, 1), killed.Now);
        await killed.Settle(Offered(1), Standing.Accepted);
        await using var next = await OpenStore.Start(Database, _clock);
        Assert.Equal((1, 0), ((await next.Tally(1)).Accepted, (await next.Tally(1)).InDoubt));
        Assert.Equal(Standing.Accepted, Assert.Single(await next.Events()).Fate);
    }

    [Fact]
    public async Task Killed_after_a_deferral_the_recipient_waits_for_the_next_attempt()
    {
        await using var killed = await WithOneRecipient();
        await killed.Journal.Offer(Make.Waiting(1, 1), killed.Now);
        await killed.Journal.Move((session, done) => Moves.Defer(session, Offered(1), "450 later", killed.Now + 1000, killed.Now, done));
        await using var next = await OpenStore.Start(Database, _clock);
        Assert.Equal((1, 0, 0), ((await next.Tally(1)).Deferred, (await next.Tally(1)).Waiting, (await next.Tally(1)).Offered));
        Assert.Empty(await next.Due(1));
        _clock.Advance(TimeSpan.FromSeconds(1));
        var due = Assert.Single(await next.Due(1));
        Assert.Equal((1, killed.Now - 1000), (due.Place.Attempts, due.Place.FirstAt));
        var lane = Assert.Single(await next.Tallies.Fullest(1, 10, CancellationToken.None));
        Assert.Equal(("450 later", 0L, 1L), (lane.Reply, lane.Waiting, lane.Deferred));
    }

    [Fact]
    public async Task A_retracted_offer_leaves_no_trace()
    {
        await using var killed = await WithOneRecipient();
        await killed.Journal.Offer(Make.Waiting(1, 1), killed.Now);
        await killed.Journal.Move((session, done) => Moves.Retract(session, Offered(1), killed.Now, done));
        await using var next = await OpenStore.Start(Database, _clock);
        Assert.Equal((1, 0, 0), ((await next.Tally(1)).Waiting, (await next.Tally(1)).Deferred, (await next.Tally(1)).InDoubt));
        Assert.Equal(0, Assert.Single(await next.Due(1)).Place.Attempts);
        Assert.Empty(await next.Events());
    }

    [Fact]
    public async Task Nobody_gets_two_fates()
    {
        await using var store = await WithOneRecipient();
        Assert.True(await store.Settle(Make.Waiting(1, 1), Standing.Accepted));
        Assert.False(await store.Settle(Make.Waiting(1, 1), Standing.Refused));
        Assert.False(await store.Settle(Offered(1), Standing.Refused));
        Assert.False(await store.Journal.Offer(Make.Waiting(1, 1), store.Now));
        Assert.False(await store.Journal.Move((session, done) => Moves.Defer(session, Make.Waiting(1, 1), "450", 0, store.Now, done)));
        Assert.False(await store.Journal.Move((session, done) => Moves.Retract(session, Offered(1), 0, done)));
        Assert.Equal(1, (await store.Tally(1)).Accepted);
        Assert.Single(await store.Events());
    }

    [Fact]
    public async Task An_entry_that_fails_takes_nobody_with_it()
    {
        await using var store = await WithOneRecipient();
        var entries = Enumerable.Range(2, 50)
            .Select(job => store.Journal.Write(session => job % 10 == 0 ? throw new ArgumentException("This one.") : DeliveryStore.Open(session, Make.Delivery(job), store.Now)))
            .ToList();
        foreach (var (entry, job) in entries.Zip(Enumerable.Range(2, 50)))
        {
            if (job % 10 == 0)
            {
                await Assert.ThrowsAsync<ArgumentException>(() => entry);
            }
            else
            {
                Assert.True(await entry);
                Assert.NotNull(await store.Deliveries.Find(job, CancellationToken.None));
            }
        }
    }

    [Fact]
    public async Task Entries_that_wait_together_are_committed_together()
    {
        await using var store = await WithOneRecipient();
        var gate = new TaskCompletionSource();
        var first = store.Journal.Write(_ =>
        {
            gate.Task.Wait(TestContext.Current.CancellationToken);
            return true;
        });
        var others = Enumerable.Range(2, 1000).Select(job => store.Journal.Write(session => DeliveryStore.Open(session, Make.Delivery(job), store.Now))).ToList();
        var commits = store.Journal.Commits;
        gate.SetResult();
        await first;
        Assert.All(await Task.WhenAll(others), Assert.True);
        Assert.InRange(store.Journal.Commits - commits, 1, 3);
    }

    [Fact]
    public async Task What_stands_in_line_is_written_before_the_journal_stops()
    {
        var store = await WithOneRecipient();
        var entries = Enumerable.Range(2, 500).Select(job => store.Journal.Write(session => DeliveryStore.Open(session, Make.Delivery(job), store.Now))).ToList();
        await store.DisposeAsync();
        Assert.All(await Task.WhenAll(entries), Assert.True);
        await Assert.ThrowsAsync<InvalidOperationException>(() => store.Journal.Write(static _ => true));
    }

    [Fact]
    public async Task The_feed_keeps_its_id_as_long_as_the_store_lives()
    {
        await using var store = await OpenStore.Start(Database, _clock);
        await using var next = await OpenStore.Start(Database, _clock);
        Assert.Equal(32, store.Journal.FeedId.Length);
        Assert.Equal(store.Journal.FeedId, next.Journal.FeedId);
    }

    [Fact]
    public async Task Events_are_numbered_in_the_order_of_commits_without_gaps_whoever_writes()
    {
        await using var one = await WithOneRecipient();
        await one.Submit(1, 2, [.. Enumerable.Range(2, 200).Select(id => Make.Recipient(id))]);
        await using var two = await OpenStore.Start(Database, _clock);
        var settled = Enumerable.Range(1, 201).Select(id => (id % 2 == 0 ? one : two).Settle(Make.Waiting(1, id), Standing.Accepted)).ToList();
        Assert.All(await Task.WhenAll(settled), Assert.True);
        Assert.Equal(Enumerable.Range(1, 201).Select(number => (long)number), (await one.Events()).ConvertAll(happened => happened.Number));
        Assert.Equal(new FeedMarks(201, 0), await one.Feed.Marks(CancellationToken.None));
    }

    /// <summary>Whatever happens in whatever order, with kills in between: every recipient is counted once, and the events tell the same story.</summary>
    [Fact]
    public async Task The_books_always_balance()
    {
        const int Recipients = 6;
        var steps = Gen.Select(Gen.Int[0, 8], Gen.Int[1, Recipients]).Array[1, 60];
        var job = 0L;
        await steps.SampleAsync(
            async taken =>
            {
                var number = Interlocked.Increment(ref job);
                var store = await OpenStore.Start(Database, _clock);
                var opened = new List<OpenStore> { store };
                await store.Open(number);
                await store.Submit(number, 1, [.. Enumerable.Range(1, Recipients).Select(id => Make.Recipient(id, id % 2 == 0 ? "even" : "odd"))]);
                var places = Enumerable.Range(1, Recipients).Select(id => Make.Waiting(number, id, id % 2 == 0 ? "even" : "odd")).ToArray();
                foreach (var (step, id) in taken)
                {
                    if (step == 8)
                    {
                        store = await OpenStore.Start(Database, _clock);
                        opened.Add(store);
                        continue;
                    }

                    // Some of these are wrong for where the recipient stands: they must do nothing.
                    var place = places[id - 1];
                    var moved = await store.Journal.Move((session, done) => Step(session, step, place, store.Now, done));
                    places[id - 1] = moved ? After(step, place) : place;
                }

                var tally = await store.Tally(number);
                Assert.Equal(Recipients, tally.Submitted);
                var events = (await store.Events()).Where(happened => happened.Job == number).ToList();
                Assert.Equal(tally.Settled, events.Count);
                Assert.Equal(events.Count, events.Select(happened => happened.Recipient).Distinct().Count());
                foreach (var (fate, count) in new[] { (Standing.Accepted, tally.Accepted), (Standing.Refused, tally.Refused), (Standing.InDoubt, tally.InDoubt), (Standing.Expired, tally.Expired) })
                {
                    Assert.Equal(count, events.Count(happened => happened.Fate == fate));
                }

                foreach (var open in opened)
                {
                    await open.DisposeAsync();
                }
            },
            iter: 40,
            threads: 1);
    }

    private static void Step(JournalSession session, int step, Place place, long now, Action<bool> done)
    {
        switch (step)
        {
            case 0 or 1:
                Moves.Offer(session, place with { Standing = Standing.Waiting }, now, done);
                break;
            case 2:
                Moves.Settle(session, place, Standing.Accepted, place.Attempt, "250", "mx", now, done);
                break;
            case 3:
                Moves.Settle(session, place, Standing.Refused, place.Attempt, "550", "mx", now, done);
                break;
            case 4:
                Moves.Settle(session, place, Standing.Expired, place.Attempts, "late", "", now, done);
                break;
            case 5:
                Moves.Defer(session, place, "450", now, now, done);
                break;
            case 6:
                Moves.Retract(session, AsOffered(place), now, done);
                break;
            default:
                Moves.Settle(session, AsOffered(place), Standing.InDoubt, AsOffered(place).Attempts, "lost", "mx", now, done);
                break;
        }
    }

    private static Place After(int step, Place place) => step switch
    {
        0 or 1 => AsOffered(place),
        5 => place with { Standing = Standing.Waiting, Attempts = place.Attempt },
        6 => place with { Standing = Standing.Waiting, Attempts = AsOffered(place).Attempts - 1 },
        _ => place,
    };

    private static Place AsOffered(Place place) =>
        place.Standing == Standing.Offered ? place : place with { Standing = Standing.Offered, Attempts = place.Attempts + 1 };

    private static Place Offered(long id) => new(1, id, "lane", Standing.Offered, 1, 0);

    private async Task<OpenStore> WithOneRecipient()
    {
        var store = await OpenStore.Start(Database, _clock);
        await store.Open(1);
        await store.Submit(1, 1, Make.Recipient(1));
        return store;
    }
}

public sealed class JournalOnSqlite : JournalSpec
{
    private protected override Task<Store> MakeStore() => Task.FromResult(Store.OnSqlite());
}

public sealed class JournalOnPostgres(PostgresServer server) : JournalSpec
{
    private protected override Task<Store> MakeStore() => Store.OnPostgres(server);
}
