// SPDX-License-Identifier: Apache-2.0
using System.Data;
using System.Data.Common;
using Dapper;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tutti.Wiring.Storage;

namespace Tutti.Dst.Journal;

/// <summary>
/// The distributors that share this store. On PostgreSQL each gives signs of life by the database's clock; what one held whose time is over
/// goes to the others, and what it had offered is in doubt. All of them know how many they are, so that each keeps to its share of a lane's
/// limits. A file has one distributor, held by the lock on its folder: number 0, which nothing of this concerns.
/// </summary>
internal sealed partial class StoreGroup(Database database, string holder, GroupSettings settings, JournalWorker journal, TimeProvider clock, ILogger<StoreGroup> logger) : BackgroundService
{
    private static readonly TimeSpan _look = TimeSpan.FromMilliseconds(500);
    private const string Now = "(EXTRACT(EPOCH FROM clock_timestamp()) * 1000)::BIGINT";

    private static readonly Statement _nextNumber = new("UPDATE store SET nodes = nodes + 1 WHERE one = 1 RETURNING nodes");
    private static readonly Statement _leave = new("DELETE FROM node WHERE holder = @holder", ("holder", DbType.String));
    private static readonly Statement _count = new("SELECT COUNT(*) FROM node");
    private static readonly Statement _join = new(
        $"INSERT INTO node (number, holder, ends_at, share) VALUES (@number, @holder, {Now} + @length, @share)",
        ("number", DbType.Int32), ("holder", DbType.String), ("length", DbType.Int64), ("share", DbType.Int32));

    private static readonly Statement _end = new($"DELETE FROM node WHERE number = @number AND ends_at < {Now}", ("number", DbType.Int32));

    private volatile int _number;
    private volatile int _size = 1;
    private volatile bool _isAdmitted = true;
    private int _written;
    private long _version;
    private long _renewed;
    private long _watchesSince;
    private long _looked;
    private HashSet<int> _members = [];

    private TimeSpan Length => settings.TakeOverAfter;

    /// <summary>This run's number among the nodes; 0 on a file.</summary>
    public int Number => _number;

    /// <summary>By how many a lane's limits are divided.</summary>
    public int Size => _size;

    /// <summary>The size whose shares the lanes keep to; told by them.</summary>
    public int Applied { get; set; } = 1;

    /// <summary>Grows when somebody comes or goes: what others held may be free.</summary>
    public long Version => Volatile.Read(ref _version);

    /// <summary>Whether mail may be begun: this node gives signs of life, and all others know that it is there.</summary>
    public bool MaySend => _isAdmitted && !HasLapsed;

    /// <summary>Whether the others may have taken this one for gone: nothing that is offered may be finished.</summary>
    public bool HasLapsed => _number != 0 && clock.GetElapsedTime(Volatile.Read(ref _renewed)) >= Length;

    /// <inheritdoc/>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await Join();
        if (database.Dialect == Dialect.Postgres)
        {
            // No lane runs yet: they begin with these shares.
            Applied = _size;
            await Look(cancellationToken);
            await base.StartAsync(cancellationToken);
        }
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (database.Dialect == Dialect.Postgres)
        {
            try
            {
                // The lanes have ended: what they still held is free at once, and what is offered now stays without an answer.
                await Recover(session => session.Run(_leave, holder)).WaitAsync(cancellationToken);
            }
            catch (Exception failure) when (failure is DbException or OperationCanceledException or InvalidOperationException)
            {
                LogNotLeft(failure, Length.TotalSeconds);
            }
        }
    }

    /// <summary>Gives a sign of life if one is due, and looks who else is there.</summary>
    internal async Task Look(CancellationToken cancellationToken)
    {
        var began = clock.GetTimestamp();
        await using var connection = await database.Open(cancellationToken);
        var share = Math.Min(Applied, _size);
        if (clock.GetElapsedTime(Volatile.Read(ref _renewed), began) >= Length / 3 || _written != share)
        {
            await Renew(connection, share, began, cancellationToken);
        }

        var nodes = await Read(connection, cancellationToken);
        if (nodes.Count < _written)
        {
            // First all can read that this one takes more, then it does: who joins now sees it and waits.
            await Renew(connection, nodes.Count, began, cancellationToken);
            nodes = await Read(connection, cancellationToken);
        }

        if (nodes.Count >= _written)
        {
            _size = nodes.Count;
        }

        // Who is in makes room by himself; who comes waits until all have.
        _isAdmitted |= Applied >= nodes.Count && nodes.All(node => node.Share >= nodes.Count);
        var members = nodes.Select(node => node.Number).ToHashSet();
        if (!members.SetEquals(_members))
        {
            _members = members;
            Interlocked.Increment(ref _version);
            LogMembers(nodes.Count, string.Join(", ", nodes.Select(node => node.Holder)));
        }

        await TakeOver(nodes, began);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Length / 10 < _look ? Length / 10 : _look, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await TryLook(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The component stops.
        }
    }

    private async Task TryLook(CancellationToken stoppingToken)
    {
        try
        {
            await Look(stoppingToken);
        }
        catch (DbException)
        {
            // The database is away, for everybody; whoever writes says so. Who is gone can be judged only some time after it is back.
            _watchesSince = 0;
        }
        catch (InvalidOperationException failure)
        {
            LogFailed(failure);
        }
    }

    private async Task Join()
    {
        if (database.Dialect == Dialect.Sqlite)
        {
            await Recover(static _ => { });
            return;
        }

        var (number, share) = (0, 0);
        Volatile.Write(ref _renewed, clock.GetTimestamp());
        await Recover(session =>
        {
            // The row stays locked until the commit: one joins after the other. An earlier run at this address is over.
            number = Convert.ToInt32(session.Scalar(_nextNumber), null);
            session.Run(_leave, holder);
            share = Convert.ToInt32(session.Scalar(_count), null) + 1;
            session.Run(_join, number, holder, (long)Length.TotalMilliseconds, share);
        });
        (_number, _size, _written) = (number, share, share);

        // Where lanes run already they have to hear of it first.
        _isAdmitted = false;
    }

    private async Task Renew(DbConnection connection, int share, long began, CancellationToken cancellationToken)
    {
        var isThere = await connection.ExecuteAsync(new CommandDefinition(
            $"UPDATE node SET ends_at = {Now} + @length, share = @share WHERE number = @number", new { share, number = _number, length = (long)Length.TotalMilliseconds }, cancellationToken: cancellationToken)) > 0;
        if (isThere)
        {
            _written = share;
            Volatile.Write(ref _renewed, began);
        }
        else
        {
            LogTakenForGone(Length.TotalSeconds);
            await Join();
        }
    }

    private static async Task<List<Node>> Read(DbConnection connection, CancellationToken cancellationToken) => (await connection.QueryAsync<Node>(new CommandDefinition(
        $"SELECT number, holder, share, ends_at < {Now} AS HasEnded FROM node ORDER BY number", cancellationToken: cancellationToken))).AsList();

    private async Task TakeOver(List<Node> nodes, long began)
    {
        // Who has not watched without a break for so long, because it slept or the database was away, cannot tell who is gone.
        if (_watchesSince == 0 || clock.GetElapsedTime(_looked, began) > Length / 2)
        {
            _watchesSince = began;
        }

        _looked = began;
        if (clock.GetElapsedTime(_watchesSince, began) < Length)
        {
            return;
        }

        foreach (var gone in nodes.Where(node => node.HasEnded && node.Number != _number))
        {
            var hasEnded = false;
            var inDoubt = await Recover(session => hasEnded = session.Run(_end, gone.Number) > 0);
            if (hasEnded)
            {
                LogTookOver(gone.Holder, Length.TotalSeconds, inDoubt);
            }
        }
    }

    private async Task<int> Recover(Action<JournalSession> before)
    {
        var count = await journal.Write(session =>
        {
            before(session);
            return Recovery.Run(session, clock.GetUtcNow().ToUnixTimeMilliseconds());
        });
        if (count > 0)
        {
            LogInDoubt(count);
        }

        return count;
    }

    private sealed record Node
    {
        public int Number { get; init; }

        public string Holder { get; init; } = "";

        public int Share { get; init; }

        public bool HasEnded { get; init; }
    }

    [LoggerMessage(5502, LogLevel.Warning, "{Count} messages were on the wire when a distributor was interrupted; they are in doubt", EventName = "dst.journal.in-doubt")]
    private partial void LogInDoubt(int count);

    [LoggerMessage(5503, LogLevel.Information, "{Count} distributors share this store: {Holders}", EventName = "dst.group.members")]
    private partial void LogMembers(int count, string holders);

    [LoggerMessage(5504, LogLevel.Warning, "Nothing was heard of this distributor for {Seconds} seconds, and another one has taken over what it had in hand; it begins anew", EventName = "dst.group.taken-for-gone")]
    private partial void LogTakenForGone(double seconds);

    [LoggerMessage(5505, LogLevel.Warning, "The distributor at {Holder} has given no sign of life for {Seconds} seconds: what it held is sent by the others, {Count} messages are in doubt", EventName = "dst.group.took-over")]
    private partial void LogTookOver(string holder, double seconds, int count);

    [LoggerMessage(5506, LogLevel.Warning, "The database was not told that this distributor stops; the others wait {Seconds} seconds for it", EventName = "dst.group.not-left")]
    private partial void LogNotLeft(Exception failure, double seconds);

    [LoggerMessage(5507, LogLevel.Error, "The other distributors on this store could not be looked after; it is tried again", EventName = "dst.group.failed")]
    private partial void LogFailed(Exception failure);
}
