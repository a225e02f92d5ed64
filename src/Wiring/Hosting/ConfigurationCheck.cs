// SPDX-License-Identifier: Apache-2.0
using System.Collections;
using Microsoft.Extensions.Logging.Abstractions;
using Tutti.Wiring.Configuration;

namespace Tutti.Wiring.Hosting;

/// <summary>Reads a server's configuration as a start would, without starting anything.</summary>
public static class ConfigurationCheck
{
    /// <summary>Everything that is wrong in <c>conf/server.ini</c> and in the ini files of this server's components.</summary>
    /// <param name="home">The installation folder.</param>
    /// <param name="known">The components that this executable holds.</param>
    /// <param name="environment">Environment variables that override settings; may be empty.</param>
    /// <param name="clock">The clock of the components.</param>
    public static async Task<IReadOnlyList<Complaint>> Run(HomeFolder home, IReadOnlyList<ComponentType> known, IDictionary environment, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(known);
        ServerConfiguration server;
        try
        {
            server = ServerConfiguration.Read(home, environment);
        }
        catch (ConfigurationException exception)
        {
            return exception.Complaints;
        }

        List<Complaint> complaints = [];
        foreach (var type in known.Where(type => server.Components.Contains(type.Name)))
        {
            await using var component = new RunningComponent(type, home, server, environment, null, clock, NullLogger.Instance);
            complaints.AddRange(component.Build());
        }

        return complaints;
    }
}
