// SPDX-License-Identifier: Apache-2.0
using System.Runtime.ExceptionServices;
using Tutti.Dst.Lanes.Pacing;
using Tutti.Dst.Queue;
using Tutti.Dst.Smtp;

namespace Tutti.Dst.Lanes;

/// <summary>
/// The mail for one receiving operator: destinations, and up to so many connections that serve one after the other. It opens them as
/// there is work, ends when nothing is due, and pauses when its pace says so; no lane waits for another one.
/// </summary>
internal sealed class Lane : IDisposable
{
    private const int MostDestinations = 500;
    private const int TurnLength = 50;

    private readonly LaneParts _parts;
    private readonly Lock _gate = new();
    private readonly List<Task> _connections = [];
    private readonly DestinationLine _line = new();
    private readonly Dictionary<string, int> _openTo = new(StringComparer.Ordinal);
    private TaskCompletionSource _news = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _running;
    private bool _hasEnded;
    private volatile bool _isBroken;
    private ExceptionDispatchInfo? _fault;

    /// <summary>Makes a lane that nothing runs in yet.</summary>
    /// <param name="name">The operator, and the pool that mail leaves from: <see cref="LaneName"/>.</param>
    /// <param name="pace">How fast it goes; outlives the lane.</param>
    /// <param name="parts">What all lanes share.</param>
    /// <param name="stopping">When it ends, no new message is begun.</param>
    /// <param name="lifetime">When it ends, connections are cut.</param>
    public Lane(string name, Pace pace, LaneParts parts, CancellationToken stopping, CancellationToken lifetime) =>
        (Name, Pace, _parts, Stopping, Lifetime) = (name, pace, parts, stopping, lifetime);

    /// <summary>The operator, and the pool that mail leaves from.</summary>
    public string Name { get; }

    /// <summary>The operator.</summary>
    public string Operator => LaneName.OperatorOf(Name);

    /// <summary>The pool of addresses that mail leaves from.</summary>
    public string Pool => LaneName.PoolOf(Name);

    /// <summary>How fast it goes.</summary>
    public Pace Pace { get; }

    /// <summary>Ends when no new message may be begun.</summary>
    public CancellationToken Stopping { get; }

    /// <summary>Ends when connections are cut.</summary>
    public CancellationToken Lifetime { get; }

    /// <summary>Whether connections stay open for a while when nothing is due.</summary>
    public bool Lingers { get; set; } = true;

    /// <summary>Whether no new message may be begun here.</summary>
    public bool IsOver => _isBroken || Pace.IsPaused || Stopping.IsCancellationRequested;

    /// <summary>Its destinations now.</summary>
    public IReadOnlyList<Destination> Destinations
    {
        get
        {
            lock (_gate)
            {
                return [.. _line.All];
            }
        }
    }

    /// <summary>Works until nothing is due, the lane must pause, or the distributor stops.</summary>
    public async Task Run()
    {
        while (Next() is { } connection)
        {
            await connection;
        }

        // What was posted is on disk before another lane may look at the same recipients.
        await _parts.Journal.Write(static _ => true);
        _fault?.Throw();
    }

    /// <summary>A destination comes in.</summary>
    /// <returns>False if the lane has ended or has enough of them for now; the destination is the caller's still.</returns>
    public bool Admit(Destination destination)
    {
        lock (_gate)
        {
            if (_hasEnded || _line.All.Count >= MostDestinations)
            {
                return false;
            }

            _line.Add(destination);
            Pace.Destinations = _line.All.Count;
        }

        Tell();
        Spawn();
        return true;
    }

    /// <summary>Recipients of a destination may have come in.</summary>
    public void LookAgain(string destination)
    {
        lock (_gate)
        {
            if (_line.Find(destination) is { } known)
            {
                known.Queue.LookAgain();
                _line.Queue(known);
            }
        }

        Tell();
    }

    /// <summary>Hands back destinations that have nothing to do now; they are the caller's.</summary>
    public List<Destination> Shed()
    {
        var now = Now;
        lock (_gate)
        {
            var shed = _line.Shed(now);
            Pace.Destinations = _line.All.Count;
            return shed;
        }
    }

    /// <summary>The next recipient for a connection, of the destination it works on or of another one. Opens another connection if there is work for it.</summary>
    public async ValueTask<QueuedRecipient?> Take(LaneConnection connection)
    {
        while (!IsOver && !Retires(connection))
        {
            if (connection.Destination is { } current)
            {
                var isTurnOver = connection.Turn >= TurnLength && _line.HasWaiting;
                if (!isTurnOver && current.RestUntil == 0 && await current.Queue.Take(Stopping) is { } recipient)
                {
                    connection.Turn++;
                    SpawnFor(current);
                    return recipient;
                }

                Leave(connection, goesOn: isTurnOver);
            }

            if (!Enter(connection))
            {
                return null;
            }
        }

        return null;
    }

    /// <summary>The next recipient of the same destination if there are plenty in memory: enough for every connection to have one after this.</summary>
    public QueuedRecipient? TakeReady(LaneConnection connection) =>
        IsOver || connection.Destination is not { RestUntil: 0 } current || connection.Turn >= TurnLength || current.Queue.Ready < Pace.Limit || Volatile.Read(ref _running) > Pace.Limit
            ? null
            : TakeReady(connection, current);

    /// <summary>Waits until something may have come in or become due; at most so long.</summary>
    public async Task WaitForWork(TimeSpan atMost)
    {
        var news = Volatile.Read(ref _news).Task;
        long untilDue;
        lock (_gate)
        {
            untilDue = Math.Clamp(_line.SoonestDue() - Now, 100, (long)atMost.TotalMilliseconds);
        }

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(Stopping);
        await Task.WhenAny(news, Task.Delay(TimeSpan.FromMilliseconds(untilDue), _parts.Clock, ending.Token));
        await ending.CancelAsync();
    }

    /// <summary>A connection works on nothing any more.</summary>
    /// <param name="connection">Which.</param>
    /// <param name="goesOn">Whether there may be more to do at its destination.</param>
    public void Leave(LaneConnection connection, bool goesOn)
    {
        lock (_gate)
        {
            if (connection.Destination is { } current)
            {
                current.Users--;
                connection.Destination = null;
                if (goesOn)
                {
                    _line.Queue(current);
                }
            }
        }
    }

    /// <summary>A connection is open: the lane is well.</summary>
    public void Opened(Destination destination, string host)
    {
        lock (_gate)
        {
            _openTo[host] = _openTo.GetValueOrDefault(host) + 1;
        }

        destination.RestUntil = 0;
        Pace.Connected();
        _parts.Figures.Connected(1);
        _parts.Troubles.Clear(destination.Key);
    }

    /// <summary>A connection is closed.</summary>
    public void Closed(string host)
    {
        Pace.Disconnected();
        lock (_gate)
        {
            _openTo[host]--;
        }

        _parts.Figures.Connected(-1);
    }

    /// <summary>No connection could be opened for a destination. If its hosts keep others open they just want fewer; otherwise it rests.</summary>
    /// <returns>False if the connection has nothing more to do in this lane.</returns>
    public bool Failed(Destination destination, IReadOnlyList<MailHost> hosts, Answer answer)
    {
        var isOwn = IsAboutDomain(answer);
        lock (_gate)
        {
            var others = isOwn ? 0 : hosts.Sum(host => _openTo.GetValueOrDefault(host.Name));
            if (others > 0)
            {
                Pace.Failed(answer.Text, others);
                return false;
            }

            if (destination.RestUntil > Now)
            {
                return true;
            }

            var failures = (_parts.Troubles.Of(destination.Key)?.Failures ?? 0) + 1;
            destination.RestUntil = (_parts.Clock.GetUtcNow() + _parts.Queue.RestAfter(failures)).ToUnixTimeMilliseconds();
            _parts.Troubles.Set(destination.Key, answer.Text, failures, destination.RestUntil);
        }

        destination.Queue.PutDown();
        if (!isOwn)
        {
            Pace.Failed(answer.Text, others: 0);
        }

        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Pace.Destinations = 0;
        foreach (var destination in _line.All)
        {
            destination.Dispose();
        }
    }

    // Its DNS, or encryption that its own policy demands and the host does not give: other domains of the operator go on as they did.
    private static bool IsAboutDomain(Answer answer) => answer is { Stage: Stage.Routing } or { IsUnmetPolicy: true };

    private long Now => _parts.Clock.GetUtcNow().ToUnixTimeMilliseconds();

    private static QueuedRecipient? TakeReady(LaneConnection connection, Destination current)
    {
        var recipient = current.Queue.TakeReady();
        connection.Turn += recipient is null ? 0 : 1;
        return recipient;
    }

    private void Tell() => Interlocked.Exchange(ref _news, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();

    /// <summary>Whether a connection goes because the lane may have fewer now.</summary>
    private bool Retires(LaneConnection connection)
    {
        if (Volatile.Read(ref _running) <= Pace.Limit)
        {
            return false;
        }

        lock (_gate)
        {
            if (_running <= Pace.Limit)
            {
                return false;
            }

            _running--;
            connection.IsRetired = true;
            return true;
        }
    }

    private bool Enter(LaneConnection connection)
    {
        var now = Now;
        lock (_gate)
        {
            if (_line.Next(connection.Host, connection.OpenedFor, now) is not { } next)
            {
                return false;
            }

            if (next.RestUntil <= now)
            {
                next.RestUntil = 0;
            }

            next.Users++;
            (connection.Destination, connection.Turn) = (next, 0);
            return true;
        }
    }

    private void SpawnFor(Destination destination)
    {
        if (!destination.IsInLine && destination.Queue.Ready > 0)
        {
            lock (_gate)
            {
                _line.Queue(destination);
            }
        }

        if (_line.HasWaiting && Volatile.Read(ref _running) < Pace.Limit)
        {
            Spawn();
        }
    }

    private void Spawn()
    {
        lock (_gate)
        {
            if (_hasEnded || _running >= Pace.Limit)
            {
                return;
            }

            _running++;
            _connections.Add(Task.Run(Connect));
        }
    }

    private Task? Next()
    {
        lock (_gate)
        {
            _connections.RemoveAll(connection => connection.IsCompleted);
            _hasEnded = _connections.Count == 0;
            return _hasEnded ? null : _connections[0];
        }
    }

    private async Task Connect()
    {
        var connection = new LaneConnection(this, _parts);
        try
        {
            await connection.Run();
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            // The others finish what they have on the wire; then the lane fails as a whole.
            _fault = ExceptionDispatchInfo.Capture(fault);
            _isBroken = true;
        }
        finally
        {
            if (!connection.IsRetired)
            {
                Interlocked.Decrement(ref _running);
            }
        }
    }
}
