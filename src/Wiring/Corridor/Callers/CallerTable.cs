// SPDX-License-Identifier: Apache-2.0
using System.Collections.Frozen;

namespace Tutti.Wiring.Corridor.Callers;

/// <summary>Which components call which service. What is not written here may be called by nobody.</summary>
internal static class CallerTable
{
    /// <summary>Told by signature, not by name: HUB may have moved to a name that is not known here yet.</summary>
    public const string Callers = "tutti.server.v1.Callers";

    /// <summary>How a User Interface makes its server known; so the one call of somebody who is not known yet.</summary>
    public const string Register = "/tutti.hub.v1.Registry/Register";

    private static readonly FrozenDictionary<string, string[]> _services = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        ["tutti.hub.v1.Registry"] = ["lui"],
        ["tutti.hub.v1.SignIn"] = ["lui"],
        ["tutti.trk.v1.Publications"] = ["lui"],
        ["tutti.trk.v1.Events"] = ["lui"],
        ["tutti.trk.replacement.v1.Replacement"] = ["hub"],
        ["tutti.dst.v1.Deliveries"] = ["lui"],
        ["tutti.dst.v1.Events"] = ["lui"],
        ["tutti.dst.v1.Files"] = ["lui"],
        ["tutti.dst.v1.Listserv"] = ["lui"],
        ["tutti.dst.v1.Suppression"] = ["lui"],
        ["tutti.dst.v1.Rehearsals"] = ["lui"],
        ["tutti.dst.v1.Lanes"] = ["hub"],
        ["tutti.server.v1.Server"] = ["hub"],
        ["tutti.server.v1.Cluster"] = ["hub"],
        [Callers] = ["lui", "hub", "trk", "dst"],
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>All services of the corridor.</summary>
    public static IEnumerable<string> Services => _services.Keys;

    /// <summary>Who calls a service: short names of components; none for a service that nobody may call.</summary>
    public static IReadOnlyList<string> CallersOf(string service) => _services.GetValueOrDefault(service, []);
}
