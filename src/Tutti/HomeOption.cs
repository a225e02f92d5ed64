// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using Tutti.Wiring.Configuration;

namespace Tutti.Commands;

/// <summary><c>--home DIR</c>, the same for every command that works on an installation folder.</summary>
internal static class HomeOption
{
    /// <summary>The option; each command needs one of its own.</summary>
    public static Option<string> Create() => new("--home") { Description = "The installation folder.", HelpName = "DIR", Required = true };

    /// <summary>The folder, if there is a server in it.</summary>
    /// <exception cref="Complaint">There is none.</exception>
    public static HomeFolder Existing(string path)
    {
        var home = new HomeFolder(path);
        return File.Exists(home.ServerIni)
            ? home
            : throw new Complaint(ExitCode.Configuration, $"{home.Path} is no Tutti server: {home.ServerIni} is missing. Make one with: tutti setup --home {home.Path} --components lui,hub,trk,dst");
    }
}
