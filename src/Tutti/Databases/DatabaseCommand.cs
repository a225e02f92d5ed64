// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;

namespace Tutti.Commands.Databases;

/// <summary><c>tutti database move</c>: brings the system database from SQLite to PostgreSQL.</summary>
internal static class DatabaseCommand
{
    /// <summary>The command for the tree.</summary>
    public static Command Create()
    {
        var home = HomeOption.Create();
        var url = new Option<string?>("--database-url-file") { Description = "File whose first line is postgresql://USER:PASSWORD@HOST/NAME.", HelpName = "FILE" };
        var move = new Command("move", "Copies the system database to PostgreSQL, compares it, and lets the User Interface work there. Only the User Interface is restarted.") { home, url };
        move.SetAction(async (parsed, cancellationToken) => await new DatabaseMove(
            HomeOption.Existing(parsed.GetRequiredValue(home)), TimeProvider.System, parsed.InvocationConfiguration.Output)
            .Run(await PostgresTarget.Read(parsed.GetValue(url), cancellationToken), cancellationToken));
        return new Command("database", "The system database of an installation.") { move };
    }
}
