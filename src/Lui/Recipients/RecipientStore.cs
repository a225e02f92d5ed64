// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
using System.Text.Json;
using Dapper;
using Tutti.Lui.Recipients.AddressIndex;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Recipients;

/// <summary>The recipients of the sets, and the lines that were set apart.</summary>
internal sealed class RecipientStore(Database database)
{
    private const int Page = 2000;

    /// <summary>One recipient, or null.</summary>
    public async Task<Recipient?> Find(long recipientsId, long id, CancellationToken cancellationToken)
    {
        var page = await Read(recipientsId, id - 1, id, 1, cancellationToken);
        return page.Count == 0 ? null : page[0];
    }

    /// <summary>The first recipient of a set whose address is at a domain, or null. Reads all of the set.</summary>
    /// <param name="recipientsId">The set.</param>
    /// <param name="domain">The domain, lower case.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<string?> FirstAt(long recipientsId, string domain, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        return await connection.ExecuteScalarAsync<string?>(new CommandDefinition(
            "SELECT address FROM recipient WHERE recipients_id = @recipientsId AND SUBSTR(normalized, LENGTH(normalized) - LENGTH(@ending) + 1) = @ending ORDER BY id LIMIT 1",
            new { recipientsId, ending = "@" + domain },
            cancellationToken: cancellationToken));
    }

    /// <summary>Recipients with after &lt; id &lt;= last, in the order of their ids.</summary>
    /// <param name="recipientsId">The set.</param>
    /// <param name="after">Only later ones; 0 for all.</param>
    /// <param name="last">Only up to this one; <see cref="long.MaxValue"/> for all.</param>
    /// <param name="take">At most so many.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyList<Recipient>> Read(long recipientsId, long after, long last, int take, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var rows = await connection.QueryAsync<(long Id, string Address, string Normalized, string DisplayName, string Fields)>(new CommandDefinition(
            """
            SELECT id, address, normalized, display_name, fields FROM recipient
            WHERE recipients_id = @recipientsId AND id > @after AND id <= @last
            ORDER BY id LIMIT @take
            """,
            new { recipientsId, after, last, take },
            cancellationToken: cancellationToken));
        return [.. rows.Select(row => new Recipient(row.Id, row.Address, row.Normalized, row.DisplayName, JsonSerializer.Deserialize<string[]>(row.Fields)!))];
    }

    /// <summary>All recipients of a set, in pages behind the scenes, so that no reader holds a connection for long.</summary>
    public async IAsyncEnumerable<Recipient> ReadAll(long recipientsId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var after = 0L; ;)
        {
            var page = await Read(recipientsId, after, long.MaxValue, Page, cancellationToken);
            foreach (var recipient in page)
            {
                yield return recipient;
            }

            if (page.Count < Page)
            {
                yield break;
            }

            after = page[^1].Id;
        }
    }

    /// <summary>Recipients whose address or name contains a text, the first ones of the file.</summary>
    public async Task<IReadOnlyList<Recipient>> Search(long recipientsId, string text, int take, CancellationToken cancellationToken)
    {
        var pattern = "%" + text.Trim().ToLowerInvariant().Replace(@"\", @"\\", StringComparison.Ordinal).Replace("%", @"\%", StringComparison.Ordinal).Replace("_", @"\_", StringComparison.Ordinal) + "%";
        await using var connection = await database.Open(cancellationToken);
        var rows = await connection.QueryAsync<(long Id, string Address, string Normalized, string DisplayName, string Fields)>(new CommandDefinition(
            """
            SELECT id, address, normalized, display_name, fields FROM recipient
            WHERE recipients_id = @recipientsId AND (normalized LIKE @pattern ESCAPE '\' OR LOWER(display_name) LIKE @pattern ESCAPE '\')
            ORDER BY id LIMIT @take
            """,
            new { recipientsId, pattern, take },
            cancellationToken: cancellationToken));
        return [.. rows.Select(row => new Recipient(row.Id, row.Address, row.Normalized, row.DisplayName, JsonSerializer.Deserialize<string[]>(row.Fields)!))];
    }

    /// <summary>Lines of a kind that were set apart, behind a line, in the order of the file.</summary>
    public async Task<IReadOnlyList<SetAside>> ReadSetAside(long recipientsId, SetAsideKind kind, long after, int take, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var rows = await connection.QueryAsync<(long Line, string Address, string Reason, string Raw)>(new CommandDefinition(
            """
            SELECT line, address, reason, raw FROM recipient_set_aside
            WHERE recipients_id = @recipientsId AND kind = @Kind AND line > @after
            ORDER BY line LIMIT @take
            """,
            new { recipientsId, Kind = Jobs.Words.Of(kind), after, take },
            cancellationToken: cancellationToken));
        return [.. rows.Select(row => new SetAside(row.Line, kind, row.Address, row.Reason, row.Raw))];
    }

    /// <summary>All lines of a kind that were set apart.</summary>
    public async IAsyncEnumerable<SetAside> ReadAllSetAside(
        long recipientsId, SetAsideKind kind, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var after = 0L; ;)
        {
            var page = await ReadSetAside(recipientsId, kind, after, Page, cancellationToken);
            foreach (var line in page)
            {
                yield return line;
            }

            if (page.Count < Page)
            {
                yield break;
            }

            after = page[^1].Line;
        }
    }

    /// <summary>Removes some rows of a set that nobody uses any more; true while there may be more. Short transactions, so that writers in line do not wait.</summary>
    public Task<bool> RemoveSome(long recipientsId, CancellationToken cancellationToken) => database.Write(
        async transaction =>
        {
            var removed = 0;
            foreach (var (table, key) in new[] { ("recipient", "id"), ("recipient_set_aside", "line") })
            {
                removed += await transaction.Connection!.ExecuteAsync(new CommandDefinition(
                    $"""
                    DELETE FROM {table} WHERE recipients_id = @recipientsId AND {key} <=
                        (SELECT MIN({key}) + 20000 FROM {table} WHERE recipients_id = @recipientsId)
                    """,
                    new { recipientsId },
                    transaction,
                    cancellationToken: cancellationToken));
            }

            return removed + await AddressIndexStore.RemoveSome(transaction, recipientsId, cancellationToken) > 0;
        },
        cancellationToken);
}
