// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Wiring.Configuration;

/// <summary>An installation folder: where everything of one server lies.</summary>
public sealed class HomeFolder
{
    /// <summary>The components in the order in which they are shown and started.</summary>
    public static readonly IReadOnlyList<string> ComponentNames = ["hub", "trk", "dst", "lui"];

    /// <summary>A home at this path, which need not exist yet.</summary>
    public HomeFolder(string path) => Path = System.IO.Path.GetFullPath(path);

    /// <summary>Absolute path.</summary>
    public string Path { get; }

    /// <summary><c>conf/server.ini</c>.</summary>
    public string ServerIni => System.IO.Path.Combine(Path, "conf", "server.ini");

    /// <summary><c>commands/ssl.ini</c>.</summary>
    public string SslIni => System.IO.Path.Combine(Path, "commands", "ssl.ini");

    /// <summary>A path of <c>conf/server.ini</c>: as it stands if it is absolute, else counted from home.</summary>
    public string Resolve(string path) => System.IO.Path.GetFullPath(path, Path);

    /// <summary>Folder for <c>server.log</c>, what concerns the whole server.</summary>
    public string Logs => System.IO.Path.Combine(Path, "logs");

    /// <summary>The configuration file of a component, such as <c>trk/tracker.ini</c>.</summary>
    public string ComponentIni(string component) => System.IO.Path.Combine(Path, component, IniName(component) + ".ini");

    /// <summary>The folder of a component.</summary>
    public ComponentFolder Component(string component) => new(component, System.IO.Path.Combine(Path, component));

    /// <summary>The name of a component's ini file without its ending; also its word in environment variables.</summary>
    public static string IniName(string component) => component switch
    {
        "trk" => "tracker",
        "dst" => "distributor",
        _ => component,
    };
}

/// <summary>The folder of one component inside home.</summary>
/// <param name="Name">lui, hub, trk or dst.</param>
/// <param name="Path">Absolute path.</param>
public sealed record ComponentFolder(string Name, string Path)
{
    /// <summary>What the component keeps.</summary>
    public string Data => System.IO.Path.Combine(Path, "data");

    /// <summary>Its log files.</summary>
    public string Logs => System.IO.Path.Combine(Path, "logs");

    /// <summary>Its part of backups.</summary>
    public string Backup => System.IO.Path.Combine(Path, "backup");
}
