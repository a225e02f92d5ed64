// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography.X509Certificates;
using Tutti.Wiring.Certificates;
using Tutti.Wiring.Outcomes;

namespace Tutti.Wiring.Corridor;

/// <summary>Who the other side of a connection is.</summary>
internal enum PeerRole
{
    /// <summary>It dialled this server.</summary>
    Caller,

    /// <summary>This server dialled it.</summary>
    Called,
}

/// <summary>What a peer showed in the handshake.</summary>
/// <param name="Certificate">Its own certificate.</param>
/// <param name="Sent">What it sent along.</param>
internal sealed record PeerCertificate(X509Certificate2 Certificate, IReadOnlyList<X509Certificate2> Sent);

/// <summary>What was decided about a peer.</summary>
/// <param name="Refusal">Why it is refused, or null.</param>
/// <param name="Names">Its names that are in the list; if it is refused all that it has.</param>
/// <param name="Path">Its chain, if it is trusted.</param>
internal sealed record PeerVerdict(Refusal? Refusal, IReadOnlyList<string> Names, TrustedPath? Path);

/// <summary>The refusals that do not come from a certificate's inside.</summary>
internal static class PeerRefusals
{
    public static readonly Refusal NoCertificate = New("tls.no-certificate", "the peer showed no certificate. A caller of this installation needs commands/ssl.ini and a keystore of its own.");

    public static readonly Refusal Timeout = New("tls.timeout", "no complete handshake within 10 seconds.");

    public static readonly Refusal Crowded = New("tls.timeout", "too many unfinished handshakes at once from there.");

    public static readonly Refusal Protocol = New("tls.protocol", "the peer offers no TLS 1.2 or 1.3.");

    public static readonly Refusal Cipher = New("tls.cipher", "the peer and this server have no cipher suite in common.");

    public static readonly Refusal ExpectedPlain = New("tls.expected-plain", "the peer speaks TLS, but this server is plain: it has no commands/ssl.ini. All servers are secured, or none.");

    public static readonly Refusal ServerIsPlain = New("tls.plain", "the server answered without TLS: it has no commands/ssl.ini, or was not restarted since. All servers are secured, or none.");

    public static Refusal Plain(string what) => New("tls.plain", $"the peer speaks {what} without TLS to a secured port. All servers are secured with commands/ssl.ini, or none.");

    public static Refusal PeerRefused(string host) => New("tls.peer-refused", $"the other side closed the connection during or right after the handshake. The reason stands in its log: look into logs/server.log of {host}.");

    public static Refusal NoName(X509Certificate2 certificate)
    {
        var written = CertificateNames.Written(certificate);
        var there = written.Count == 0 ? "" : $" It has only {string.Join(", ", written)}; wildcards and IP addresses do not count.";
        return New("tls.no-name", $"its certificate names no host.{there}");
    }

    public static Refusal NotAllowed { get; } = New("tls.name-not-allowed", "not in SSLAllowedClients of commands/ssl.ini.");

    public static Refusal OtherName(string dialled) => New(
        "tls.name-mismatch",
        $"the server answered with a certificate for another name. Dial it under a name of its certificate (tutti hub servers), or give it a certificate for {dialled}.");

    public static Refusal DialledAddress(string dialled) => New(
        "tls.name-mismatch", $"'{dialled}' is no host name, and only names can be compared with a certificate. Give the host a name; a line in the hosts file is enough.");

    private static Refusal New(string code, string message) => new(RefusalKind.Forbidden, code, message);
}
