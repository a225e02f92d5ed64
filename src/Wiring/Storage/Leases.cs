// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Globalization;
using Dapper;

namespace Tutti.Wiring.Storage;

/// <summary>
/// Who of several nodes on one database does a piece of work. A lease ends by itself when its holder is gone, by the
/// database's clock. It only keeps nodes from doing the same twice; that nothing goes wrong if they do is the business of
/// conditional writes. Table: <c>lease (name TEXT PRIMARY KEY, holder TEXT, ends_at BIGINT)</c>.
/// </summary>
/// <param name="database">Where the work is.</param>
/// <param name="holder">Names this node; the same after a restart, so that it goes on with what was its own at once.</param>
/// <param name="clock">Says when a lease is due to be renewed.</param>
public sealed class Leases(Database database, string holder, TimeProvider clock)
{
    /// <summary>After this time without a sign of its holder a lease is free.</summary>
    public static readonly TimeSpan Length = TimeSpan.FromSeconds(15);

    /// <summary>Names this node.</summary>
    public string Holder => holder;

    private readonly ConcurrentDictionary<string, long> _renewed = new(StringComparer.Ordinal);

    /// <summary>True if a piece of work is this node's for the next ten seconds at least: taken now if it was free, renewed if a third of its time is over.</summary>
    public async Task<bool> Keep(string name, CancellationToken cancellationToken)
    {
        if (_renewed.TryGetValue(name, out var last) && clock.GetElapsedTime(last) < Length / 3)
        {
            return true;
        }

        var now = clock.GetTimestamp();
        var isOurs = await database.Write(
            async transaction => await transaction.Connection!.ExecuteAsync(new CommandDefinition(
                string.Create(CultureInfo.InvariantCulture, $"""
                INSERT INTO lease (name, holder, ends_at) VALUES (@name, @holder, {Now} + {(long)Length.TotalMilliseconds})
                ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, ends_at = excluded.ends_at
                WHERE lease.holder = excluded.holder OR lease.ends_at < {Now}
                """),
                new { name, holder },
                transaction,
                cancellationToken: cancellationToken)) == 1,
            cancellationToken);
        if (isOurs)
        {
            _renewed[name] = now;
        }
        else
        {
            _renewed.TryRemove(name, out _);
        }

        return isOurs;
    }

    /// <summary>Lets go of a piece of work that is done.</summary>
    public async Task Release(string name, CancellationToken cancellationToken)
    {
        if (_renewed.TryRemove(name, out _))
        {
            await database.Write(
                transaction => transaction.Connection!.ExecuteAsync(new CommandDefinition(
                    "DELETE FROM lease WHERE name = @name AND holder = @holder", new { name, holder }, transaction, cancellationToken: cancellationToken)),
                cancellationToken);
        }
    }

    /// <summary>Lets go of everything: another node may go on at once. What ended long ago is forgotten.</summary>
    public async Task ReleaseAll(CancellationToken cancellationToken)
    {
        _renewed.Clear();
        await database.Write(
            transaction => transaction.Connection!.ExecuteAsync(new CommandDefinition(
                $"DELETE FROM lease WHERE holder = @holder OR ends_at < {Now} - @kept", new { holder, kept = (long)TimeSpan.FromDays(1).TotalMilliseconds }, transaction, cancellationToken: cancellationToken)),
            cancellationToken);
    }

    // Milliseconds since 1970, read at the moment of the statement.
    private string Now => database.Dialect switch
    {
        Dialect.Sqlite => "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)",
        Dialect.Postgres => "(EXTRACT(EPOCH FROM clock_timestamp()) * 1000)::BIGINT",
    };
}
