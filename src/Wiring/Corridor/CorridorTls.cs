// SPDX-License-Identifier: Apache-2.0
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Tutti.Wiring.Corridor;

/// <summary>The one place that decides what TLS means in the corridor. Everything is set explicitly, because the framework's defaults follow the system's policy.</summary>
internal static class CorridorTls
{
    /// <summary>Longest time from a connection's first moment to the end of its handshake.</summary>
    public static readonly TimeSpan HandshakeLimit = TimeSpan.FromSeconds(10);

#pragma warning disable CA5398 // Deliberate: the system's policy must neither open older versions nor close 1.2.
    private const SslProtocols Versions = SslProtocols.Tls12 | SslProtocols.Tls13;
#pragma warning restore CA5398

    private static readonly TlsCipherSuite[] _suites =
    [
        TlsCipherSuite.TLS_AES_256_GCM_SHA384,
        TlsCipherSuite.TLS_AES_128_GCM_SHA256,
        TlsCipherSuite.TLS_CHACHA20_POLY1305_SHA256,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
        TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
        TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
        TlsCipherSuite.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
    ];

    // The framework's own list has two suites that HTTP/2 prohibits. Other systems decide for themselves.
    private static readonly CipherSuitesPolicy? _policy = OperatingSystem.IsLinux() ? new CipherSuitesPolicy(_suites) : null;

    /// <summary>Whether a caller that offers these suites can be served.</summary>
    public static bool Serves(IReadOnlyList<int> offered) => _suites.Any(suite => offered.Contains((int)suite));

    /// <summary>For a connection that comes in: our chain is sent, a certificate is demanded, and <paramref name="judge"/> alone decides about it.</summary>
    public static SslServerAuthenticationOptions ForListener(SslStreamCertificateContext own, X509ChainPolicy policy, RemoteCertificateValidationCallback judge) => new()
    {
        ServerCertificateContext = own,
        ClientCertificateRequired = true,
        EnabledSslProtocols = Versions,
        CipherSuitesPolicy = _policy,
        EncryptionPolicy = EncryptionPolicy.RequireEncryption,
        AllowRenegotiation = false,

        // A resumed session has no intermediates, and a later framework may not ask us about it.
        AllowTlsResume = false,
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        CertificateChainPolicy = policy,
        RemoteCertificateValidationCallback = judge,
    };

    /// <summary>For a connection that goes out: the same certificate shows who calls.</summary>
    public static SslClientAuthenticationOptions ForCaller(string dialled, SslStreamCertificateContext own, X509ChainPolicy policy, RemoteCertificateValidationCallback judge) => new()
    {
        TargetHost = dialled,
        ClientCertificateContext = own,
        ApplicationProtocols = [SslApplicationProtocol.Http2],
        EnabledSslProtocols = Versions,
        CipherSuitesPolicy = _policy,
        EncryptionPolicy = EncryptionPolicy.RequireEncryption,
        AllowRenegotiation = false,
        AllowTlsResume = false,
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        CertificateChainPolicy = policy,
        RemoteCertificateValidationCallback = judge,
    };

    /// <summary>A hello without certificate, to see who answers; nothing is sent on this connection.</summary>
    public static SslClientAuthenticationOptions ForProbe(string dialled, RemoteCertificateValidationCallback look) => new()
    {
        TargetHost = dialled,
        ApplicationProtocols = [SslApplicationProtocol.Http2],
        EnabledSslProtocols = Versions,
        CipherSuitesPolicy = _policy,
        AllowTlsResume = false,
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        CertificateChainPolicy = new X509ChainPolicy { DisableCertificateDownloads = true, TrustMode = X509ChainTrustMode.CustomRootTrust },
        RemoteCertificateValidationCallback = look,
    };
}
