// SPDX-License-Identifier: Apache-2.0
using System.Data;
using System.Text.Json;
using Dapper;
using Tutti.Dst.Journal;
using Tutti.Wiring.Storage;

namespace Tutti.Dst.Suppression;

/// <summary>This distributor's copy of the suppression list.</summary>
internal sealed class SuppressionStore(Database database)
{
    private static readonly Statement _upTo = new("SELECT suppressed_up_to FROM store WHERE one = 1");
    private static readonly Statement _setUpTo = new("UPDATE store SET suppressed_up_to = @up_to WHERE one = 1", ("up_to", DbType.Int64));

    private static readonly Statement _add = new(
        "INSERT INTO suppressed (address, reason) VALUES (@address, @reason) ON CONFLICT (address) DO UPDATE SET reason = excluded.reason",
        ("address", DbType.String), ("reason", DbType.String));

    private static readonly Statement _remove = new("DELETE FROM suppressed WHERE address = @address", ("address", DbType.String));

    private long _version;
    private long _seen;

    /// <summary>Grows whenever the list changes: what was read at another version must be looked up again.</summary>
    public long Version => Volatile.Read(ref _version);

    /// <summary>Takes the changes that are new.</summary>
    /// <returns>Up to which change the copy is complete now. A gap ends it: what comes behind is not taken.</returns>
    public static long Apply(JournalSession session, IReadOnlyList<SuppressionChange> changes)
    {
        var upTo = UpTo(session);
        foreach (var change in changes)
        {
            if (change.Number != upTo + 1)
            {
                if (change.Number > upTo)
                {
                    break;
                }

                continue;
            }

            if (change.Reason is null)
            {
                session.Run(_remove, change.Address);
            }
            else
            {
                session.Run(_add, change.Address, change.Reason);
            }

            upTo = change.Number;
        }

        session.Run(_setUpTo, upTo);
        return upTo;
    }

    /// <summary>Up to which change the copy is complete.</summary>
    public static long UpTo(JournalSession session) => (long)session.Scalar(_upTo)!;

    /// <summary>To be called after the commit of <see cref="Apply"/>.</summary>
    public void HasChanged() => Interlocked.Increment(ref _version);

    /// <summary>Looks whether another distributor on this store has taken changes.</summary>
    public async Task LookAgain(CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var upTo = await connection.ExecuteScalarAsync<long>(new CommandDefinition(_upTo.Sql, cancellationToken: cancellationToken));
        if (Interlocked.Exchange(ref _seen, upTo) != upTo)
        {
            HasChanged();
        }
    }

    /// <summary>Those of some normalised addresses that are on the list, with the reasons.</summary>
    public async Task<IReadOnlyDictionary<string, string>> Among(IReadOnlyCollection<string> addresses, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);

        // One value for all of them: SQLite looks every parameter up by its name among the others, which costs a page of hundreds dearly.
        var command = database.Dialect == Dialect.Postgres
            ? new CommandDefinition(
                "SELECT address, reason FROM suppressed WHERE address = ANY (@addresses)", new { addresses = addresses.ToArray() }, cancellationToken: cancellationToken)
            : new CommandDefinition(
                "SELECT address, reason FROM suppressed WHERE address IN (SELECT value FROM json_each(@addresses))",
                new { addresses = JsonSerializer.Serialize(addresses) },
                cancellationToken: cancellationToken);
        var found = await connection.QueryAsync<(string Address, string Reason)>(command);
        return found.ToDictionary(row => row.Address, row => row.Reason, StringComparer.Ordinal);
    }
}

/// <summary>A change of the list.</summary>
/// <param name="Number">From 1, without gaps.</param>
/// <param name="Address">Normalised.</param>
/// <param name="Reason">Why, in words; null takes the address off the list.</param>
internal sealed record SuppressionChange(long Number, string Address, string? Reason);
