// SPDX-License-Identifier: Apache-2.0
using Tutti.Wiring.Configuration;

namespace Tutti.Hub.Components;

/// <summary>Where the hub finds the processes of its own server: one, or one per component where they run separately.</summary>
internal sealed record OwnProcesses(IReadOnlyList<(string Host, int Port)> Addresses)
{
    /// <summary>As <c>conf/server.ini</c> has it.</summary>
    public static OwnProcesses Of(ServerConfiguration configuration)
    {
        // A name that others know is of no use while the ports listen on loopback only.
        var host = System.Net.IPAddress.IsLoopback(configuration.InternalBind) ? configuration.OwnInternalHost : configuration.Common.HostName;
        return new([.. configuration.Components.Select(component => (host, configuration.Of(component).InternalPort)).Distinct()]);
    }
}
