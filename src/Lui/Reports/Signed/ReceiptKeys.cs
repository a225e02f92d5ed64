// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using Dapper;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Reports.Signed;

/// <summary>A key that receipts are signed with.</summary>
/// <param name="Id">The first 16 hexadecimal digits of the SHA-256 of the public key as SubjectPublicKeyInfo.</param>
/// <param name="PrivateKey">PKCS#8, PEM.</param>
/// <param name="PublicKey">SubjectPublicKeyInfo, PEM.</param>
internal sealed record ReceiptKey(string Id, string PrivateKey, string PublicKey);

/// <summary>
/// The installation's keys for receipts: ECDSA on P-256, because its signature is made over a digest, and so over a file of any length, and because
/// openssl and every language verify it. The first one is made when it is needed.
/// </summary>
internal sealed class ReceiptKeys(Database database, TimeProvider clock)
{
    /// <summary>The key that signs.</summary>
    public async Task<ReceiptKey> Current(CancellationToken cancellationToken) =>
        await All(cancellationToken) is [var newest, ..] ? newest : await Make(cancellationToken);

    /// <summary>All of them, the newest first.</summary>
    public async Task<IReadOnlyList<ReceiptKey>> All(CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        return (await connection.QueryAsync<ReceiptKey>(new CommandDefinition(
            "SELECT id, private_key AS PrivateKey, public_key AS PublicKey FROM receipt_key ORDER BY made_at DESC, id",
            cancellationToken: cancellationToken))).AsList();
    }

    private async Task<ReceiptKey> Make(CancellationToken cancellationToken)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var id = Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo()))[..16];

        // Should another node make one at the same moment, the later one signs and both verify.
        await database.Write(
            transaction => transaction.Connection!.ExecuteAsync(
                """
                INSERT INTO receipt_key (id, made_at, private_key, public_key)
                SELECT @id, @now, @secret, @open WHERE NOT EXISTS (SELECT 1 FROM receipt_key)
                """,
                new { id, now = clock.GetUtcNow().ToUnixTimeMilliseconds(), secret = key.ExportPkcs8PrivateKeyPem(), open = key.ExportSubjectPublicKeyInfoPem() + "\n" },
                transaction),
            cancellationToken);
        return (await All(cancellationToken))[0];
    }
}
