// SPDX-License-Identifier: Apache-2.0
using System.Collections;
using Microsoft.Extensions.Logging.Abstractions;
using Tutti.Wiring.Configuration;

namespace Tutti.Wiring.Hosting;

/// <summary>One ini file and the settings that it may hold.</summary>
/// <param name="File">Path inside home, such as <c>trk/tracker.ini</c>.</param>
/// <param name="Settings">Each with its default as it would stand in the file.</param>
public sealed record SettingsFile(string File, IReadOnlyList<(DeclaredSetting Setting, string Default)> Settings);

/// <summary>All settings that the components of an executable declare.</summary>
public static class SettingsCatalogue
{
    /// <summary>Asks every component for its settings without starting anything.</summary>
    /// <param name="home">A folder as <c>tutti setup</c> makes it for all four components.</param>
    /// <param name="known">The components that this executable holds.</param>
    /// <param name="clock">The clock of the components.</param>
    public static async Task<IReadOnlyList<SettingsFile>> Read(HomeFolder home, IReadOnlyList<ComponentType> known, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(home);
        ArgumentNullException.ThrowIfNull(known);
        var environment = new Hashtable();
        var common = new SettingsSource(IniFile.Read(home.ServerIni), "server", environment);
        common.Bind<ServerSettings>();
        List<SettingsFile> files = [new(Path.GetRelativePath(home.Path, home.ServerIni), common.Declared)];
        var server = ServerConfiguration.Read(home, environment);
        foreach (var type in known)
        {
            await using var component = new RunningComponent(type, home, server, environment, null, clock, NullLogger.Instance);
            component.Build();
            files.Add(new SettingsFile(Path.GetRelativePath(home.Path, home.ComponentIni(type.Name)), component.Settings?.Declared ?? []));
        }

        return files;
    }
}
