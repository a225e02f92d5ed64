// SPDX-License-Identifier: Apache-2.0
using Tutti.Dst;
using Tutti.Hub;
using Tutti.Lui;
using Tutti.Trk;
using Tutti.Wiring.Hosting;

namespace Tutti.Commands.Run;

/// <summary>The components that this executable holds.</summary>
internal static class KnownComponents
{
    /// <summary>One entry each.</summary>
    public static IReadOnlyList<ComponentType> All { get; } =
    [
        ComponentType.Of<AdministrationHub>(),
        ComponentType.Of<Tracker>(),
        ComponentType.Of<Distributor>(),
        ComponentType.Of<UserInterface>(),
    ];
}
