// SPDX-License-Identifier: Apache-2.0
using System.Reflection;
using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using Npgsql;
using Tutti.Commands.Databases;

namespace Tutti.Commands;

/// <summary><c>tutti --version --verbose</c>: what this executable is made of. Database providers are part of it; there is no driver to install.</summary>
internal static class VersionReport
{
    private static readonly string[] _asked = ["--version", "--verbose"];

    /// <summary>What can stand behind the settings <c>Database</c>, and which servers the tests of this version talked to.</summary>
    public static IReadOnlyList<DatabaseProvider> Providers { get; } =
    [
        new("SQLite", $"{SqliteVersion()}, inside this executable", Of<SqliteConnection>(), "tested with this very version"),
        new("PostgreSQL", $"{PostgresTarget.OldestVersion} or later, in UTF-8", Of<NpgsqlConnection>(), $"tested with {string.Join(", ", PostgresTarget.TestedVersions)}; others not tested here"),
    ];

    /// <summary>True if nothing but this is asked for.</summary>
    public static bool IsWanted(IReadOnlyList<string> arguments) => arguments.Count == _asked.Length && _asked.All(arguments.Contains);

    /// <summary>The version on the first line, as <c>tutti --version</c> prints it; then the rest.</summary>
    public static string Text() => string.Join(
        Environment.NewLine,
        [
            typeof(VersionReport).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion,
            $"runtime   {RuntimeInformation.FrameworkDescription} on {RuntimeInformation.OSDescription} ({RuntimeInformation.ProcessArchitecture})",
            .. Providers.Select(provider => $"database  {provider.Name} {provider.Servers}; {provider.Client}; {provider.Tested}"),
        ]);

    private static string Of<T>() => typeof(T).Assembly.GetName() is var name ? $"{name.Name} {name.Version!.ToString(3)}" : "";

    private static string SqliteVersion()
    {
        using var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        return connection.ServerVersion;
    }
}

/// <summary>A kind of database that a component can keep its data in.</summary>
/// <param name="Name">As people know it.</param>
/// <param name="Servers">Which versions.</param>
/// <param name="Client">What talks to it.</param>
/// <param name="Tested">What it was tested with, or that it was not.</param>
internal sealed record DatabaseProvider(string Name, string Servers, string Client, string Tested);
