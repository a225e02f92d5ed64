// SPDX-License-Identifier: Apache-2.0
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Tutti.Dst.Smtp.Encryption;

/// <summary>One handshake: judges the receiver's certificate, and remembers what it is worth.</summary>
internal sealed class Handshake(string host, TlsDemand demand, TlsRoots roots)
{
    private X509Certificate2? _leaf;
    private X509Certificate2Collection _presented = [];
    private TlsFailure? _doubt = TlsFailure.ValidationFailure;

    /// <summary>Whether a trusted authority stands for the host's name.</summary>
    public bool IsCertified => _doubt is null;

    /// <summary>What the demand finds wrong; null if it is met, or wants nothing of the certificate.</summary>
    public TlsFailure? Failure { get; private set; } = TlsFailure.ValidationFailure;

    /// <summary>How the handshake is to be made. The name in it is also sent to the receiver (RFC 7672 §8.1).</summary>
    public SslClientAuthenticationOptions Options() => new()
    {
        TargetHost = host,
        CertificateChainPolicy = roots.Policy(),
        RemoteCertificateValidationCallback = Take,
    };

    /// <summary>Whether the certificate fits one of the TLSA records of a demand.</summary>
    public bool Fits(TlsDemand other) =>
        _leaf is { } leaf && other.Associations.Any(association => association.Fits(leaf, _presented, host, other.Domain));

    private bool Take(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is not X509Certificate2 leaf || chain is null)
        {
            return false;
        }

        if (demand.Level == TlsLevel.Dane)
        {
            // Copies: what is passed here does not outlive the handshake.
            _leaf = X509CertificateLoader.LoadCertificate(leaf.RawDataMemory.Span);
            _presented = [.. chain.ChainPolicy.ExtraStore.Select(one => X509CertificateLoader.LoadCertificate(one.RawDataMemory.Span))];
        }

        _doubt = DoubtAbout(leaf, chain);
        Failure = demand switch
        {
            { Level: TlsLevel.Dane } => Fits(demand) ? null : TlsFailure.ValidationFailure,
            { Level: TlsLevel.Certified } or { Kind: TlsPolicyKind.Sts } => _doubt,
            _ => null,
        };
        return Failure is null || demand.Level is TlsLevel.May;
    }

    private TlsFailure? DoubtAbout(X509Certificate2 leaf, X509Chain chain)
    {
        var status = chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, one) => all | one.Status);
        return status.HasFlag(X509ChainStatusFlags.NotTimeValid) ? TlsFailure.CertificateExpired
            : status != X509ChainStatusFlags.NoError || chain.ChainElements.Count == 0 ? TlsFailure.CertificateNotTrusted
            : CertificateName.IsOneOf(leaf, host) ? null
            : TlsFailure.CertificateHostMismatch;
    }
}
