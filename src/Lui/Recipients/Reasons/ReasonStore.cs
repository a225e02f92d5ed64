// SPDX-License-Identifier: Apache-2.0
using Dapper;
using Tutti.Lui.Fates;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Recipients.Reasons;

/// <summary>Looks up what was set apart from a set, and one recipient's fate.</summary>
internal sealed class ReasonStore(Database database)
{
    /// <summary>The recipient with a value in the column that tells them apart, or null. Reads the set through.</summary>
    public async Task<(long Id, string Address)?> Identified(long recipientsId, int column, string value, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var found = await connection.QueryFirstOrDefaultAsync<(long Id, string Address)>(new CommandDefinition(
            $"SELECT id, address FROM recipient WHERE recipients_id = @recipientsId AND TRIM({RecipientFields.ValueOf(database.Dialect, "recipient")}) = @value LIMIT 1",
            new { recipientsId, column, value },
            cancellationToken: cancellationToken));
        return found.Id == 0 ? null : found;
    }

    /// <summary>The first row that was set apart with an address as it was written, or null.</summary>
    public async Task<SetAside?> SetApart(long recipientsId, string address, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var row = await connection.QueryFirstOrDefaultAsync<(long Line, string Kind, string Address, string Reason, string Raw)>(new CommandDefinition(
            """
            SELECT line, kind, address, reason, raw FROM recipient_set_aside
            WHERE recipients_id = @recipientsId AND LOWER(TRIM(address)) = @address ORDER BY line LIMIT 1
            """,
            new { recipientsId, address = address.Trim().ToLowerInvariant() },
            cancellationToken: cancellationToken));
        return row.Line == 0 ? null : new SetAside(row.Line, Jobs.Words.To<SetAsideKind>(row.Kind), row.Address, row.Reason, row.Raw);
    }

    /// <summary>What became of a recipient, and whether LUI itself decided it; null while waiting.</summary>
    public async Task<(FateEvent Event, bool IsOwn)?> FateOf(long deliveryId, long recipientId, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<(long Fate, string Reply, string Host, long Attempts, long At, long Feed)>(new CommandDefinition(
            "SELECT fate, reply, host, attempts, at, feed FROM outcome WHERE job_id = @deliveryId AND recipient_id = @recipientId",
            new { deliveryId, recipientId },
            cancellationToken: cancellationToken));
        return row.Fate == 0
            ? null
            : (new FateEvent(deliveryId, recipientId, (Fate)row.Fate, row.Reply, row.Host, row.Attempts, row.At), row.Feed == OutcomeStore.OwnDecision);
    }
}
