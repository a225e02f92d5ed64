// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using Tutti.Dst.Journal;
using Tutti.Dst.Lanes.Pacing;
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
    private Destination? _usedFor;
    private int _hostNumber;
    private Ahead? _ahead;

    /// <summary>What it works on; set by the lane.</summary>
    public Destination? Destination { get; set; }

    /// <summary>Recipients it has taken there in this turn; counted by the lane.</summary>
    public int Turn { get; set; }

    /// <summary>Whether the lane counts it no more.</summary>
    public bool IsRetired { get; set; }

    /// <summary>The name of the host it is connected to; empty if there is no connection.</summary>
    public string Host { get; private set; } = "";

    /// <summary>The destination its connection was opened for; null if there is no connection.</summary>
    public Destination? OpenedFor { get; private set; }

    private long Now => parts.Clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Sends until nothing is due.</summary>
    public async Task Run()
    {
        try
        {
            while (await Next() is { } recipient && await InTurn(recipient, Destination!))
            {
                // The next one.
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
                Destination!.Queue.GiveBack(ahead.Recipient);
            }

            lane.Leave(this, goesOn: true);
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
            if (await lane.Take(this) is { } recipient)
            {
                return recipient;
            }

            idleSince = idleSince == 0 ? Now : idleSince;
            if (!lane.Lingers || IsRetired || lane.IsOver || Now - idleSince >= _linger.TotalMilliseconds)
            {
                return null;
            }

            await lane.WaitForWork(_linger);
        }
    }

    private async Task<bool> InTurn(QueuedRecipient recipient, Destination destination)
    {
        try
        {
            await parts.Rate.Turn(lane.Stopping);
            await lane.Pace.Rate.Turn(lane.Stopping);
            return await Send(recipient, destination);
        }
        catch
        {
            // Whoever comes next finds it on disk.
            destination.Queue.LetGo(recipient);
            throw;
        }
    }

    /// <returns>False if this connection has nothing more to do here.</returns>
    private async Task<bool> Send(QueuedRecipient recipient, Destination destination)
    {
        var ready = TakeAhead(recipient);
        if (!await CanUse(destination) && await FailureToOpen(destination) is { } failure)
        {
            return Unreachable(recipient, destination, failure);
        }

        var connection = _connection!;
        if (!await parts.Departures.Take(connection.Source, lane.Operator))
        {
            // Its address has carried its share of the day; another one may have some left.
            destination.Queue.GiveBack(recipient);
            await Close();
            return true;
        }

        var composed = ready ?? await parts.Messages.Compose(recipient, _buffer, Now);
        if (composed.Problem is not null)
        {
            await parts.Departures.GiveBack(connection.Source, lane.Operator);
            Settle(destination, recipient.Place, Standing.Refused, composed.Problem, host: "");
            return true;
        }

        var answer = await connection.Prepare(composed.Mail!);
        if (answer.Result != Result.Ready)
        {
            await parts.Departures.GiveBack(connection.Source, lane.Operator);
            Record(destination, recipient, recipient.Place, answer, connection.Host);
            return true;
        }

        await LookAhead(connection);
        var offered = recipient.Place with
        {
            Standing = Standing.Offered,
            Attempts = recipient.Place.Attempts + 1,
            FirstAt = recipient.Place.FirstAt == 0 ? composed.At : recipient.Place.FirstAt,
        };
        if (lane.Stopping.IsCancellationRequested || !await Offer(destination, recipient, offered))
        {
            // Without its terminator the receiver does not take it.
            await parts.Departures.GiveBack(connection.Source, lane.Operator);
            await Drop();
            return true;
        }

        Record(destination, recipient, offered, await connection.Complete(_ahead?.Composed.Mail), connection.Host);
        if (IsUsedUp(connection, more: 0))
        {
            await Close();
        }

        return true;
    }

    /// <returns>False if it must not be finished.</returns>
    private async Task<bool> Offer(Destination destination, QueuedRecipient recipient, Place offered)
    {
        try
        {
            if (!await parts.Journal.Offer(recipient.Place, Now, _hostNumber))
            {
                destination.Queue.Release(recipient.Place);
                return false;
            }
        }
        catch
        {
            // The journal could not say whether it is on disk, and the terminator will not be written.
            parts.Journal.Post(new Retracted(offered, Now));
            throw;
        }

        if (!parts.Group.HasLapsed)
        {
            return true;
        }

        // This process slept since then: the others may have taken over, and say of this message that it is in doubt.
        Retry(destination, recipient, offered);
        return false;
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
        if (connection.TakesNext && !parts.Departures.Limits(connection.Source) && !parts.Rate.IsLimited && !lane.Pace.Rate.IsLimited && !IsUsedUp(connection, more: 1) && lane.TakeReady(this) is { } next)
        {
            _ahead = new Ahead(next, default);
            _ahead = new Ahead(next, await parts.Messages.Compose(next, _spare, Now));
        }
    }

    private bool IsUsedUp(SmtpConnection connection, int more) =>
        lane.Pace.Policy.MessagesPerConnection is > 0 and var most && connection.Served + more >= most;

    /// <summary>Whether the open connection is one for this destination; asked anew only when it comes to another one.</summary>
    private async ValueTask<bool> CanUse(Destination destination)
    {
        if (_connection is not { IsOpen: true } connection || OpenedFor is not { } other)
        {
            return false;
        }

        if (ReferenceEquals(_usedFor, destination))
        {
            return true;
        }

        if (!destination.Shares(Host, other) || await parts.Routes.Find(destination.Name, lane.Stopping) is not { Failure: null } route || !route.Allows(connection))
        {
            return false;
        }

        _usedFor = destination;
        return true;
    }

    private async Task<Unreached?> FailureToOpen(Destination destination)
    {
        await Close();
        var route = await parts.Routes.Find(destination.Name, lane.Stopping);
        if (route.Failure is not null)
        {
            return new Unreached(route.Hosts, route.Failure);
        }

        var sources = await parts.Departures.Choose(lane.Pool, lane.Operator);
        if (sources.IsUsedUp)
        {
            var (words, until) = parts.Departures.UsedUp(lane.Pool, lane.Operator);
            lane.Pace.Rest(words, until);
            return new Unreached([], new Answer(Result.Deferred, Stage.Local, 0, "", words));
        }

        var dialled = await parts.Dialer.Dial(route.Hosts, lane.Lifetime, sources);
        if (dialled.Connection is null)
        {
            return new Unreached(route.Hosts, dialled.Failure!);
        }

        _connection = dialled.Connection;
        (Host, OpenedFor, _usedFor) = (_connection.Host.Split(' ')[0], destination, destination);
        lane.Opened(destination, Host);
        _hostNumber = await parts.Hosts.Of(_connection.Host);
        return null;
    }

    /// <returns>False if this connection has nothing more to do here.</returns>
    private bool Unreachable(QueuedRecipient recipient, Destination destination, Unreached failure)
    {
        if (failure.Answer.Result == Result.Refused)
        {
            // Others of this destination get the same answer at once: there is no such destination.
            Settle(destination, recipient.Place, Standing.Refused, failure.Answer.Text, host: "");
            return true;
        }

        destination.Queue.GiveBack(recipient);
        return failure.Answer.Stage != Stage.Local && lane.Failed(destination, failure.Hosts, failure.Answer);
    }

    /// <summary>Hands the end of an attempt to the journal.</summary>
    private void Record(Destination destination, QueuedRecipient recipient, Place place, Answer answer, string host)
    {
        parts.Figures.Answered(answer.Result);
        lane.Pace.Count(answer.Result);
        if (answer is { Result: Result.Deferred or Result.Refused, Stage: not Stage.Local })
        {
            lane.Pace.Heard(answer.Text);
        }

        switch (answer.Result)
        {
            case Result.Accepted:
                lane.Pace.Worked();
                Settle(destination, place, Standing.Accepted, answer.Text, host);
                break;
            case Result.Refused when answer.Stage == Stage.Local:
                Settle(destination, place, Standing.Refused, answer.Text, host: "");
                break;
            case Result.Refused:
                lane.Pace.Worked();
                Settle(destination, place, Standing.Refused, answer.Text, host);
                break;
            case Result.InDoubt:
                Settle(destination, place, Standing.InDoubt, answer.Text, host);
                break;
            case Result.Deferred when lane.Pace.PutOff(answer) && answer.IsShutdown && place.Standing == Standing.Waiting && recipient.Breaks++ < QuickRetries:
                // The receiver closes the connection: that is about the connection, not about this recipient.
                destination.Queue.GiveBack(recipient);
                break;
            case Result.Broken when recipient.Breaks++ < QuickRetries:
                Retry(destination, recipient, place);
                break;
            case Result.Deferred or Result.Broken:
                Defer(destination, place, answer.Text);
                break;
            default:
                throw new InvalidOperationException($"{answer.Result} is no end of an attempt.");
        }
    }

    private void Settle(Destination destination, Place place, Standing fate, string reply, string host) => parts.Journal.Post(
        new Settled(place, fate, place.Standing == Standing.Offered ? place.Attempts : place.Attempt, reply, host, Now, destination.Queue.Release));

    private void Defer(Destination destination, Place place, string reply)
    {
        var now = Now;
        var chance = RandomNumberGenerator.GetInt32(1000) / 1000.0;
        var wait = RetryHint.In(reply) is { } named ? parts.Queue.WaitAfter(place.Attempt, chance, named) : parts.Queue.WaitAfter(place.Attempt, chance);
        var nextAt = now + (long)wait.TotalMilliseconds;
        parts.Journal.Post(new Deferred(place, reply, nextAt, now, destination.Queue.Release));
        destination.Queue.DueAgain(nextAt);
    }

    /// <summary>The connection broke before the message could have been taken: once more, on another connection.</summary>
    private void Retry(Destination destination, QueuedRecipient recipient, Place place)
    {
        if (place.Standing == Standing.Offered)
        {
            // The next offer stands behind this in the journal's line.
            parts.Journal.Post(new Retracted(place, Now));
        }

        destination.Queue.GiveBack(recipient);
    }

    private async Task Close()
    {
        if (Take() is { } connection)
        {
            await connection.Quit();
        }
    }

    private async Task Drop()
    {
        if (Take() is { } connection)
        {
            await connection.DisposeAsync();
        }
    }

    private SmtpConnection? Take()
    {
        if (_connection is not { } connection)
        {
            return null;
        }

        lane.Closed(Host);
        (_connection, Host, OpenedFor, _usedFor) = (null, "", null, null);
        return connection;
    }

    private sealed record Ahead(QueuedRecipient Recipient, Composed Composed);

    private sealed record Unreached(IReadOnlyList<MailHost> Hosts, Answer Answer);
}
