// SPDX-License-Identifier: Apache-2.0
using Tutti.Dst.Journal;
using Tutti.Dst.Queue;
using Tutti.Dst.Smtp;
using Tutti.Dst.Smtp.Destinations;

namespace Tutti.Dst.Lanes;

/// <summary>
/// One sender of a lane. It has at most one message offered: composed and signed here, written up to the terminator,
/// committed as offered, ended, and its answer handed to the journal while the next one is prepared.
/// </summary>
internal sealed class LaneConnection(Lane lane, LaneParts parts)
{
    private const string SimulatedAstray = "The delivery is only simulated, and the way of this message led to a receiver. It was not sent.";
    private const string RealAstray = "The way of this message led into the capture mailbox, and its delivery is not simulated. It was not sent.";
    private static readonly TimeSpan _linger = TimeSpan.FromSeconds(3);

    private readonly Bookkeeping _books = new(lane, parts);
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
            _books.Refuse(destination, recipient, composed.Problem);
            return true;
        }

        if (IsAstray(composed, connection))
        {
            // Whatever led here: a simulated message reaches nobody, and a real one is not lost in the mailbox.
            await parts.Departures.GiveBack(connection.Source, lane.Operator);
            _books.Refuse(destination, recipient, composed.IsCaptured ? SimulatedAstray : RealAstray);
            return true;
        }

        var answer = await connection.Prepare(composed.Mail!);
        if (answer.Result != Result.Ready)
        {
            await parts.Departures.GiveBack(connection.Source, lane.Operator);
            _books.Record(destination, recipient, recipient.Place, answer, connection.Host);
            return true;
        }

        await LookAhead(connection);
        var offered = recipient.Offered(composed.At);
        if (lane.Stopping.IsCancellationRequested || !await Offer(destination, recipient, offered))
        {
            // Without its terminator the receiver does not take it.
            await parts.Departures.GiveBack(connection.Source, lane.Operator);
            await Drop();
            return true;
        }

        _books.Record(destination, recipient, offered, await connection.Complete(_ahead is { } next && !IsAstray(next.Composed, connection) ? next.Composed.Mail : null), connection.Host);
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
            if (!await _books.Offer(destination, recipient, offered, _hostNumber))
            {
                return false;
            }
        }
        catch
        {
            // The journal could not say whether it is on disk, and the terminator will not be written.
            _books.Retract(recipient, offered);
            throw;
        }

        if (!parts.Group.HasLapsed)
        {
            return true;
        }

        // This process slept since then: the others may have taken over, and say of this message that it is in doubt.
        _books.Retry(destination, recipient, offered);
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

    /// <summary>Whether a message must not go over this connection, because one of them is only a simulation.</summary>
    private bool IsAstray(Composed composed, SmtpConnection connection) =>
        composed.Mail is not null && composed.IsCaptured != connection.Peer.IsCapture && (composed.IsCaptured || parts.Routes.Mode != DeliveryMode.Capture);

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
            _books.Refuse(destination, recipient, failure.Answer.Text);
            return true;
        }

        destination.Queue.GiveBack(recipient);
        return failure.Answer.Stage != Stage.Local && lane.Failed(destination, failure.Hosts, failure.Answer);
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
