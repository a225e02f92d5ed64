// SPDX-License-Identifier: Apache-2.0
using System.Data;
using System.Security.Cryptography;
using System.Threading.Channels;
using Dapper;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tutti.Wiring.Storage;

namespace Tutti.Dst.Journal;

/// <summary>
/// The one writer of the store. Entries of all connections and calls stand in one line; whatever is pending goes into one
/// transaction, and its authors go on after the commit. So the price of a disk write is shared by all that wait for it.
/// </summary>
internal sealed partial class JournalWorker(Database database, TimeProvider clock, ILogger<JournalWorker> logger) : BackgroundService
{
    // A transaction of this size takes some tens of milliseconds; more would only make everybody wait longer.
    private const int MostAtOnce = 2000;

    private static readonly Statement _makeStore = new(
        "INSERT INTO store (one, feed_id, newest, confirmed, suppressed_up_to, lane_by) VALUES (1, @id, 0, 0, 0, '') ON CONFLICT (one) DO NOTHING",
        ("id", DbType.String));

    private static readonly Statement _feedId = new("SELECT feed_id FROM store WHERE one = 1");

    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(1);

    private readonly Channel<JournalEntry> _line = Channel.CreateUnbounded<JournalEntry>(new UnboundedChannelOptions { SingleReader = true });
    private readonly CancellationTokenSource _giveUp = new();
    private JournalSession? _session;

    /// <summary>The random id that was made with the store; another id means another history of events.</summary>
    public string FeedId { get; private set; } = "";

    /// <summary>Called on the journal's thread after commits that wrote events, with the number of the newest one.</summary>
    public event Action<long>? EventsWritten;

    /// <summary>Why nothing can be written at the moment; null while all is well.</summary>
    public string? Trouble { get; private set; }

    /// <summary>Number of commits since the start.</summary>
    public long Commits { get; private set; }

    /// <summary>Number of entries committed since the start.</summary>
    public long Entries { get; private set; }

    /// <summary>Stands in line; the order of calls is the order of writing.</summary>
    public void Post(JournalEntry entry)
    {
        if (!_line.Writer.TryWrite(entry))
        {
            entry.Fail(new InvalidOperationException("The journal is closed."));
        }
    }

    /// <summary>Does work in the next transaction; ends after its commit. The work may run more than once, each time after a roll-back.</summary>
    public Task<T> Write<T>(Func<JournalSession, T> work)
    {
        var entry = new JournalEntry<T>(work);
        Post(entry);
        return entry.Done;
    }

    /// <summary>Asks for the commit that must come before the terminator of a message.</summary>
    /// <param name="place">Where the recipient stands.</param>
    /// <param name="now">Unix milliseconds.</param>
    /// <param name="host">The number of the host it is offered to; 0 if that is not known.</param>
    /// <returns>False if the recipient does not wait any more.</returns>
    public Task<bool> Offer(Place place, long now, int host = 0)
    {
        var tries = 0;
        return Move((session, done) => Moves.Offer(session, place, now, done, host, isRepeated: tries++ > 0));
    }

    /// <summary>Moves a recipient in the next transaction; ends after its commit.</summary>
    /// <returns>False if it did not stand where the move starts.</returns>
    public Task<bool> Move(Action<JournalSession, Action<bool>> move)
    {
        var entry = new MoveEntry(move);
        Post(entry);
        return entry.Done;
    }

    /// <inheritdoc/>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        _session = await Connect(cancellationToken);
        _session.Begin();
        _session.Run(_makeStore, RandomNumberGenerator.GetHexString(32, lowercase: true));
        FeedId = (string)_session.Scalar(_feedId)!;
        _session.Commit();
        await base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        // What stands in line is written; nobody can join any more.
        _line.Writer.TryComplete();
        await using var patience = cancellationToken.Register(_giveUp.Cancel);
        await (ExecuteTask ?? Task.CompletedTask).WaitAsync(CancellationToken.None);
        await base.StopAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _session?.Dispose();
        _giveUp.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        // A thread of its own: the statements block.
        Task.Factory.StartNew(Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private void Run()
    {
        var pending = new List<JournalEntry>(MostAtOnce);
        while (Fill(pending))
        {
            try
            {
                CommitTogether(pending);
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                LogApart(failure, pending.Count);
                CommitApart(pending);
            }

            pending.Clear();
        }
    }

    private bool Fill(List<JournalEntry> pending)
    {
        if (!_line.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            return false;
        }

        while (pending.Count < MostAtOnce && _line.Reader.TryRead(out var entry))
        {
            pending.Add(entry);
        }

        return true;
    }

    private void CommitTogether(List<JournalEntry> entries)
    {
        var session = OpenSession();
        var newest = session.Newest;
        try
        {
            session.Begin();
            foreach (var entry in entries)
            {
                entry.Write(session);
            }

            session.Commit();
        }
        catch
        {
            session.RollBack();
            throw;
        }

        Trouble = null;
        Commits++;
        Entries += entries.Count;
        if (session.Newest > newest)
        {
            EventsWritten?.Invoke(session.Newest);
        }

        foreach (var entry in entries)
        {
            entry.Complete();
        }
    }

    /// <summary>One of them, or the store, is at fault: each gets a transaction of its own, and what has happened already is tried until it is written.</summary>
    private void CommitApart(List<JournalEntry> entries)
    {
        foreach (var entry in entries)
        {
            while (!TryCommit(entry))
            {
                try
                {
                    Task.Delay(_pause, clock, _giveUp.Token).GetAwaiter().GetResult();
                }
                catch (OperationCanceledException)
                {
                    // The process ends. What is not written stays offered, and is in doubt at the next start.
                    break;
                }
            }
        }
    }

    /// <returns>False if it must be tried again.</returns>
    private bool TryCommit(JournalEntry entry)
    {
        try
        {
            CommitTogether([entry]);
            return true;
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            if (entry.MustLast)
            {
                LogTrouble(failure);
                Trouble = failure.Message;
                return false;
            }

            entry.Fail(failure);
            return true;
        }
    }

    private JournalSession OpenSession()
    {
        if (!_session!.IsOpen)
        {
            _session.Dispose();
            _session = Connect(_giveUp.Token).GetAwaiter().GetResult();
        }

        return _session;
    }

    private async Task<JournalSession> Connect(CancellationToken cancellationToken)
    {
        var connection = await database.Open(cancellationToken);
        if (database.Dialect == Dialect.Postgres)
        {
            // A process that falls asleep within a transaction would keep its rows locked, and the others of a group could not take over from it.
            await connection.ExecuteAsync(new CommandDefinition("SET idle_in_transaction_session_timeout = '5s'", cancellationToken: cancellationToken));
        }

        return new JournalSession(connection, database.Dialect);
    }

    [LoggerMessage(5500, LogLevel.Warning, "A transaction of {Count} journal entries failed; they are written one by one", EventName = "dst.journal.apart")]
    private partial void LogApart(Exception failure, int count);

    [LoggerMessage(5501, LogLevel.Error, "The journal cannot be written; nothing is sent until it can", EventName = "dst.journal.trouble")]
    private partial void LogTrouble(Exception failure);
}
