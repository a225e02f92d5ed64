// SPDX-License-Identifier: Apache-2.0
using Dapper;
using Google.Protobuf;
using Tutti.Contracts.Hub.V1;
using Tutti.Contracts.Links.V1;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Components;

/// <summary>The installation's link keys as HUB last gave them.</summary>
internal sealed class LinkKeyStore(Database database)
{
    /// <summary>Takes over HUB's keys. A key once known is kept: links signed with it are out in the world.</summary>
    public Task Replace(LinkKeys keys, CancellationToken cancellationToken) => database.Write(
        async transaction =>
        {
            var connection = transaction.Connection!;
            await connection.ExecuteAsync("UPDATE link_key SET is_current = 0 WHERE is_current = 1", transaction: transaction);
            foreach (var key in keys.Keys)
            {
                await connection.ExecuteAsync(
                    """
                    INSERT INTO link_key (id, secret, is_current) VALUES (@id, @secret, @isCurrent)
                    ON CONFLICT (id) DO UPDATE SET is_current = excluded.is_current
                    """,
                    new { id = (long)key.Id, secret = key.Secret.ToByteArray(), isCurrent = key.Id == keys.Current ? 1L : 0L },
                    transaction);
            }
        },
        cancellationToken);

    /// <summary>The key for new jobs, or null if HUB was never reached.</summary>
    public async Task<LinkKey?> Current(CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var row = await connection.QueryFirstOrDefaultAsync<Row>(new CommandDefinition(
            "SELECT id, secret FROM link_key WHERE is_current = 1 ORDER BY id DESC LIMIT 1",
            cancellationToken: cancellationToken));
        return row is null ? null : new LinkKey { Id = (uint)row.Id, Secret = ByteString.CopyFrom(row.Secret) };
    }

    /// <summary>The secret of a key, or null if it is not known.</summary>
    public async Task<byte[]?> Find(int id, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<byte[]?>(new CommandDefinition(
            "SELECT secret FROM link_key WHERE id = @id", new { id = (long)id }, cancellationToken: cancellationToken));
    }

    private sealed record Row(long Id, byte[] Secret);
}
