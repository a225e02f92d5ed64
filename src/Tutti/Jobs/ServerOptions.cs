// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;

namespace Tutti.Commands.Jobs;

/// <summary><c>--server URL --token-file F</c>: which LUI, and who asks.</summary>
internal sealed class ServerOptions
{
    private readonly Option<Uri> _server = Address();

    private readonly Option<string> _tokenFile = new("--token-file") { Description = "File whose first line is a token of 'tutti token create'.", HelpName = "FILE", Required = true };

    /// <summary><c>--server URL</c> alone.</summary>
    public static Option<Uri> Address() => new("--server")
    {
        Description = "Address of the User Interface, such as http://localhost:8080.",
        HelpName = "URL",
        Required = true,
        CustomParser = result =>
        {
            if (Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out var address) && address.Scheme is "http" or "https")
            {
                return address;
            }

            result.AddError("--server: write a complete address, such as http://localhost:8080.");
            return null;
        },
    };

    /// <summary>Adds both to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_server);
        command.Add(_tokenFile);
    }

    /// <summary>The way to LUI that they describe.</summary>
    public LuiClient Connect(ParseResult parsed)
    {
        var file = parsed.GetRequiredValue(_tokenFile);
        if (!File.Exists(file))
        {
            throw new Complaint(ExitCode.Refused, $"The token file {file} does not exist. Make one with: tutti token create --home DIR > {file}");
        }

        return new LuiClient(parsed.GetRequiredValue(_server), File.ReadLines(file).FirstOrDefault()?.Trim() ?? "");
    }
}
