// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using Tutti.Dst.Journal;
using Tutti.Dst.Lanes.Pacing;
using Tutti.Dst.Queue;
using Tutti.Dst.Smtp;

namespace Tutti.Dst.Lanes;

/// <summary>Hands to the journal what happens to a message, for everybody whom it is for.</summary>
internal sealed class Bookkeeping(Lane lane, LaneParts parts)
{
    private const int QuickRetries = 2;

    private long Now => parts.Clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>The commit that must come before the terminator.</summary>
    /// <param name="destination">Whose queue it came from.</param>
    /// <param name="recipient">Whom the message is for, with the others.</param>
    /// <param name="offered">Where that recipient stands afterwards.</param>
    /// <param name="host">The number of the host it is offered to.</param>
    /// <returns>False if somebody does not wait any more: the message must not be finished. Who is left is in the queue.</returns>
    public async Task<bool> Offer(Destination destination, QueuedRecipient recipient, Place offered, int host)
    {
        if (recipient.Others.Count == 0)
        {
            var isOffered = await parts.Journal.Offer(recipient.Place, Now, host);
            if (!isOffered)
            {
                destination.Queue.Release(recipient.Place);
            }

            return isOffered;
        }

        List<QueuedRecipient> all = [recipient, .. recipient.Others];
        var now = Now;
        var done = await Task.WhenAll(all.Select(one => parts.Journal.Offer(one.Place, now, host)));
        if (done.All(isOffered => isOffered))
        {
            return true;
        }

        recipient.Others = [];
        foreach (var (one, isOffered) in all.Zip(done))
        {
            if (isOffered)
            {
                parts.Journal.Post(new Retracted(one.Offered(offered.FirstAt), now));
                destination.Queue.GiveBack(one);
            }
            else
            {
                destination.Queue.Release(one.Place);
            }
        }

        return false;
    }

    /// <summary>Takes an offer back whose terminator certainly never left.</summary>
    public void Retract(QueuedRecipient recipient, Place offered)
    {
        var now = Now;
        foreach (var place in Places(recipient, offered))
        {
            parts.Journal.Post(new Retracted(place, now));
        }
    }

    /// <summary>No receiver has heard of it, and none will.</summary>
    public void Refuse(Destination destination, QueuedRecipient recipient, string reason) =>
        Settle(destination, recipient, recipient.Place, Standing.Refused, reason, host: "");

    /// <summary>The end of an attempt.</summary>
    /// <param name="destination">Whose queue it came from.</param>
    /// <param name="recipient">Whom the message is for, with the others.</param>
    /// <param name="place">Where that recipient stands now: waiting, or offered.</param>
    /// <param name="answer">How it ended.</param>
    /// <param name="host">Who said so.</param>
    public void Record(Destination destination, QueuedRecipient recipient, Place place, Answer answer, string host)
    {
        for (var count = 0; count <= recipient.Others.Count; count++)
        {
            parts.Figures.Answered(answer.Result);
        }

        lane.Pace.Count(answer.Result);
        if (answer is { Result: Result.Deferred or Result.Refused, Stage: not Stage.Local })
        {
            lane.Pace.Heard(answer.Text);
        }

        switch (answer.Result)
        {
            case Result.Accepted:
                lane.Pace.Worked();
                Settle(destination, recipient, place, Standing.Accepted, answer.Text, host);
                break;
            case Result.Refused when answer.Stage == Stage.Local:
                Settle(destination, recipient, place, Standing.Refused, answer.Text, host: "");
                break;
            case Result.Refused:
                lane.Pace.Worked();
                Settle(destination, recipient, place, Standing.Refused, answer.Text, host);
                break;
            case Result.InDoubt:
                Settle(destination, recipient, place, Standing.InDoubt, answer.Text, host);
                break;
            case Result.Deferred when lane.Pace.PutOff(answer) && answer.IsShutdown && place.Standing == Standing.Waiting && recipient.Breaks++ < QuickRetries:
                // The receiver closes the connection: that is about the connection, not about this recipient.
                destination.Queue.GiveBack(recipient);
                break;
            case Result.Broken when recipient.Breaks++ < QuickRetries:
                Retry(destination, recipient, place);
                break;
            case Result.Deferred or Result.Broken:
                Defer(destination, recipient, place, answer.Text);
                break;
            default:
                throw new InvalidOperationException($"{answer.Result} is no end of an attempt.");
        }
    }

    /// <summary>The connection broke before the message could have been taken: once more, on another connection.</summary>
    public void Retry(Destination destination, QueuedRecipient recipient, Place place)
    {
        if (place.Standing == Standing.Offered)
        {
            // The next offer stands behind this in the journal's line.
            Retract(recipient, place);
        }

        destination.Queue.GiveBack(recipient);
    }

    private void Settle(Destination destination, QueuedRecipient recipient, Place first, Standing fate, string reply, string host)
    {
        var now = Now;
        foreach (var place in Places(recipient, first))
        {
            parts.Journal.Post(new Settled(place, fate, place.Standing == Standing.Offered ? place.Attempts : place.Attempt, reply, host, now, destination.Queue.Release));
        }
    }

    private void Defer(Destination destination, QueuedRecipient recipient, Place first, string reply)
    {
        var now = Now;
        var chance = RandomNumberGenerator.GetInt32(1000) / 1000.0;
        var wait = RetryHint.In(reply) is { } named ? parts.Queue.WaitAfter(first.Attempt, chance, named) : parts.Queue.WaitAfter(first.Attempt, chance);

        // All of a message at the same moment: apart they would come back in a message each.
        var nextAt = now + (long)wait.TotalMilliseconds;
        foreach (var place in Places(recipient, first))
        {
            parts.Journal.Post(new Deferred(place, reply, nextAt, now, one => destination.Queue.Release(one, nextAt)));
        }

        destination.Queue.DueAgain(first.Job, nextAt);
    }

    /// <summary>Where everybody stands whom the message is for.</summary>
    private static IEnumerable<Place> Places(QueuedRecipient recipient, Place first) => recipient.Others.Count == 0
        ? [first]
        : [first, .. recipient.Others.Select(other => first.Standing == Standing.Offered ? other.Offered(first.FirstAt) : other.Place)];
}
