// SPDX-License-Identifier: Apache-2.0
using System.Data.Common;
using Dapper;
using Npgsql;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Recipients.AddressIndex;

/// <summary>A set whose index ends before its recipients do.</summary>
/// <param name="RecipientsId">The set.</param>
/// <param name="UpTo">The last recipient in the index; 0 if there is none.</param>
/// <param name="Last">The last recipient of the set.</param>
internal sealed record UnindexedSet(long RecipientsId, long UpTo, long Last);

/// <summary>Finds a recipient of a set by the address: from the index, and for what is not in it yet by reading on.</summary>
internal sealed class AddressIndexStore(Database database)
{
    /// <summary>So many recipients are read through in a few milliseconds, and need no index.</summary>
    public const int Least = 10_000;

    /// <summary>The recipient of a set with an address, or null.</summary>
    /// <param name="recipientsId">The set.</param>
    /// <param name="normalized">The address, normalised.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<(long Id, string Address)?> Find(long recipientsId, string normalized, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var given = new { recipientsId, normalized, key = AddressKey.Of(normalized) };
        var (id, address) = await connection.QueryFirstOrDefaultAsync<(long Id, string Address)>(new CommandDefinition(
            """
            SELECT recipient.id, recipient.address FROM recipient_address
            JOIN recipient ON recipient.recipients_id = recipient_address.recipients_id AND recipient.id = recipient_address.id
            WHERE recipient_address.recipients_id = @recipientsId AND recipient_address.key = @key AND recipient.normalized = @normalized
            LIMIT 1
            """,
            given,
            cancellationToken: cancellationToken));
        if (id == 0)
        {
            (id, address) = await connection.QueryFirstOrDefaultAsync<(long Id, string Address)>(new CommandDefinition(
                """
                SELECT id, address FROM recipient
                WHERE recipients_id = @recipientsId AND normalized = @normalized
                    AND id > COALESCE((SELECT up_to FROM recipient_address_mark WHERE recipients_id = @recipientsId), 0)
                LIMIT 1
                """,
                given,
                cancellationToken: cancellationToken));
        }

        return id == 0 ? null : (id, address);
    }

    /// <summary>True if all addresses of a set up to a recipient are quickly found.</summary>
    public async Task<bool> Covers(long recipientsId, long last, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        return last < Least + await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            "SELECT COALESCE(MAX(up_to), 0) FROM recipient_address_mark WHERE recipients_id = @recipientsId", new { recipientsId }, cancellationToken: cancellationToken));
    }

    /// <summary>The sets in use that have too many recipients behind the end of their index.</summary>
    public async Task<IReadOnlyList<UnindexedSet>> Unindexed(CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var rows = await connection.QueryAsync<(long Id, long UpTo, long Last)>(new CommandDefinition(
            """
            SELECT grown.id, COALESCE(mark.up_to, 0), grown.last
            FROM (
                SELECT id, valid AS last FROM recipient_source WHERE state = 'ready' AND valid >= @Least
                UNION ALL
                SELECT recipients_id AS id, last_id AS last FROM delivery WHERE on_demand > 0 AND last_id >= @Least
            ) AS grown
            LEFT JOIN recipient_address_mark AS mark ON mark.recipients_id = grown.id
            WHERE grown.last >= COALESCE(mark.up_to, 0) + @Least
            """,
            new { Least },
            cancellationToken: cancellationToken));
        return [.. rows.Select(row => new UnindexedSet(row.Id, row.UpTo, row.Last))];
    }

    /// <summary>Keys and numbers of the recipients with after &lt; id &lt;= last, in the order of the keys.</summary>
    public async Task<(long Key, long Id)[]> Keys(long recipientsId, long after, long last, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var keys = new List<(long Key, long Id)>();
        var rows = connection.QueryUnbufferedAsync<(long Id, string Normalized)>(
            "SELECT id, normalized FROM recipient WHERE recipients_id = @recipientsId AND id > @after AND id <= @last", new { recipientsId, after, last });
        await foreach (var (id, normalized) in rows.WithCancellation(cancellationToken))
        {
            keys.Add((AddressKey.Of(normalized), id));
        }

        keys.Sort();
        return [.. keys];
    }

    /// <summary>Adds entries to a set's index, those that are there already once only. False if the set is not in use any more.</summary>
    /// <param name="recipientsId">The set.</param>
    /// <param name="entries">In the order of their keys.</param>
    /// <param name="upTo">The index holds everything up to this recipient now; null while it does not.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<bool> Add(long recipientsId, ArraySegment<(long Key, long Id)> entries, long? upTo, CancellationToken cancellationToken) => database.Write(
        async transaction =>
        {
            // It holds the set: what is discarded is removed only behind this.
            var isUsed = await transaction.Connection!.ExecuteAsync(new CommandDefinition(
                "UPDATE recipient_source SET id = id WHERE id = @recipientsId AND state = 'ready'", new { recipientsId }, transaction, cancellationToken: cancellationToken)) == 1;
            if (!isUsed)
            {
                return false;
            }

            await Insert(transaction, recipientsId, entries, cancellationToken);
            if (upTo is { } mark)
            {
                await transaction.Connection!.ExecuteAsync(new CommandDefinition(
                    """
                    INSERT INTO recipient_address_mark (recipients_id, up_to) VALUES (@recipientsId, @mark)
                    ON CONFLICT (recipients_id) DO UPDATE SET up_to = excluded.up_to
                    """,
                    new { recipientsId, mark },
                    transaction,
                    cancellationToken: cancellationToken));
            }

            return true;
        },
        cancellationToken);

    /// <summary>Removes some entries of a set that nobody uses any more, within the transaction that removes its recipients. Answers how many.</summary>
    public static async Task<int> RemoveSome(DbTransaction transaction, long recipientsId, CancellationToken cancellationToken)
    {
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "DELETE FROM recipient_address_mark WHERE recipients_id = @recipientsId", new { recipientsId }, transaction, cancellationToken: cancellationToken));
        return await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            DELETE FROM recipient_address WHERE recipients_id = @recipientsId AND key <= COALESCE(
                (SELECT key FROM recipient_address WHERE recipients_id = @recipientsId ORDER BY key LIMIT 1 OFFSET 20000), @largest)
            """,
            new { recipientsId, largest = long.MaxValue },
            transaction,
            cancellationToken: cancellationToken));
    }

    private static async Task Insert(DbTransaction transaction, long recipientsId, ArraySegment<(long Key, long Id)> entries, CancellationToken cancellationToken)
    {
        await using var insert = transaction.Connection!.CreateCommand();
        insert.Transaction = transaction;
        if (insert is NpgsqlCommand postgres)
        {
            insert.CommandText = "INSERT INTO recipient_address (recipients_id, key, id) SELECT $1, key, id FROM UNNEST($2, $3) AS entry (key, id) ON CONFLICT DO NOTHING";
            postgres.Parameters.Add(new NpgsqlParameter<long> { TypedValue = recipientsId });
            postgres.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. entries.Select(entry => entry.Key)] });
            postgres.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. entries.Select(entry => entry.Id)] });
            await insert.ExecuteNonQueryAsync(cancellationToken);
            return;
        }

        insert.CommandText = "INSERT INTO recipient_address (recipients_id, key, id) VALUES (@set, @key, @id) ON CONFLICT DO NOTHING";
        var (set, key, id) = (Parameter(insert, "@set"), Parameter(insert, "@key"), Parameter(insert, "@id"));
        set.Value = recipientsId;
        foreach (var entry in entries)
        {
            (key.Value, id.Value) = (entry.Key, entry.Id);
            await insert.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private static DbParameter Parameter(DbCommand command, string name)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        command.Parameters.Add(parameter);
        return parameter;
    }
}
