// SPDX-License-Identifier: Apache-2.0
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Tutti.Wiring.Joining;

/// <summary>TLS of a join: 1.3 only, both sides with a certificate; whom to trust is decided by code and proofs, not by a chain.</summary>
internal static class JoinTls
{
#pragma warning disable CA5398 // Deliberate: both ends are ours, and the proofs are about this version.
    private const SslProtocols Version = SslProtocols.Tls13;
#pragma warning restore CA5398

    public static SslServerAuthenticationOptions ForServer(X509Certificate2 own, Func<X509Certificate2, bool> look) => new()
    {
        ServerCertificateContext = SslStreamCertificateContext.Create(own, [], offline: true),
        ClientCertificateRequired = true,
        EnabledSslProtocols = Version,
        AllowRenegotiation = false,
        AllowTlsResume = false,
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        CertificateChainPolicy = NoDownloads(),
        RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null && look(Copy(certificate)),
    };

    public static SslClientAuthenticationOptions ForHub(string host, X509Certificate2 own, Func<X509Certificate2, bool> look) => new()
    {
        TargetHost = host,
        ClientCertificateContext = SslStreamCertificateContext.Create(own, [], offline: true),
        EnabledSslProtocols = Version,
        AllowRenegotiation = false,
        AllowTlsResume = false,
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        CertificateChainPolicy = NoDownloads(),
        RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null && look(Copy(certificate)),
    };

    private static X509ChainPolicy NoDownloads() => new()
    {
        TrustMode = X509ChainTrustMode.CustomRootTrust,
        RevocationMode = X509RevocationMode.NoCheck,
        DisableCertificateDownloads = true,
    };

    private static X509Certificate2 Copy(X509Certificate certificate) => X509CertificateLoader.LoadCertificate(certificate.GetRawCertData());
}
