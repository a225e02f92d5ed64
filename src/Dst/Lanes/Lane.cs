// SPDX-License-Identifier: Apache-2.0
using System.Runtime.ExceptionServices;
using Tutti.Dst.Queue;
using Tutti.Dst.Smtp;

namespace Tutti.Dst.Lanes;

/// <summary>
/// The way to one destination: a queue and up to so many connections. It opens them as there is work, ends when nothing is
/// due, and rests when no host can be reached; no lane waits for another one.
/// </summary>
internal sealed class Lane : IDisposable
{
    private const int AcceptedForOneMore = 500;

    private readonly LaneParts _parts;
    private readonly Lock _gate = new();
    private readonly List<Task> _connections = [];
    private TaskCompletionSource _news = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _running;
    private int _connected;
    private int _limit;
    private int _accepted;
    private ExceptionDispatchInfo? _fault;

    /// <summary>Makes a lane that nothing runs in yet.</summary>
    /// <param name="name">Its destination.</param>
    /// <param name="parts">What all lanes share.</param>
    /// <param name="stopping">When it ends, no new message is begun.</param>
    /// <param name="lifetime">When it ends, connections are cut.</param>
    public Lane(string name, LaneParts parts, CancellationToken stopping, CancellationToken lifetime)
    {
        (Name, _parts, Stopping, Lifetime) = (name, parts, stopping, lifetime);
        _limit = parts.Settings.Connections;
        Queue = new LaneQueue(name, parts.Recipients, parts.Suppression, parts.Courses, parts.Journal, parts.Queue, parts.Clock);
    }

    /// <summary>The destination.</summary>
    public string Name { get; }

    /// <summary>Who waits here.</summary>
    public LaneQueue Queue { get; }

    /// <summary>Ends when no new message may be begun.</summary>
    public CancellationToken Stopping { get; }

    /// <summary>Ends when connections are cut.</summary>
    public CancellationToken Lifetime { get; }

    /// <summary>Whether connections stay open for a while when nothing is due.</summary>
    public bool Lingers { get; set; } = true;

    /// <summary>Whether no host could be reached and the lane ends for now.</summary>
    public bool IsResting { get; private set; }

    /// <summary>Works until nothing is due, the lane must rest, or the distributor stops.</summary>
    public async Task Run()
    {
        Spawn();
        while (Next() is { } connection)
        {
            await connection;
        }

        // What was posted is on disk before another lane may look at the same recipients.
        await _parts.Journal.Write(static _ => true);
        _fault?.Throw();
    }

    /// <summary>Recipients may have come in.</summary>
    public void LookAgain()
    {
        Queue.LookAgain();
        Interlocked.Exchange(ref _news, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
    }

    /// <summary>The next recipient. Opens another connection if there is work for it.</summary>
    public async ValueTask<QueuedRecipient?> Take()
    {
        if (Stopping.IsCancellationRequested || IsResting)
        {
            return null;
        }

        var recipient = await Queue.Take(Stopping);
        if (recipient is not null && Volatile.Read(ref _running) < Volatile.Read(ref _limit) && Queue.Ready > 0)
        {
            Spawn();
        }

        return recipient;
    }

    /// <summary>The next recipient if there are plenty in memory: enough for every connection to have one after this.</summary>
    public QueuedRecipient? TakeReady() =>
        Stopping.IsCancellationRequested || IsResting || Queue.Ready < Volatile.Read(ref _limit) ? null : Queue.TakeReady();

    /// <summary>Waits until something may have come in or become due; at most so long.</summary>
    public async Task WaitForWork(TimeSpan atMost)
    {
        var now = _parts.Clock.GetUtcNow().ToUnixTimeMilliseconds();
        var untilDue = Math.Clamp(Queue.EmptyUntil - now, 100, (long)atMost.TotalMilliseconds);
        var news = Volatile.Read(ref _news).Task;
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(Stopping);
        await Task.WhenAny(news, Task.Delay(TimeSpan.FromMilliseconds(untilDue), _parts.Clock, ending.Token));
        await ending.CancelAsync();
    }

    /// <summary>A connection is open: the lane is well.</summary>
    public void Connected()
    {
        Interlocked.Increment(ref _connected);
        _parts.Figures.Connected(1);
        _parts.Troubles.Clear(Name);
    }

    /// <summary>A message went through. A destination that wanted fewer connections gets one more from time to time.</summary>
    public void Accepted()
    {
        if (Volatile.Read(ref _limit) < _parts.Settings.Connections && Interlocked.Increment(ref _accepted) % AcceptedForOneMore == 0)
        {
            Interlocked.Increment(ref _limit);
        }
    }

    /// <summary>A connection is closed.</summary>
    public void Disconnected()
    {
        Interlocked.Decrement(ref _connected);
        _parts.Figures.Connected(-1);
    }

    /// <summary>No connection could be opened. If others are open the destination just wants fewer; otherwise the lane rests.</summary>
    public void Failed(Answer answer)
    {
        var others = Volatile.Read(ref _connected);
        if (others > 0)
        {
            Volatile.Write(ref _limit, others);
            return;
        }

        lock (_gate)
        {
            if (IsResting)
            {
                return;
            }

            IsResting = true;
        }

        var failures = (_parts.Troubles.Of(Name)?.Failures ?? 0) + 1;
        var until = _parts.Clock.GetUtcNow() + _parts.Queue.RestAfter(failures);
        _parts.Troubles.Set(Name, answer.Text, failures, until.ToUnixTimeMilliseconds());
    }

    /// <inheritdoc/>
    public void Dispose() => Queue.Dispose();

    private void Spawn()
    {
        lock (_gate)
        {
            if (_running >= _limit)
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
            return _connections.Count > 0 ? _connections[0] : null;
        }
    }

    private async Task Connect()
    {
        try
        {
            await new LaneConnection(this, _parts).Run();
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            // The others finish what they have on the wire; then the lane fails as a whole.
            _fault = ExceptionDispatchInfo.Capture(fault);
            IsResting = true;
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }
}
