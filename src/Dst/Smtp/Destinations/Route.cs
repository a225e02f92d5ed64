// SPDX-License-Identifier: Apache-2.0
using Tutti.Dst.Smtp.Encryption;

namespace Tutti.Dst.Smtp.Destinations;

/// <summary>The way to a domain: hosts in the order of trial, or why there is none.</summary>
/// <param name="Hosts">Empty only if there is a failure.</param>
/// <param name="Failure">Refused (there is no such way) or Deferred (it could not be found out now).</param>
internal sealed record Route(IReadOnlyList<MailHost> Hosts, Answer? Failure)
{
    public static Route To(params IReadOnlyList<MailHost> hosts) => new(hosts, null);

    public static Route Refused(string enhancedCode, string text) => new([], new Answer(Result.Refused, Stage.Routing, 0, enhancedCode, text));

    public static Route Deferred(string text) => new([], new Answer(Result.Deferred, Stage.Routing, 0, "4.4.3", text));

    /// <summary>The same way under a policy of MTA-STS. Where TLSA records stand they count instead (RFC 8461 §2).</summary>
    public Route Under(StsPolicy? policy, string domain)
    {
        if (policy is not { Mode: not StsMode.None })
        {
            return this;
        }

        var level = policy.Mode == StsMode.Enforce ? TlsLevel.Certified : TlsLevel.May;
        return this with { Hosts = [.. Hosts.Select(Bound)] };

        MailHost Bound(MailHost host) => host.Tls.Kind == TlsPolicyKind.Tlsa ? host : host with
        {
            Tls = new(level, TlsPolicyKind.Sts, domain) { Misfit = policy.Allows(host.Name) ? null : TlsFailure.ValidationFailure },
        };
    }

    /// <summary>Whether mail of this way may go over a connection that was opened for another one: to one of its hosts, and as well encrypted as it has to be.</summary>
    public bool Allows(SmtpConnection connection) => Hosts.Any(host =>
        host.Port == connection.Peer.Port
        && string.Equals(host.Name, connection.Peer.Name, StringComparison.OrdinalIgnoreCase)
        && host.Tls.IsMetBy(connection.Handshake));
}
