// SPDX-License-Identifier: Apache-2.0
using Tutti.Dst.Journal;
using Tutti.Dst.Queue;
using Tutti.Dst.Smtp;

namespace Tutti.Dst.Lanes;

/// <summary>
/// One sender of a lane. It has at most one message offered: composed and signed here, written up to the terminator,
/// committed as offered, ended, and its answer handed to the journal while the next one is prepared.
/// </summary>
internal sealed class LaneConnection(Lane lane, LaneParts parts)
{
    private const int QuickRetries = 2;
    private static readonly TimeSpan _linger = TimeSpan.FromSeconds(3);

    private MessageBuffer _buffer = new();
    private MessageBuffer _spare = new();
    private SmtpConnection? _connection;
    private Ahead? _ahead;

    private long Now => parts.Clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Sends until nothing is due.</summary>
    public async Task Run()
    {
        try
        {
            while (await Next() is { } recipient)
            {
                await parts.Rate.Turn(lane.Stopping);
                if (!await Send(recipient))
                {
                    break;
                }
            }
        }
        catch (OperationCanceledException) when (lane.Stopping.IsCancellationRequested)
        {
            // Nothing was offered; who was taken still waits on disk.
        }
        finally
        {
            if (_ahead is { } ahead)
            {
                lane.Queue.GiveBack(ahead.Recipient);
            }

            await Close();
        }
    }

    private async Task<QueuedRecipient?> Next()
    {
        if (_ahead is { } ahead && !lane.Stopping.IsCancellationRequested)
        {
            return ahead.Recipient;
        }

        var idleSince = 0L;
        while (true)
        {
            if (await lane.Take() is { } recipient)
            {
                return recipient;
            }

            idleSince = idleSince == 0 ? Now : idleSince;
            if (!lane.Lingers || lane.IsResting || lane.Stopping.IsCancellationRequested || Now - idleSince >= _linger.TotalMilliseconds)
            {
                return null;
            }

            await lane.WaitForWork(_linger);
        }
    }

    /// <returns>False if this connection has nothing more to do here.</returns>
    private async Task<bool> Send(QueuedRecipient recipient)
    {
        var ready = TakeAhead(recipient);
        if (_connection is not { IsOpen: true } && await FailureToOpen() is { } failure)
        {
            return Unreachable(recipient, failure);
        }

        var connection = _connection!;
        var composed = ready ?? await parts.Messages.Compose(recipient, _buffer, Now);
        if (composed.Problem is not null)
        {
            Settle(recipient.Place, Standing.Refused, composed.Problem, host: "");
            return true;
        }

        var answer = await connection.Prepare(composed.Mail!);
        if (answer.Result != Result.Ready)
        {
            Record(recipient, recipient.Place, answer, connection.Host);
            return true;
        }

        await LookAhead(connection);
        if (lane.Stopping.IsCancellationRequested || !await parts.Journal.Offer(recipient.Place, Now))
        {
            // It has not been offered: without its terminator the receiver does not take it.
            lane.Queue.Release(recipient.Place);
            await Drop();
            return true;
        }

        var offered = recipient.Place with
        {
            Standing = Standing.Offered,
            Attempts = recipient.Place.Attempts + 1,
            FirstAt = recipient.Place.FirstAt == 0 ? composed.At : recipient.Place.FirstAt,
        };
        Record(recipient, offered, await connection.Complete(_ahead?.Composed.Mail), connection.Host);
        return true;
    }

    /// <summary>The message of this recipient if it was composed already.</summary>
    private Composed? TakeAhead(QueuedRecipient recipient)
    {
        if (_ahead is not { } ahead || !ReferenceEquals(ahead.Recipient, recipient))
        {
            return null;
        }

        (_buffer, _spare, _ahead) = (_spare, _buffer, null);
        return ahead.Composed;
    }

    /// <summary>Composes the next message, so that its envelope can leave with the terminator of this one. Before the offer, because it may fail.</summary>
    private async ValueTask LookAhead(SmtpConnection connection)
    {
        if (connection.TakesNext && !parts.Rate.IsLimited && lane.TakeReady() is { } next)
        {
            _ahead = new Ahead(next, default);
            _ahead = new Ahead(next, await parts.Messages.Compose(next, _spare, Now));
        }
    }

    private async Task<Answer?> FailureToOpen()
    {
        await Close();
        var route = await parts.Routes.Find(lane.Name, lane.Stopping);
        if (route.Failure is not null)
        {
            return route.Failure;
        }

        var dialled = await parts.Dialer.Dial(route.Hosts, lane.Lifetime);
        if (dialled.Connection is null)
        {
            return dialled.Failure!;
        }

        _connection = dialled.Connection;
        lane.Connected();
        return null;
    }

    /// <returns>True if others of this lane get the same answer at once: there is no such destination.</returns>
    private bool Unreachable(QueuedRecipient recipient, Answer failure)
    {
        if (failure.Result == Result.Refused)
        {
            Settle(recipient.Place, Standing.Refused, failure.Text, host: "");
            return true;
        }

        lane.Queue.GiveBack(recipient);
        lane.Failed(failure);
        return false;
    }

    /// <summary>Hands the end of an attempt to the journal.</summary>
    private void Record(QueuedRecipient recipient, Place place, Answer answer, string host)
    {
        parts.Figures.Answered(answer.Result);
        switch (answer.Result)
        {
            case Result.Accepted:
                lane.Accepted();
                Settle(place, Standing.Accepted, answer.Text, host);
                break;
            case Result.Refused:
                Settle(place, Standing.Refused, answer.Text, answer.Stage == Stage.Local ? "" : host);
                break;
            case Result.InDoubt:
                Settle(place, Standing.InDoubt, answer.Text, host);
                break;
            case Result.Deferred when answer.IsShutdown && place.Standing == Standing.Waiting && recipient.Breaks++ < QuickRetries:
                // The receiver closes the connection: that is about the connection, not about this recipient.
                lane.Queue.GiveBack(recipient);
                break;
            case Result.Broken when recipient.Breaks++ < QuickRetries:
                Retry(recipient, place);
                break;
            case Result.Deferred or Result.Broken:
                Defer(place, answer.Text);
                break;
            default:
                throw new InvalidOperationException($"{answer.Result} is no end of an attempt.");
        }
    }

    private void Settle(Place place, Standing fate, string reply, string host) => parts.Journal.Post(
        new Settled(place, fate, place.Standing == Standing.Offered ? place.Attempts : place.Attempt, reply, host, Now, lane.Queue.Release));

    private void Defer(Place place, string reply)
    {
        var now = Now;
        var nextAt = now + (long)parts.Queue.WaitAfter(place.Attempt).TotalMilliseconds;
        parts.Journal.Post(new Deferred(place, reply, nextAt, now, lane.Queue.Release));
        lane.Queue.DueAgain(nextAt);
    }

    /// <summary>The connection broke before the message could have been taken: once more, on another connection.</summary>
    private void Retry(QueuedRecipient recipient, Place place)
    {
        if (place.Standing == Standing.Offered)
        {
            // The next offer stands behind this in the journal's line.
            parts.Journal.Post(new Retracted(place, Now));
        }

        lane.Queue.GiveBack(recipient);
    }

    private async Task Close()
    {
        if (_connection is { } connection)
        {
            _connection = null;
            lane.Disconnected();
            await connection.Quit();
        }
    }

    private async Task Drop()
    {
        if (_connection is { } connection)
        {
            _connection = null;
            lane.Disconnected();
            await connection.DisposeAsync();
        }
    }

    private sealed record Ahead(QueuedRecipient Recipient, Composed Composed);
}
