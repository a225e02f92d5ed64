// SPDX-License-Identifier: Apache-2.0
using System.Data.Common;
using Dapper;
using Tutti.Wiring.Storage;

namespace Tutti.Hub.Audit;

/// <summary>What an auditor wants to read: who did what, when, from where.</summary>
internal sealed class AuditStore(Database database, TimeProvider clock)
{
    /// <summary>Longest text that is kept of anything that came from outside.</summary>
    private const int LongestText = 300;

    /// <summary>Adds an entry; <paramref name="what"/> is a stable word for what happened, such as <c>sign-in.refused</c>.</summary>
    public Task Add(string what, string account, string clientAddress, string detail, CancellationToken cancellationToken) =>
        database.Write(transaction => Add(transaction, what, account, clientAddress, detail, cancellationToken), cancellationToken);

    /// <summary>The same as a part of a transaction, so that nothing is done without being written down.</summary>
    public async Task Add(DbTransaction transaction, string what, string account, string clientAddress, string detail, CancellationToken cancellationToken)
    {
        var connection = transaction.Connection!;
        var newest = await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            "SELECT COALESCE(MAX(id), 0) FROM audit_entry",
            transaction: transaction,
            cancellationToken: cancellationToken));
        await connection.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO audit_entry (id, at, what, account, client_address, detail)
            VALUES (@Id, @At, @What, @Account, @ClientAddress, @Detail)
            """,
            new
            {
                Id = newest + 1,
                At = clock.GetUtcNow().ToUnixTimeMilliseconds(),
                What = what,
                Account = Cut(account),
                ClientAddress = Cut(clientAddress),
                Detail = Cut(detail),
            },
            transaction,
            cancellationToken: cancellationToken));
    }

    /// <summary>The newest entries, newest first.</summary>
    public async Task<IReadOnlyList<AuditEntry>> Newest(int count, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(
            """
            SELECT id AS Id, at AS At, what AS What, account AS Account, client_address AS ClientAddress, detail AS Detail
            FROM audit_entry
            ORDER BY id DESC
            LIMIT @Count
            """,
            new { Count = count },
            cancellationToken: cancellationToken));
        return rows
            .Select(row => new AuditEntry(row.Id, DateTimeOffset.FromUnixTimeMilliseconds(row.At), row.What, row.Account, row.ClientAddress, row.Detail))
            .ToList();
    }

    // PostgreSQL cannot store a NUL in a text.
    private static string Cut(string text)
    {
        var clean = text.Replace('\0', ' ');
        return clean.Length <= LongestText ? clean : clean[..LongestText];
    }

    private sealed class Row
    {
        public long Id { get; init; }

        public long At { get; init; }

        public string What { get; init; } = "";

        public string Account { get; init; } = "";

        public string ClientAddress { get; init; } = "";

        public string Detail { get; init; } = "";
    }
}
