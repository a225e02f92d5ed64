// SPDX-License-Identifier: Apache-2.0
using Tutti.Wiring.Certificates;
using Tutti.Wiring.Corridor;

namespace Tutti.Hub.Components;

/// <summary>A server as a part of the secured communication between all of them.</summary>
/// <param name="Server">The server.</param>
/// <param name="State">plain, prepared, secured, restart-pending, refused, refuses-hub, unreachable or unknown.</param>
/// <param name="Conditions">The three conditions; null while nobody knows.</param>
/// <param name="IsOdd">Whether it is one of those that differ from the others.</param>
internal sealed record ServerInCorridor(KnownServer Server, string State, CorridorConditions? Conditions, bool IsOdd);

/// <summary>All servers side by side: all of them are secured, or none, with one list and the same roots. Says which one is not like the others.</summary>
internal sealed record InstallationCorridor(IReadOnlyList<ServerInCorridor> Servers, IReadOnlyList<string> Problems, IReadOnlyList<string> Notes, bool IsMixed)
{
    private const string Plain = "plain";
    private const string Secured = "secured";

    /// <summary>Puts together what the servers said, and what was seen of those that did not answer.</summary>
    public static InstallationCorridor Of(IReadOnlyList<KnownServer> servers)
    {
        var states = servers.Select(server => (Server: server, State: StateOf(server))).ToList();
        List<KnownServer> plain = [.. states.Where(each => KindOf(each.State) == Plain).Select(each => each.Server)];
        List<KnownServer> secured = [.. states.Where(each => KindOf(each.State) == Secured).Select(each => each.Server)];
        var isMixed = plain.Count > 0 && secured.Count > 0;
        List<string> problems = [];
        List<string> notes = [];
        HashSet<KnownServer> odd = [];
        if (isMixed)
        {
            var isTie = plain.Count == secured.Count;
            odd = [.. isTie ? plain.Concat(secured) : plain.Count < secured.Count ? plain : secured];
            problems.Add(isTie
                ? $"Some servers are secured and some are not: {Names(plain)} {Are(plain)} plain, {Names(secured)} {Are(secured)} secured. All servers are secured with commands/ssl.ini, or none."
                : plain.Count < secured.Count
                    ? $"{Names(plain)} {Are(plain)} not like the others: plain, while the others are secured. Write commands/ssl.ini there and start {(plain.Count == 1 ? "it" : "them")} again."
                    : $"{Names(secured)} {Are(secured)} not like the others: secured, while the others are plain. Secure the others too, or remove commands/ssl.ini there and start {(secured.Count == 1 ? "it" : "them")} again.");
        }

        problems.AddRange(states.Where(each => each.State is "refused" or "refuses-hub").Select(each => $"{each.Server.Address}: {each.Server.Problem ?? string.Join(' ', each.Server.Corridor?.Problems ?? [])}"));
        List<KnownServer> described = [.. servers.Where(server => server.Answers && server.Corridor is { Names.Count: > 0 })];
        problems.AddRange(Lists(servers, described));
        problems.AddRange(Twins(described));
        notes.AddRange(Differing(described, server => string.Join(' ', server.Corridor!.Roots), "trusts other roots than the others do. See them with: tutti cert trust list"));
        notes.AddRange(Differing(described, server => server.Corridor!.AcceptsServerOnly ? "yes" : "no", "has another AcceptServerOnlyCertificates in conf/server.ini than the others."));
        notes.AddRange(described.Where(server => server.Corridor is { State: Secured, CallersNumber: 0 }).Select(server => $"{server.Address} has not heard yet who may call what; until then its list alone decides."));
        notes.AddRange(Waiting(states));
        odd.UnionWith(described.Where(server => problems.Concat(notes).Any(line => line.StartsWith($"{server.Address} ", StringComparison.Ordinal))));
        return new InstallationCorridor(
            [.. states.Select(each => new ServerInCorridor(each.Server, each.State, ConditionsOf(each.Server, each.State), odd.Contains(each.Server)))], problems, notes, isMixed);
    }

    private static string StateOf(KnownServer server) => server switch
    {
        { Answers: true } => server.Corridor?.State ?? "unknown",
        { ProblemCode: "tls.plain" } => Plain,
        { ProblemCode: "tls.expected-plain" } => Secured,
        { ProblemCode: "tls.peer-refused" or "call.not-allowed" } => "refuses-hub",
        { ProblemCode: { } code } when code.StartsWith("tls.", StringComparison.Ordinal) && code != "tls.timeout" => "refused",
        { Problem: null } => "unknown",
        _ => "unreachable",
    };

    private static string KindOf(string state) => state switch
    {
        Plain or "prepared" => Plain,
        Secured or "restart-pending" => Secured,
        _ => "",
    };

    private static CorridorConditions? ConditionsOf(KnownServer server, string state) => server.Answers && server.Corridor is { } corridor
        ? CorridorConditions.Of(corridor.State, corridor.Code, corridor.Names.Count > 0)
        : state == Plain ? new CorridorConditions("unknown", "unknown", "no") : null;

    /// <summary>Names that one list lacks, and names in a list that belong to no server.</summary>
    private static IEnumerable<string> Lists(IReadOnlyList<KnownServer> servers, List<KnownServer> described)
    {
        List<string> known = [.. servers.Select(server => HostNames.TryNormalize(server.Host, out var name) ? name : "").Where(name => name.Length > 0).Distinct()];
        foreach (var server in described)
        {
            List<string> missing = [.. known.Except(server.Corridor!.Allowed)];
            List<string> strange = [.. server.Corridor.Allowed.Except(known)];
            if (missing.Count > 0)
            {
                yield return $"{server.Address} refuses {string.Join(", ", missing)}: not in its SSLAllowedClients. The line for its commands/ssl.ini: SSLAllowedClients={string.Join(',', server.Corridor.Allowed.Concat(missing))}";
            }

            if (strange.Count > 0)
            {
                yield return $"{server.Address} [ssl.list-unknown-server] lets in {string.Join(", ", strange)}, which {(strange.Count == 1 ? "is no server" : "are no servers")} of this installation. Add {(strange.Count == 1 ? "it" : "them")} with tutti hub servers add, or take the name out of its SSLAllowedClients.";
            }
        }
    }

    /// <summary>One key on two hosts is a keystore that was copied.</summary>
    private static IEnumerable<string> Twins(List<KnownServer> described) => described
        .GroupBy(server => server.Corridor!.Key)
        .Where(same => same.Key.Length > 0 && same.Select(server => server.Host).Distinct(StringComparer.OrdinalIgnoreCase).Count() > 1)
        .Select(same => $"{Names([.. same])} have the same key. Each server needs a certificate of its own: tutti cert create");

    /// <summary>Whoever is not as most are; with two halves nobody can tell, so all but the first half are named.</summary>
    private static IEnumerable<string> Differing(List<KnownServer> described, Func<KnownServer, string> look, string words) => described
        .GroupBy(look)
        .OrderByDescending(same => same.Count())
        .Skip(1)
        .SelectMany(same => same.Select(server => $"{server.Address} {words}"));

    /// <summary>While all are plain: who is ready for the restart of all, and who is not.</summary>
    private static IEnumerable<string> Waiting(List<(KnownServer Server, string State)> states)
    {
        var prepared = states.Count(each => each.State == "prepared");
        if (prepared > 0 && states.TrueForAll(each => KindOf(each.State) == Plain))
        {
            List<KnownServer> others = [.. states.Where(each => each.State != "prepared").Select(each => each.Server)];
            yield return others.Count == 0
                ? "All servers have a good commands/ssl.ini waiting. Start all of them again to secure the communication between them."
                : $"{prepared} of {states.Count} servers have a good commands/ssl.ini waiting. Start them again when the others have one too: {Names(others)}.";
        }
    }

    private static string Names(IReadOnlyList<KnownServer> servers) => string.Join(", ", servers.Select(server => server.Address));

    private static string Are(List<KnownServer> servers) => servers.Count == 1 ? "is" : "are";
}
