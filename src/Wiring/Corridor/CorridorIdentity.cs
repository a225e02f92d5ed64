// SPDX-License-Identifier: Apache-2.0
using System.Collections.Frozen;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Tutti.Wiring.Certificates;

namespace Tutti.Wiring.Corridor;

/// <summary>
/// What a secured server is and whom it lets in, as one set that never changes: own certificate, trusted roots, list,
/// revocations. A reload makes a new one; connections that are open keep what they began with until they are judged again.
/// </summary>
internal sealed class CorridorIdentity
{
    private readonly FrozenSet<string> _allowed;
    private readonly FrozenDictionary<string, SslStreamCertificateContext> _others;
    private readonly CertificateRules _rules;

    /// <param name="allowed">Host names of all servers of the installation.</param>
    /// <param name="own">The certificate for this server's name.</param>
    /// <param name="others">Certificates for further names of this server, by name.</param>
    /// <param name="rules">What peers are measured by; its moment is not used.</param>
    /// <param name="revoked">Certificates that their authority took back.</param>
    public CorridorIdentity(
        IReadOnlyList<string> allowed, OwnCertificate own, IReadOnlyDictionary<string, OwnCertificate> others, CertificateRules rules, RevocationLists revoked)
    {
        Allowed = allowed;
        Own = own;
        Revoked = revoked;
        _rules = rules with { Known = [.. own.Path.Certificates.Skip(1)] };
        _allowed = allowed.ToFrozenSet(StringComparer.Ordinal);
        OwnContext = ContextOf(own);
        _others = others.ToFrozenDictionary(other => other.Key, other => ContextOf(other.Value), StringComparer.Ordinal);
    }

    /// <summary>The list, normalised.</summary>
    public IReadOnlyList<string> Allowed { get; }

    /// <summary>The certificate for this server's name.</summary>
    public OwnCertificate Own { get; }

    /// <summary>Revocations.</summary>
    public RevocationLists Revoked { get; }

    /// <summary>The trusted roots.</summary>
    public IReadOnlyList<X509Certificate2> Roots => _rules.Roots;

    /// <summary>Whether serverAuth alone counts for callers.</summary>
    public bool AcceptsServerOnly => _rules.AcceptServerOnly;

    /// <summary>What this server shows when it calls.</summary>
    public SslStreamCertificateContext OwnContext { get; }

    /// <summary>What this server shows to a caller that asks for a name; for a name it does not know, or none, the certificate of its host name.</summary>
    public SslStreamCertificateContext ContextFor(string? askedFor) =>
        HostNames.TryNormalize(askedFor, out var name) && _others.TryGetValue(name, out var other) ? other : OwnContext;

    /// <summary>For the chain that the framework builds before it asks us: without it that would fetch what strangers' certificates name. It decides nothing.</summary>
    public X509ChainPolicy ChainPolicy()
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.AddRange(_rules.Roots.ToArray());
        return policy;
    }

    /// <summary>Is this peer one of the installation? Chain, dates, purpose, strength, revocation, names, in this order.</summary>
    /// <param name="peer">What it showed.</param>
    /// <param name="role">Whether it called or was called.</param>
    /// <param name="dialled">The name it was called by, normalised; null for a caller.</param>
    /// <param name="now">The moment for which dates are checked.</param>
    public PeerVerdict Judge(PeerCertificate peer, PeerRole role, string? dialled, DateTimeOffset now)
    {
        var use = role == PeerRole.Caller ? CertificateUse.Calling : CertificateUse.Called;
        var names = CertificateNames.Of(peer.Certificate);
        if (!CertificateChecks.Check(peer.Certificate, peer.Sent, use, _rules with { Now = now }).Is(out var path, out var refusal))
        {
            return new PeerVerdict(refusal, names, null);
        }

        refusal = Revoked.Find(path) ?? (names.Count == 0 ? PeerRefusals.NoName(peer.Certificate) : null);
        if (refusal is not null)
        {
            return new PeerVerdict(refusal, names, path);
        }

        if (dialled is not null && !names.Contains(dialled))
        {
            return new PeerVerdict(PeerRefusals.OtherName(dialled), names, path);
        }

        List<string> listed = [.. names.Where(_allowed.Contains)];
        var isListed = dialled is null ? listed.Count > 0 : listed.Contains(dialled);
        return isListed ? new PeerVerdict(null, listed, path) : new PeerVerdict(PeerRefusals.NotAllowed, names, path);
    }

    private static SslStreamCertificateContext ContextOf(OwnCertificate own) =>
        SslStreamCertificateContext.Create(own.Entry.Certificate, [.. own.Path.Intermediates], offline: true);
}
