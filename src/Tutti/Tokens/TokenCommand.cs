// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using Tutti.Lui.Tokens;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Storage;

namespace Tutti.Commands.Tokens;

/// <summary><c>tutti token create</c>: a token for programs that use the REST interface.</summary>
internal static class TokenCommand
{
    /// <summary>The command for the tree.</summary>
    public static Command Create()
    {
        var home = HomeOption.Create();
        var name = new Option<string>("--name") { Description = "What it is for. Default: command line.", HelpName = "NAME", DefaultValueFactory = _ => "command line" };
        var create = new Command("create", "Makes a token and prints it; it is shown only now.") { home, name };
        create.SetAction(async (parsed, cancellationToken) =>
        {
            var token = await Make(HomeOption.Existing(parsed.GetRequiredValue(home)), parsed.GetRequiredValue(name), cancellationToken);
            await parsed.InvocationConfiguration.Output.WriteLineAsync(token);
            return ExitCode.Done;
        });
        return new Command("token", "Tokens for the REST interface.") { create };
    }

    /// <summary>Makes a token beside a running server, or a stopped one.</summary>
    public static async Task<string> Make(HomeFolder home, string name, CancellationToken cancellationToken)
    {
        var folder = home.Component("lui");
        if (!Directory.Exists(folder.Path))
        {
            throw new Complaint(ExitCode.Refused, $"{home.Path} carries no User Interface, which is what tokens are for. Run this on the server with lui.");
        }

        var source = new SettingsSource(IniFile.Read(home.ComponentIni("lui")), HomeFolder.IniName("lui"), Environment.GetEnvironmentVariables());
        await using var database = TokenCommands.OpenDatabase(source.Bind<DatabaseSettings>(), folder);
        var made = await new TokenCommands(database, TimeProvider.System).Create(name, $"{Environment.UserName} at the command line", cancellationToken);
        return made.Is(out var token, out var refusal) ? token.Secret : throw new Complaint(ExitCode.Refused, refusal.Message);
    }
}
