// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Data.Common;
using Grpc.Core;
using Tutti.Contracts.Feed.V1;
using Tutti.Lui.Components;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Feeds;

/// <summary>What a writer answered to a fetch.</summary>
/// <param name="FeedId">The writer's feed.</param>
/// <param name="Numbers">The numbers of the events, in the order in which they came.</param>
/// <param name="Newest">Number of the writer's newest event.</param>
/// <param name="Lost">Events that the writer could not keep.</param>
/// <param name="ClockMs">The writer's clock, Unix time in milliseconds.</param>
/// <param name="Store">Stores the events within the transaction that moves the mark.</param>
internal sealed record FeedAnswer(
    string FeedId,
    IReadOnlyList<ulong> Numbers,
    ulong Newest,
    ulong Lost,
    long ClockMs,
    Func<DbTransaction, Feed, long, Task> Store);

/// <summary>The reader's half of a feed: fetched after the mark, stored with the new mark in one transaction, then confirmed.</summary>
internal sealed class ReadFeed(Database database, FeedStore feeds, ComponentStore components, TimeProvider clock)
{
    private const uint MostEvents = 5000;

    // A round ends now and then, so that whatever else is to be done with this component has its turn.
    private const int MostBatches = 20;

    private readonly ConcurrentDictionary<string, long> _confirmed = new();

    /// <summary>One round with one writer. While a batch is stored the next one is already on its way.</summary>
    /// <param name="component">Whose feed it is.</param>
    /// <param name="wait">How long the writer may hold the call when it has nothing to send.</param>
    /// <param name="fetch">Asks the writer.</param>
    /// <param name="confirm">Confirms what is stored.</param>
    /// <param name="cancellationToken">Ends the round.</param>
    public async Task<FeedRound> Handle(
        Component component,
        TimeSpan wait,
        Func<FetchRequest, CancellationToken, Task<FeedAnswer>> fetch,
        Func<ConfirmRequest, CancellationToken, Task> confirm,
        CancellationToken cancellationToken)
    {
        var feed = component.Feed is { } known ? await feeds.FindOrBegin(known, component.Id, cancellationToken) : null;
        var coming = Fetch(fetch, feed?.Id, feed?.Mark ?? 0, wait, cancellationToken);
        for (var batches = 1; ; batches++)
        {
            var fetched = await coming;
            var answer = fetched.Answer;
            if (feed is null || feed.Id != answer.FeedId)
            {
                // Another store than the one we knew: its events are read from the first one on.
                await feeds.FindOrBegin(answer.FeedId, component.Id, cancellationToken);
                await components.SaveFeed(component.Id, answer.FeedId, cancellationToken);
                return FeedRound.Begun;
            }

            var last = LastOf(feed.Mark, answer.Numbers);
            var hasMore = answer.Numbers.Count > 0 && last < (long)answer.Newest && batches < MostBatches;
            coming = hasMore ? Fetch(fetch, feed.Id, last, TimeSpan.Zero, cancellationToken) : Task.FromResult(fetched);
            try
            {
                if (!await Keep(feed, last, answer, fetched.ReadingAt(last), cancellationToken))
                {
                    await Forget(coming);
                    return FeedRound.Overtaken;
                }

                // Also when nothing came: the confirmation of the round before may have been lost.
                if (last > 0 && _confirmed.GetValueOrDefault(feed.Id) != last)
                {
                    using var patience = new Patience(clock, cancellationToken);
                    await confirm(new ConfirmRequest { FeedId = feed.Id, UpTo = (ulong)last }, patience.Token);
                    _confirmed[feed.Id] = last;
                }
            }
            catch
            {
                await Forget(coming);
                throw;
            }

            if (!hasMore)
            {
                return answer.Numbers.Count == 0 ? FeedRound.Nothing : FeedRound.Stored;
            }

            feed = feed with { Mark = last };
        }
    }

    private async Task<Fetched> Fetch(
        Func<FetchRequest, CancellationToken, Task<FeedAnswer>> fetch, string? feed, long mark, TimeSpan wait, CancellationToken cancellationToken)
    {
        using var patience = new Patience(clock, cancellationToken);
        var asked = clock.GetUtcNow();
        var answer = await fetch(
            new FetchRequest { FeedId = feed ?? "", After = (ulong)mark, MaxEvents = MostEvents, WaitMs = (uint)wait.TotalMilliseconds },
            patience.Token);
        return new Fetched(answer, asked, clock.GetUtcNow());
    }

    // What it brings is fetched again; only nothing of it may go on behind this round.
    private static async Task Forget(Task coming) => await coming.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private Task<bool> Keep(Feed feed, long last, FeedAnswer answer, FeedReading reading, CancellationToken cancellationToken) => database.Write(
        async transaction =>
        {
            if (answer.Numbers.Count > 0)
            {
                if (!await FeedStore.Move(transaction, feed.Id, feed.Mark, last))
                {
                    return false;
                }

                await answer.Store(transaction, feed, reading.ClockOffsetMs);
            }

            await FeedStore.SaveReading(transaction, feed.Id, reading);
            return true;
        },
        cancellationToken);

    private static long LastOf(long mark, IReadOnlyList<ulong> numbers)
    {
        foreach (var number in numbers)
        {
            if ((long)number != mark + 1)
            {
                throw new RpcException(new Status(StatusCode.DataLoss, $"Event {number} came after {mark}: the feed has a gap. Nothing of this answer was stored."));
            }

            mark++;
        }

        return mark;
    }

    private sealed record Fetched(FeedAnswer Answer, DateTimeOffset Asked, DateTimeOffset Answered)
    {
        public FeedReading ReadingAt(long last) => new(
            (long)Answer.Newest,
            (long)Answer.Lost,
            ClockOffset.Of(Answer.ClockMs, Asked, Answered),
            last >= (long)Answer.Newest ? Asked.ToUnixTimeMilliseconds() : null);
    }
}
