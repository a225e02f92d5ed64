// SPDX-License-Identifier: Apache-2.0
using Tutti.Frame.Words;
using Tutti.Wiring.Certificates.Issuing;
using Tutti.Wiring.Outcomes;

namespace Tutti.Hub.Cluster;

/// <summary>Every "no" about the installation's own authority.</summary>
internal static class ClusterRefusals
{
    public static Refusal Code => new(
        RefusalKind.Invalid, "join.code", ClusterWords.NoCode, "Code");

    public static Refusal Exists(string fingerprint) => new(
        RefusalKind.Conflict, "cluster.exists", SharedWords.Fill(ClusterWords.AuthorityExists, fingerprint));

    public static Refusal Secured => new(
        RefusalKind.Conflict,
        "cluster.secured",
        ClusterWords.SecuredAlready);

    public static Refusal HostName(string host, string problem) => new(
        RefusalKind.Invalid,
        "cluster.host-name",
        SharedWords.Fill(ClusterWords.NoHostName, host, problem));

    public static Refusal OtherName(string asked, string own) => new(
        RefusalKind.Conflict,
        "server.other-name",
        SharedWords.Fill(ClusterWords.OtherName, asked, own),
        "Address");

    public static Refusal NameKnown(string address) => new(
        RefusalKind.Conflict,
        "join.name-known",
        SharedWords.Fill(ClusterWords.NameKnown, address),
        "Address");

    public static Refusal NameUnknown(string host) => new(
        RefusalKind.Conflict, "join.name-unknown", SharedWords.Fill(ClusterWords.NameUnknown, host), "Address");

    public static Refusal NotIssued(string address) => new(
        RefusalKind.Conflict, "join.other-authority", SharedWords.Fill(ClusterWords.NotIssued, address), "Address");

    public static Refusal ListNotChanged(string address, string problem) => new(
        RefusalKind.Unavailable,
        "join.list-not-changed",
        SharedWords.Fill(ClusterWords.ListNotChanged, address, problem));

    public static Refusal NotPrepared(IEnumerable<string> addresses) => new(
        RefusalKind.Conflict,
        "cluster.not-prepared",
        SharedWords.Fill(ClusterWords.NotPrepared, string.Join(", ", addresses)));

    public static Refusal Outside(string host, IReadOnlyList<string> allowed) => new(
        RefusalKind.Conflict,
        "cluster.outside",
        SharedWords.Fill(ClusterWords.Outside, host, string.Join(", ", allowed), string.Join(',', allowed.Append(host))),
        "Code");

    public static Refusal OwnInUse(string host) => new(
        RefusalKind.Conflict,
        "cluster.own-in-use",
        SharedWords.Fill(ClusterWords.OwnInUse, host));

    public static Refusal Unknown(string which) => new(
        RefusalKind.NotFound, "cluster.unknown", SharedWords.Fill(ClusterWords.NoSuchCertificate, which));

    public static Refusal Domain(string domain, string problem) => new(
        RefusalKind.Invalid, "cluster.domain", SharedWords.Fill(ClusterWords.NoDomain, domain, problem), "Domain");

    public static Refusal OutsideDomains(string host, IReadOnlyList<string> domains) => new(
        RefusalKind.Conflict, "cluster.other-domain", SharedWords.Fill(ClusterWords.OutsideDomains, host, string.Join(", ", domains)), "Domain");

    public static Refusal OtherDomain(string host, IReadOnlyList<string> domains) => new(
        RefusalKind.Conflict,
        "cluster.other-domain",
        SharedWords.Fill(ClusterWords.OtherDomain, string.Join(", ", domains), host, string.Join(',', domains.Concat(NameConstraints.DomainsOf([host])))),
        "Address");

    public static Refusal NotSecured => new(
        RefusalKind.Conflict, "cluster.not-secured", ClusterWords.NotSecured);

    public static Refusal NextName(string host, string problem) => new(
        RefusalKind.Invalid, "cluster.host-name", SharedWords.Fill(ClusterWords.NoNextName, host, problem));

    public static Refusal NotSwitched(string problem) => new(
        RefusalKind.Conflict, "cluster.not-switched", SharedWords.Fill(ClusterWords.NotSwitched, problem));

    public static Refusal NotUnderWay => new(
        RefusalKind.Conflict, "cluster.not-under-way", ClusterWords.NotUnderWay);
}
