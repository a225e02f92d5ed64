// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using Dapper;
using Tutti.Wiring.Storage;

namespace Tutti.Hub.Components;

/// <summary>Keeps the key that signs what the servers are told of each other: by it they know the hub again after it has moved.</summary>
internal sealed class RegistryKeyStore(Database database)
{
    /// <summary>The key, PKCS#8; the first call ever makes it.</summary>
    public Task<byte[]> Secret(CancellationToken cancellationToken) => database.Write(
        async transaction =>
        {
            var connection = transaction.Connection!;
            using var made = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            await connection.ExecuteAsync(new CommandDefinition(
                "INSERT INTO registry_key (id, secret) VALUES (1, @Secret) ON CONFLICT (id) DO NOTHING",
                new { Secret = Convert.ToBase64String(made.ExportPkcs8PrivateKey()) },
                transaction,
                cancellationToken: cancellationToken));
            return Convert.FromBase64String(await connection.QuerySingleAsync<string>(new CommandDefinition(
                "SELECT secret FROM registry_key WHERE id = 1", transaction: transaction, cancellationToken: cancellationToken)));
        },
        cancellationToken);
}
