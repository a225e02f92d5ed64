// SPDX-License-Identifier: Apache-2.0
using Tutti.Frame.Words;
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
/// <param name="Servers">The servers.</param>
/// <param name="Problems">What does not fit together, in words.</param>
/// <param name="Notes">What people should know, in words.</param>
/// <param name="IsMixed">Whether some are secured and some are not.</param>
/// <param name="IsOpen">Whether servers on several hosts talk over plain ports.</param>
internal sealed record InstallationCorridor(IReadOnlyList<ServerInCorridor> Servers, IReadOnlyList<string> Problems, IReadOnlyList<string> Notes, bool IsMixed, bool IsOpen)
{
    private const string Plain = "plain";
    private const string Secured = "secured";

    /// <summary>Puts together what the servers said, and what was seen of those that did not answer.</summary>
    public static InstallationCorridor Of(IReadOnlyList<KnownServer> servers)
    {
        var states = servers.Select(server => (Server: server, State: StateOf(server))).ToList();
        List<KnownServer> plain = [.. states.Where(each => KindOf(each.State) == Plain).Select(each => each.Server)];
        List<KnownServer> secured = [.. states.Where(each => KindOf(each.State) == Secured).Select(each => each.Server)];
        List<string> problems = [];
        HashSet<KnownServer> odd = [];
        if (plain.Count > 0 && secured.Count > 0)
        {
            var isTie = plain.Count == secured.Count;
            odd = [.. isTie ? plain.Concat(secured) : plain.Count < secured.Count ? plain : secured];
            problems.Add(isTie
                ? SharedWords.Fill(ComponentsWords.HalfSecured, Names(plain), Names(secured))
                : SharedWords.Counted(plain.Count < secured.Count ? ComponentsWords.OddPlain : ComponentsWords.OddSecured, odd.Count, Names([.. odd])));
        }

        problems.AddRange(states
            .Where(each => each.State is "refused" or "refuses-hub")
            .Select(each => SharedWords.Fill(ComponentsWords.ServerHas, each.Server.Address, each.Server.Problem ?? string.Join(' ', each.Server.Corridor?.Problems ?? []))));
        List<KnownServer> described = [.. servers.Where(server => server.Answers && server.Corridor is { Names.Count: > 0 })];
        List<(KnownServer Server, string Words)> lists = [.. Lists(servers, described)];
        List<(KnownServer Server, string Words)> differing =
        [
            .. Differing(described, server => string.Join(' ', server.Corridor!.Roots), address => SharedWords.Fill(ComponentsWords.OtherRoots, address)),
            .. Differing(described, server => server.Corridor!.AcceptsServerOnly ? "yes" : "no", address => SharedWords.Fill(ComponentsWords.OtherServerOnly, address)),
            .. described.Where(server => server.Corridor is { State: Secured, CallersNumber: 0 }).Select(server => (server, SharedWords.Fill(ComponentsWords.NoCallersYet, server.Address))),
        ];
        odd.UnionWith(lists.Concat(differing).Select(each => each.Server));
        return new InstallationCorridor(
            [.. states.Select(each => new ServerInCorridor(each.Server, each.State, ConditionsOf(each.Server, each.State), odd.Contains(each.Server)))],
            [.. problems, .. lists.Select(each => each.Words), .. Twins(described)],
            [.. differing.Select(each => each.Words), .. Waiting(states)],
            plain.Count > 0 && secured.Count > 0,
            plain.Count > 0 && secured.Count == 0 && servers.Select(server => server.Host).Distinct(StringComparer.OrdinalIgnoreCase).Count() > 1);
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
    private static IEnumerable<(KnownServer Server, string Words)> Lists(IReadOnlyList<KnownServer> servers, List<KnownServer> described)
    {
        List<string> known = [.. servers.Select(server => HostNames.TryNormalize(server.Host, out var name) ? name : "").Where(name => name.Length > 0).Distinct()];
        foreach (var server in described)
        {
            List<string> missing = [.. known.Except(server.Corridor!.Allowed)];
            List<string> strange = [.. server.Corridor.Allowed.Except(known)];
            if (missing.Count > 0)
            {
                yield return (server, SharedWords.Fill(ComponentsWords.ListLacks, server.Address, string.Join(", ", missing), string.Join(',', server.Corridor.Allowed.Concat(missing))));
            }

            if (strange.Count > 0)
            {
                yield return (server, SharedWords.Counted(ComponentsWords.ListHasStranger, strange.Count, server.Address, string.Join(", ", strange)));
            }
        }
    }

    /// <summary>One key on two hosts is a keystore that was copied.</summary>
    private static IEnumerable<string> Twins(List<KnownServer> described) => described
        .GroupBy(server => server.Corridor!.Key)
        .Where(same => same.Key.Length > 0 && same.Select(server => server.Host).Distinct(StringComparer.OrdinalIgnoreCase).Count() > 1)
        .Select(same => SharedWords.Fill(ComponentsWords.SameKey, Names([.. same])));

    /// <summary>Whoever is not as most are; with two halves nobody can tell, so all but the first half are named.</summary>
    private static IEnumerable<(KnownServer Server, string Words)> Differing(List<KnownServer> described, Func<KnownServer, string> look, Func<string, string> words) => described
        .GroupBy(look)
        .OrderByDescending(same => same.Count())
        .Skip(1)
        .SelectMany(same => same.Select(server => (server, words(server.Address))));

    /// <summary>While all are plain: who is ready for the restart of all, and who is not.</summary>
    private static IEnumerable<string> Waiting(List<(KnownServer Server, string State)> states)
    {
        var prepared = states.Count(each => each.State == "prepared");
        if (prepared > 0 && states.TrueForAll(each => KindOf(each.State) == Plain))
        {
            List<KnownServer> others = [.. states.Where(each => each.State != "prepared").Select(each => each.Server)];
            yield return others.Count == 0
                ? ComponentsWords.AllPrepared
                : SharedWords.Fill(ComponentsWords.SomePrepared, SharedWords.Number(prepared), SharedWords.Number(states.Count), Names(others));
        }
    }

    private static string Names(IReadOnlyList<KnownServer> servers) => string.Join(", ", servers.Select(server => server.Address));
}
