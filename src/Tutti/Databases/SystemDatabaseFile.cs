// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tutti.Wiring.Configuration;

namespace Tutti.Commands.Databases;

/// <summary>The file in home that holds the database's URL with its password, so that <c>lui.ini</c> need not.</summary>
internal static class SystemDatabaseFile
{
    /// <summary>Where it lies.</summary>
    public static string PathIn(HomeFolder home) => Path.Combine(home.Component("lui").Path, "database-url");

    /// <summary>Writes it for its owner only; its absolute path.</summary>
    public static string Write(HomeFolder home, string url)
    {
        var path = PathIn(home);
        PrivateFile.Replace(path, Encoding.UTF8.GetBytes(url + "\n"));
        return path;
    }
}
