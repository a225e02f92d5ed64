// SPDX-License-Identifier: Apache-2.0
using Tutti.Wiring.Certificates.Issuing;
using Tutti.Wiring.Outcomes;

namespace Tutti.Hub.Cluster;

/// <summary>Every "no" about the installation's own authority.</summary>
internal static class ClusterRefusals
{
    public static Refusal Code { get; } = new(
        RefusalKind.Invalid, "join.code", "That is no join code: it has fourteen groups of four letters and digits, and one of them is mistyped or missing.", "Code");

    public static Refusal Exists(string fingerprint) => new(
        RefusalKind.Conflict, "cluster.exists", $"This installation has an authority of its own already; its root has the SHA-256 {fingerprint}. Nothing was changed.");

    public static Refusal Secured { get; } = new(
        RefusalKind.Conflict,
        "cluster.secured",
        "This server is secured already: there is commands/ssl.ini, with certificates of another authority. Nothing was changed.");

    public static Refusal HostName(string host, string problem) => new(
        RefusalKind.Invalid,
        "cluster.host-name",
        $"HostName in conf/server.ini is '{host}', which {problem}. Certificates are for host names: give this server one under which all others reach it, and restart it.");

    public static Refusal OtherName(string asked, string own) => new(
        RefusalKind.Conflict,
        "server.other-name",
        $"The server that answers for {asked} calls itself {own} (HostName in its conf/server.ini). Add it under that name, or correct that line.",
        "Address");

    public static Refusal NameKnown(string address) => new(
        RefusalKind.Conflict,
        "join.name-known",
        $"{address} belongs to the installation already. If the server was set up anew, take the old one out first: tutti hub servers remove {address}",
        "Address");

    public static Refusal NameUnknown(string host) => new(
        RefusalKind.Conflict, "join.name-unknown", $"{host} asks for a renewed certificate, but does not belong to the installation. Let it in with tutti setup --join or tutti cluster prepare.", "Address");

    public static Refusal NotIssued(string address) => new(
        RefusalKind.Conflict, "join.other-authority", $"{address} has a certificate that this installation's authority did not sign, or took back.", "Address");

    public static Refusal ListNotChanged(string address, string problem) => new(
        RefusalKind.Unavailable,
        "join.list-not-changed",
        $"The list of {address} could not be changed, so the new server was not let in: {problem} Mend that, then give the same command again.");

    public static Refusal NotPrepared(IEnumerable<string> addresses) => new(
        RefusalKind.Conflict,
        "cluster.not-prepared",
        $"Nothing was changed: {string.Join(", ", addresses)} is not prepared, or does not answer over a secured connection. There: tutti cluster prepare; here, with its code: tutti hub servers add");

    public static Refusal Outside(string host, IReadOnlyList<string> allowed) => new(
        RefusalKind.Conflict,
        "cluster.outside",
        $"This installation is secured with certificates of an authority outside of it, so the hub has none to give. Do it by hand: on {host} tutti cert create, tutti cert request, have that signed, tutti cert trust add, tutti cert install, and commands/ssl.ini; "
        + $"there and on {string.Join(", ", allowed)} the line SSLAllowedClients={string.Join(',', allowed.Append(host))}; then start {host} and add it without a code: tutti hub servers add {host}",
        "Code");

    public static Refusal OwnInUse(string host) => new(
        RefusalKind.Conflict,
        "cluster.own-in-use",
        $"{host} carries the hub and uses that certificate: all servers would refuse the hub. Nothing was revoked. Get a new one first: tutti cluster renew {host}; then revoke the old one by its serial.");

    public static Refusal Unknown(string which) => new(
        RefusalKind.NotFound, "cluster.unknown", $"The authority has signed no certificate for '{which}' that is still good.");

    public static Refusal Domain(string domain, string problem) => new(
        RefusalKind.Invalid, "cluster.domain", $"'{domain}' is no domain: it {problem}.", "Domain");

    public static Refusal OutsideDomains(string host, IReadOnlyList<string> domains) => new(
        RefusalKind.Conflict, "cluster.other-domain", $"{host} belongs to the installation and is not in {string.Join(", ", domains)}: it could get no certificate. Name its domain too.", "Domain");

    public static Refusal OtherDomain(string host, IReadOnlyList<string> domains) => new(
        RefusalKind.Conflict,
        "cluster.other-domain",
        $"The authority signs for {string.Join(", ", domains)} only, and {host} is not there. Change it for one with more domains: tutti cluster rotate --domain {string.Join(',', domains.Concat(NameConstraints.DomainsOf([host])))}",
        "Address");

    public static Refusal NotSecured { get; } = new(
        RefusalKind.Conflict, "cluster.not-secured", "This installation is not secured yet, so that its servers cannot be told over the corridor. First: tutti cluster switch");

    public static Refusal NotUnderWay { get; } = new(
        RefusalKind.Conflict, "cluster.not-under-way", "The authority is not being changed.");
}
