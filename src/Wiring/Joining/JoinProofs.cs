// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Tutti.Wiring.Joining;

/// <summary>
/// How each side shows that it knows the secret without telling it: a keyed hash over the certificates of both ends of this
/// very TLS connection and the numbers that both just drew. Whoever stands in between has other certificates.
/// </summary>
internal static class JoinProofs
{
    public const int NonceLength = 32;

    /// <summary>What HUB has to show.</summary>
    public static byte[] OfHub(ReadOnlySpan<byte> secret, X509Certificate2 server, X509Certificate2 hub, ReadOnlySpan<byte> serverNonce, ReadOnlySpan<byte> hubNonce) =>
        Of("tutti join 1 hub"u8, secret, server, hub, serverNonce, hubNonce);

    /// <summary>What the new server has to show.</summary>
    public static byte[] OfServer(ReadOnlySpan<byte> secret, X509Certificate2 server, X509Certificate2 hub, ReadOnlySpan<byte> serverNonce, ReadOnlySpan<byte> hubNonce) =>
        Of("tutti join 1 server"u8, secret, server, hub, serverNonce, hubNonce);

    private static byte[] Of(
        ReadOnlySpan<byte> role, ReadOnlySpan<byte> secret, X509Certificate2 server, X509Certificate2 hub, ReadOnlySpan<byte> serverNonce, ReadOnlySpan<byte> hubNonce)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret);

        // Each part has a fixed length, so that nothing can move from one to the next.
        hash.AppendData(SHA256.HashData(role));
        hash.AppendData(SHA256.HashData(server.RawData));
        hash.AppendData(SHA256.HashData(hub.RawData));
        hash.AppendData(SHA256.HashData(serverNonce));
        hash.AppendData(SHA256.HashData(hubNonce));
        return hash.GetHashAndReset();
    }
}
