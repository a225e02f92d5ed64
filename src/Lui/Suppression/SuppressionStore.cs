// SPDX-License-Identifier: Apache-2.0
using System.Data.Common;
using Dapper;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Suppression;

/// <summary>The installation's suppression list with its numbered changes.</summary>
internal sealed class SuppressionStore(Database database)
{
    /// <summary>Puts addresses on the list; those that are there stay as they are. Answers how many are new.</summary>
    public Task<int> Add(IReadOnlyList<SuppressedAddress> entries, CancellationToken cancellationToken) =>
        database.Write(transaction => Add(transaction, entries), cancellationToken);

    /// <summary>The same within a transaction that does more.</summary>
    public static async Task<int> Add(DbTransaction transaction, IReadOnlyList<SuppressedAddress> entries)
    {
        var connection = transaction.Connection!;
        var added = 0;
        foreach (var entry in entries)
        {
            var isNew = await connection.ExecuteAsync(
                """
                INSERT INTO suppression (address, reason, source, at) VALUES (@Address, @Reason, @Source, @At)
                ON CONFLICT (address) DO NOTHING
                """,
                entry,
                transaction);
            if (isNew > 0)
            {
                added++;
                await Number(transaction, entry.Address, suppressed: true, entry.Reason, entry.At);
            }
        }

        return added;
    }

    /// <summary>Takes an address off the list. False if it was not on it.</summary>
    public Task<bool> Remove(string address, string reason, long at, CancellationToken cancellationToken) => database.Write(
        async transaction =>
        {
            var gone = await transaction.Connection!.ExecuteAsync("DELETE FROM suppression WHERE address = @address", new { address }, transaction) > 0;
            if (gone)
            {
                await Number(transaction, address, suppressed: false, reason, at);
            }

            return gone;
        },
        cancellationToken);

    /// <summary>The entry of an address, or null.</summary>
    public async Task<SuppressedAddress?> Find(string address, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<SuppressedAddress>(new CommandDefinition(
            "SELECT address, reason, source, at FROM suppression WHERE address = @address",
            new { address },
            cancellationToken: cancellationToken));
    }

    /// <summary>A page of the list in the order of the addresses, after a given one.</summary>
    public async Task<IReadOnlyList<SuppressedAddress>> List(string after, string contains, int limit, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var pattern = "%" + contains.ToLowerInvariant().Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal) + "%";
        return (await connection.QueryAsync<SuppressedAddress>(new CommandDefinition(
            """
            SELECT address, reason, source, at FROM suppression
            WHERE address > @after AND address LIKE @pattern ESCAPE '\'
            ORDER BY address LIMIT @limit
            """,
            new { after, pattern, limit },
            cancellationToken: cancellationToken))).AsList();
    }

    /// <summary>How many addresses are on the list.</summary>
    public async Task<long> Count(CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        return await connection.ExecuteScalarAsync<long>(new CommandDefinition("SELECT COUNT(*) FROM suppression", cancellationToken: cancellationToken));
    }

    /// <summary>Number of the newest change, 0 if there is none.</summary>
    public async Task<long> LastNumber(CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        return await connection.ExecuteScalarAsync<long>(new CommandDefinition("SELECT last FROM suppression_number", cancellationToken: cancellationToken));
    }

    /// <summary>Changes after a number, in order.</summary>
    public async Task<IReadOnlyList<SuppressionChange>> ChangesAfter(long number, int limit, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var rows = await connection.QueryAsync<ChangeRow>(new CommandDefinition(
            "SELECT number, address, suppressed, reason FROM suppression_change WHERE number > @number ORDER BY number LIMIT @limit",
            new { number, limit },
            cancellationToken: cancellationToken));
        return [.. rows.Select(row => new SuppressionChange(row.Number, row.Address, row.Suppressed != 0, row.Reason))];
    }

    /// <summary>Up to which change a distributor's copy is complete, and of which store of it that was said.</summary>
    public async Task<(string Feed, long UpTo)> MarkOf(long componentId, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<(string?, long)>(new CommandDefinition(
            "SELECT feed, up_to FROM suppression_mark WHERE component_id = @componentId",
            new { componentId },
            cancellationToken: cancellationToken)) is ({ } feed, var upTo) ? (feed, upTo) : ("", 0);
    }

    /// <summary>Remembers what a distributor confirmed.</summary>
    public Task SaveMark(long componentId, string feed, long upTo, CancellationToken cancellationToken) => database.Write(
        transaction => transaction.Connection!.ExecuteAsync(
            """
            INSERT INTO suppression_mark (component_id, feed, up_to) VALUES (@componentId, @feed, @upTo)
            ON CONFLICT (component_id) DO UPDATE SET feed = excluded.feed, up_to = excluded.up_to
            """,
            new { componentId, feed, upTo },
            transaction),
        cancellationToken);

    private static async Task Number(DbTransaction transaction, string address, bool suppressed, string reason, long at)
    {
        // The row's lock is held to the commit: numbers become visible in their order.
        var number = await transaction.Connection!.ExecuteScalarAsync<long>(
            "UPDATE suppression_number SET last = last + 1 WHERE only_row = 1 RETURNING last", transaction: transaction);
        await transaction.Connection!.ExecuteAsync(
            """
            INSERT INTO suppression_change (number, address, suppressed, reason, at)
            VALUES (@number, @address, @suppressed, @reason, @at)
            """,
            new { number, address, suppressed = suppressed ? 1L : 0L, reason, at },
            transaction);
    }

    private sealed record ChangeRow(long Number, string Address, long Suppressed, string Reason);
}
