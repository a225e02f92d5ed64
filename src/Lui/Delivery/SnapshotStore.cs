// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using Dapper;
using Tutti.Lui.Recipients.Columns;
using Tutti.Mail.Merging;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Delivery;

/// <summary>The recipients of a job at a glance.</summary>
/// <param name="RecipientsId">The set.</param>
/// <param name="Columns">Names of its columns, in order.</param>
/// <param name="Valid">How many valid, distinct recipients it has; their ids are 1 to this.</param>
internal sealed record Snapshot(long RecipientsId, IReadOnlyList<string> Columns, long Valid)
{
    /// <summary>How the columns are understood.</summary>
    public ColumnRules Rules { get; init; } = ColumnRules.Plain;

    /// <summary>The columns as templates see them.</summary>
    public MergeFields Fields() => new(Columns, Rules.Types);
}

/// <summary>Reads what a delivery needs to know of a set of recipients.</summary>
internal sealed class SnapshotStore(Database database)
{
    /// <summary>A set that is ready, or null.</summary>
    public async Task<Snapshot?> Find(long recipientsId, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<(string? Columns, long Valid, string? Rules)>(new CommandDefinition(
            "SELECT columns, valid, rules FROM recipient_source WHERE id = @recipientsId AND state = 'ready'",
            new { recipientsId },
            cancellationToken: cancellationToken));
        return row.Columns is { } columns
            ? new Snapshot(recipientsId, JsonSerializer.Deserialize<string[]>(columns)!, row.Valid) { Rules = row.Rules is { } rules ? ColumnRules.FromJson(rules) : ColumnRules.Plain }
            : null;
    }
}
