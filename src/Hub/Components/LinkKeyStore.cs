// SPDX-License-Identifier: Apache-2.0
using System.Data.Common;
using System.Security.Cryptography;
using Dapper;
using Tutti.Wiring.Storage;

namespace Tutti.Hub.Components;

/// <summary>A key that signs tracking tokens: number 1 to 65535, 32 bytes.</summary>
internal sealed record LinkKey(int Id, byte[] Secret);

/// <summary>Keeps the link keys of the installation. Old ones stay: they verify as long as links may live.</summary>
internal sealed class LinkKeyStore(Database database, TimeProvider clock)
{
    /// <summary>Length of a key in bytes.</summary>
    public const int SecretLength = 32;

    /// <summary>All keys, the oldest first; the last is the current one. The first call ever makes the first key.</summary>
    public async Task<IReadOnlyList<LinkKey>> All(CancellationToken cancellationToken)
    {
        await using (var connection = await database.Open(cancellationToken))
        {
            if (await Read(connection, null, cancellationToken) is { Count: > 0 } keys)
            {
                return keys;
            }
        }

        return await database.Write(
            async transaction =>
            {
                var connection = transaction.Connection!;
                await connection.ExecuteAsync(new CommandDefinition(
                    "INSERT INTO link_key (id, secret, created_at) VALUES (1, @Secret, @CreatedAt) ON CONFLICT (id) DO NOTHING",
                    new
                    {
                        Secret = Convert.ToBase64String(RandomNumberGenerator.GetBytes(SecretLength)),
                        CreatedAt = clock.GetUtcNow().ToUnixTimeMilliseconds(),
                    },
                    transaction,
                    cancellationToken: cancellationToken));
                return await Read(connection, transaction, cancellationToken);
            },
            cancellationToken);
    }

    private static async Task<IReadOnlyList<LinkKey>> Read(DbConnection connection, DbTransaction? transaction, CancellationToken cancellationToken)
    {
        var rows = await connection.QueryAsync<(int Id, string Secret)>(new CommandDefinition(
            "SELECT id, secret FROM link_key ORDER BY id",
            transaction: transaction,
            cancellationToken: cancellationToken));
        return rows.Select(row => new LinkKey(row.Id, Convert.FromBase64String(row.Secret))).ToList();
    }
}
