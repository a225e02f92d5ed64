// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Data.Common;
using Grpc.Core;
using Microsoft.Extensions.Logging;
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
    Func<DbTransaction, Feed, long, Task> Store)
{
    /// <summary>Numbers without events, in their order.</summary>
    public IReadOnlyList<FeedHole> Holes { get; init; } = [];

    /// <summary>The writer's starts, in their order, as far as they matter behind the mark.</summary>
    public IReadOnlyList<string> Starts { get; init; } = [];

    /// <summary>Where the reader's feed has ended with a store that was replaced by an older copy: up to this number both have the same events.</summary>
    public long? SharedTo { get; init; }
}

/// <summary>The reader's half of a feed: fetched after the mark, stored with the new mark in one transaction, then confirmed.</summary>
internal sealed partial class ReadFeed(Database database, FeedStore feeds, ComponentStore components, TimeProvider clock, ILogger<ReadFeed> logger)
{
    private const uint MostEvents = 5000;
    private const int MostStarts = 50;

    // A round ends now and then, so that whatever else is to be done with this component has its turn.
    private const int MostBatches = 20;

    private readonly ConcurrentDictionary<string, long> _confirmed = new();

    /// <summary>One round with one writer. While a batch is stored the next one is already on its way, and the one before is confirmed.</summary>
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
        var coming = Fetch(fetch, feed, wait, isAhead: false, cancellationToken);
        var confirming = Task.CompletedTask;
        for (var batches = 1; ; batches++)
        {
            var fetched = await coming;
            var answer = fetched.Answer;
            if (feed is null || feed.Id != answer.FeedId)
            {
                // Another store than the one we knew: its events are read from the first one on.
                if (feed is not null && answer.SharedTo is { } shared)
                {
                    await GiveUp(component, feed, Math.Max(feed.Mark, shared), cancellationToken);
                }

                await feeds.FindOrBegin(answer.FeedId, component.Id, cancellationToken);
                await components.SaveFeed(component.Id, answer.FeedId, cancellationToken);
                return FeedRound.Begun;
            }

            var last = LastOf(feed.Mark, answer);
            var reading = fetched.ReadingAt(last, [.. feed.Starts.Except(answer.Starts).Concat(answer.Starts).TakeLast(MostStarts)]);
            var next = feed with { Mark = last, Newest = reading.Newest, Starts = reading.Starts };
            var hasMore = last > feed.Mark && last < (long)answer.Newest && batches < MostBatches;
            coming = hasMore ? Fetch(fetch, next, TimeSpan.Zero, isAhead: true, cancellationToken) : Task.FromResult(fetched);
            try
            {
                var isKept = await Keep(feed, last, answer, reading, cancellationToken);
                await confirming;
                if (!isKept)
                {
                    await Forget(coming);
                    return FeedRound.Overtaken;
                }

                // Also when nothing came: the confirmation of the round before may have been lost.
                confirming = last > 0 && _confirmed.GetValueOrDefault(feed.Id) != last ? Confirm(confirm, feed.Id, last, cancellationToken) : Task.CompletedTask;
                if (!hasMore)
                {
                    await confirming;
                }
            }
            catch
            {
                await Forget(coming);
                await Forget(confirming);
                throw;
            }

            foreach (var hole in LossesOf(feed, answer))
            {
                LogLost(component.Title, hole.First, hole.Last);
            }

            if (!hasMore)
            {
                return last == feed.Mark ? FeedRound.Nothing : FeedRound.Stored;
            }

            feed = next;
        }
    }

    private async Task<Fetched> Fetch(Func<FetchRequest, CancellationToken, Task<FeedAnswer>> fetch, Feed? feed, TimeSpan wait, bool isAhead, CancellationToken cancellationToken)
    {
        using var patience = new Patience(clock, cancellationToken);
        var request = new FetchRequest { FeedId = feed?.Id ?? "", After = (ulong)(feed?.Mark ?? 0), MaxEvents = MostEvents, WaitMs = (uint)wait.TotalMilliseconds, Ahead = isAhead };
        if (feed is { Starts.Count: > 0 })
        {
            request.Starts.AddRange(feed.Starts);
            request.Told = (ulong)feed.Newest;
        }

        var asked = clock.GetUtcNow();
        var answer = await fetch(request, patience.Token);
        return new Fetched(answer, asked, clock.GetUtcNow());
    }

    private async Task Confirm(Func<ConfirmRequest, CancellationToken, Task> confirm, string feed, long last, CancellationToken cancellationToken)
    {
        using var patience = new Patience(clock, cancellationToken);
        await confirm(new ConfirmRequest { FeedId = feed, UpTo = (ulong)last }, patience.Token);
        _confirmed[feed] = last;
    }

    // What it brings is fetched again, what it confirms is confirmed again; only nothing of it may go on behind this round.
    private static async Task Forget(Task coming) => await coming.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private Task<bool> Keep(Feed feed, long last, FeedAnswer answer, FeedReading reading, CancellationToken cancellationToken) => database.Write(
        async transaction =>
        {
            if (last > feed.Mark)
            {
                if (!await FeedStore.Move(transaction, feed.Id, feed.Mark, last))
                {
                    return false;
                }

                foreach (var hole in LossesOf(feed, answer))
                {
                    await feeds.AddHole(transaction, feed.Id, hole);
                }

                if (answer.Numbers.Count > 0)
                {
                    await answer.Store(transaction, feed, reading.ClockOffsetMs);
                }
            }

            await FeedStore.SaveReading(transaction, feed.Id, reading);
            return true;
        },
        cancellationToken);

    // What LUI was told of and never got, and what the replaced store no longer has.
    private async Task GiveUp(Component component, Feed feed, long kept, CancellationToken cancellationToken)
    {
        if (feed.Newest > kept)
        {
            await database.Write(
                async transaction =>
                {
                    await feeds.AddHole(transaction, feed.Id, new FeedHole(kept + 1, feed.Newest, IsLoss: true));
                    return true;
                },
                cancellationToken);
            LogLost(component.Title, kept + 1, feed.Newest);
        }

        LogReplaced(component.Title);
    }

    // Who begins to read has lost nothing of what another had read before.
    private static IEnumerable<FeedHole> LossesOf(Feed feed, FeedAnswer answer) => answer.Holes.Where(hole => hole.IsLoss || feed.Mark > 0);

    private static long LastOf(long mark, FeedAnswer answer)
    {
        var holes = new Queue<FeedHole>(answer.Holes);
        foreach (var number in answer.Numbers)
        {
            mark = Over(holes, mark);
            if ((long)number != mark + 1)
            {
                throw new RpcException(new Status(StatusCode.DataLoss, $"Event {number} came after {mark}: the feed has a gap that nobody explains. Nothing of this answer was stored."));
            }

            mark++;
        }

        return Over(holes, mark);
    }

    private static long Over(Queue<FeedHole> holes, long mark)
    {
        while (holes.TryPeek(out var hole) && hole.First == mark + 1 && hole.Last > mark)
        {
            mark = holes.Dequeue().Last;
        }

        return mark;
    }

    [LoggerMessage(4542, LogLevel.Error, "{Component} no longer has its events {First} to {Last}: they are lost and counted as such", EventName = "lui.feed.lost")]
    private partial void LogLost(string component, long first, long last);

    [LoggerMessage(4543, LogLevel.Warning, "{Component} runs on an older copy of its store: it is read under a new feed, without those events that are here already", EventName = "lui.feed.replaced")]
    private partial void LogReplaced(string component);

    private sealed record Fetched(FeedAnswer Answer, DateTimeOffset Asked, DateTimeOffset Answered)
    {
        public FeedReading ReadingAt(long last, IReadOnlyList<string> starts) => new(
            (long)Answer.Newest,
            (long)Answer.Lost,
            ClockOffset.Of(Answer.ClockMs, Asked, Answered),
            last >= (long)Answer.Newest ? Asked.ToUnixTimeMilliseconds() : null,
            starts);
    }
}
