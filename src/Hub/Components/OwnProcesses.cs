// SPDX-License-Identifier: Apache-2.0
using Tutti.Wiring.Configuration;

namespace Tutti.Hub.Components;

/// <summary>Where the hub finds the processes of its own server: one, or one per component where they run separately.</summary>
internal sealed record OwnProcesses(IReadOnlyList<(string Host, int Port)> Addresses)
{
    /// <summary>As <c>conf/server.ini</c> has it.</summary>
    public static OwnProcesses Of(ServerConfiguration configuration)
    {
        // By the name that the components themselves register with; whoever dials this server's own name reaches its loopback address.
        var host = configuration.Common.HostName;
        return new([.. configuration.Components.Select(component => (host, configuration.Of(component).InternalPort)).Distinct()]);
    }
}
