// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography.X509Certificates;

namespace Tutti.Wiring.Certificates;

/// <summary>What a certificate is looked at for.</summary>
public enum CertificateUse
{
    /// <summary>This server's own: it is shown when called and when calling.</summary>
    Own,

    /// <summary>This server's own for people's browsers: it is shown when called only.</summary>
    OwnForHttps,

    /// <summary>That of a server that calls this one.</summary>
    Calling,

    /// <summary>That of a server that this one calls.</summary>
    Called,
}

/// <summary>What certificates are measured by.</summary>
/// <param name="Roots">The certificates of the trusted-root keystore; nothing else is an anchor.</param>
/// <param name="Now">The moment for which validity is checked.</param>
/// <param name="AcceptServerOnly">True if serverAuth is enough where clientAuth would be needed (<c>AcceptServerOnlyCertificates</c>).</param>
public sealed record CertificateRules(IReadOnlyList<X509Certificate2> Roots, DateTimeOffset Now, bool AcceptServerOnly = false)
{
    /// <summary>Path of the installation folder, for the commands in messages; empty if it is not known.</summary>
    public string Home { get; init; } = "";

    /// <summary>Certificates of authorities that are known from elsewhere, such as this server's own chain. They never help a chain to be complete, they only make the words of a refusal better.</summary>
    public IReadOnlyList<X509Certificate2> Known { get; init; } = [];

    internal string Command(string command) => Home.Length == 0 ? $"tutti cert {command}" : $"tutti cert {command} --home {Home}";
}

/// <summary>A certificate with everything up to the root that it is trusted by.</summary>
/// <param name="Certificates">The certificate itself first, the root last.</param>
public sealed record TrustedPath(IReadOnlyList<X509Certificate2> Certificates)
{
    /// <summary>What is sent along with the certificate.</summary>
    public IReadOnlyList<X509Certificate2> Intermediates => [.. Certificates.Skip(1).SkipLast(1)];

    /// <summary>The trusted root.</summary>
    public X509Certificate2 Root => Certificates[^1];

    /// <summary>When the first of them ends.</summary>
    public DateTimeOffset NotAfter => Certificates.Min(certificate => new DateTimeOffset(certificate.NotAfter.ToUniversalTime()));
}
