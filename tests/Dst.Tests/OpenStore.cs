// SPDX-License-Identifier: Apache-2.0
using Microsoft.Extensions.Logging.Abstractions;
using Tutti.Dst.Feed;
using Tutti.Dst.Journal;
using Tutti.Dst.Queue;
using Tutti.Dst.Suppression;
using Tutti.Wiring.Storage;

namespace Tutti.Dst.Tests;

/// <summary>A process' view of the store: its journal runs, nothing is sent. Several may be open after each other on one database, the older ones as if killed.</summary>
internal sealed class OpenStore : IAsyncDisposable
{
    private OpenStore(Database database, TimeProvider clock)
    {
        Clock = clock;
        Journal = new JournalWorker(database, clock, NullLogger<JournalWorker>.Instance);
        Deliveries = new DeliveryStore(database);
        Recipients = new RecipientStore(database);
        Tallies = new TallyStore(database);
        Feed = new FeedStore(database);
        Suppression = new SuppressionStore(database);
    }

    public TimeProvider Clock { get; }

    public JournalWorker Journal { get; }

    public DeliveryStore Deliveries { get; }

    public RecipientStore Recipients { get; }

    public TallyStore Tallies { get; }

    public FeedStore Feed { get; }

    public SuppressionStore Suppression { get; }

    public long Now => Clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Opens it as a starting process does, recovery included.</summary>
    public static async Task<OpenStore> Start(Database database, TimeProvider clock)
    {
        var store = new OpenStore(database, clock);
        await store.Journal.StartAsync(CancellationToken.None);
        await store.Journal.Write(session => Recovery.Run(session, store.Now));
        return store;
    }

    public Task<bool> Open(long job) => Journal.Write(session => DeliveryStore.Open(session, Make.Delivery(job), Now));

    public Task<BatchReception> Submit(long job, long number, params NewRecipient[] recipients) =>
        Journal.Write(session => BatchStore.Add(session, job, number, recipients, Now));

    public Task<BatchReception> Repeat(long job, long number, params NewRecipient[] recipients) =>
        Journal.Write(session => BatchStore.Add(session, job, number, recipients, Now, repeats: true));

    public Task<Course> Direct(long job, long number, Course course) => Journal.Write(session => DeliveryStore.Direct(session, job, number, course));

    public async Task<List<QueuedRecipient>> Due(long job, string lane = "lane", int limit = 100) =>
        await Recipients.Due(job, lane, Now, limit, new HashSet<(long, long)>(), CancellationToken.None);

    public Task<bool> Settle(Place place, Standing fate, string reply = "250 Ok") =>
        Journal.Move((session, done) => Moves.Settle(session, place, fate, place.Attempt, reply, "mx", Now, done));

    public Task<Tally> Tally(long job) => Tallies.Of(job, CancellationToken.None);

    public Task<List<FateEvent>> Events(long after = 0, int limit = 1_000_000) => Feed.After(after, limit, int.MaxValue, CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await Journal.StopAsync(CancellationToken.None);
        Journal.Dispose();
    }
}
