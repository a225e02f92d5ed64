// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography.X509Certificates;
using Dapper;
using Tutti.Wiring.Certificates.Issuing;
using Tutti.Wiring.Storage;

namespace Tutti.Hub.Cluster;

/// <summary>A certificate that the authority has signed.</summary>
/// <param name="Serial">Hexadecimal.</param>
/// <param name="Host">For whom.</param>
/// <param name="NotBefore">From when on it is good.</param>
/// <param name="NotAfter">Until when.</param>
/// <param name="RevokedAt">When it was taken back, or null.</param>
internal sealed record IssuedCertificate(string Serial, string Host, DateTimeOffset NotBefore, DateTimeOffset NotAfter, DateTimeOffset? RevokedAt)
{
    /// <summary>When it is to be renewed: at two thirds of its life, counted from the signature.</summary>
    public DateTimeOffset RenewAt => NotBefore + CertificateAuthority.Early + ((NotAfter - NotBefore - CertificateAuthority.Early) * 2 / 3);
}

/// <summary>Keeps what the authority has signed. Written before a certificate leaves HUB, so that there is none that nobody could take back.</summary>
internal sealed class IssuedStore(Database database)
{
    /// <summary>Keeps a new one.</summary>
    public Task Add(X509Certificate2 certificate, string host, CancellationToken cancellationToken) => database.Write(
        transaction => transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "INSERT INTO issued_certificate (serial, host, not_before, not_after) VALUES (@Serial, @Host, @NotBefore, @NotAfter)",
            new
            {
                Serial = certificate.SerialNumber,
                Host = host,
                NotBefore = new DateTimeOffset(certificate.NotBefore.ToUniversalTime()).ToUnixTimeMilliseconds(),
                NotAfter = new DateTimeOffset(certificate.NotAfter.ToUniversalTime()).ToUnixTimeMilliseconds(),
            },
            transaction,
            cancellationToken: cancellationToken)),
        cancellationToken);

    /// <summary>All of them, the oldest first.</summary>
    public async Task<IReadOnlyList<IssuedCertificate>> All(CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(
            "SELECT serial AS Serial, host AS Host, not_before AS NotBefore, not_after AS NotAfter, revoked_at AS RevokedAt FROM issued_certificate ORDER BY not_before, serial",
            cancellationToken: cancellationToken));
        return [.. rows.Select(row => row.ToCertificate())];
    }

    /// <summary>Takes one back. False if it was taken back before, or is not known.</summary>
    public Task<bool> Revoke(string serial, DateTimeOffset at, CancellationToken cancellationToken) => database.Write(
        async transaction => await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "UPDATE issued_certificate SET revoked_at = @At WHERE serial = @Serial AND revoked_at IS NULL",
            new { Serial = serial, At = at.ToUnixTimeMilliseconds() },
            transaction,
            cancellationToken: cancellationToken)) > 0,
        cancellationToken);

    private sealed class Row
    {
        public string Serial { get; init; } = "";

        public string Host { get; init; } = "";

        public long NotBefore { get; init; }

        public long NotAfter { get; init; }

        public long? RevokedAt { get; init; }

        public IssuedCertificate ToCertificate() => new(
            Serial,
            Host,
            DateTimeOffset.FromUnixTimeMilliseconds(NotBefore),
            DateTimeOffset.FromUnixTimeMilliseconds(NotAfter),
            RevokedAt is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null);
    }
}
