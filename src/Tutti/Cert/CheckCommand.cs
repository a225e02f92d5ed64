// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Text.Json;

namespace Tutti.Commands.Cert;

/// <summary><c>tutti cert check</c>: everything about this server's name and certificate side by side, and what is wrong with it.</summary>
internal static class CheckCommand
{
    private static readonly JsonSerializerOptions _json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    public static Command Create()
    {
        var home = HomeOption.Create();
        var keystore = KeystoreFile.Option();
        var password = Passwords.Option("the password of the keystore");
        var json = new Option<bool>("--json") { Description = "One line of JSON." };
        var command = new Command("check", "Compares this server's name, certificate and list, and says what is wrong.") { home, keystore, password, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var settings = CertSettings.Of(parsed.GetRequiredValue(home));
            var report = await CheckReport.Make(settings, parsed.GetValue(keystore), parsed.GetValue(password), parsed.InvocationConfiguration.Error, cancellationToken);
            var output = parsed.InvocationConfiguration.Output;
            await output.WriteLineAsync(parsed.GetValue(json) ? JsonSerializer.Serialize(report, _json) : report.ToText());
            return report.IsGood ? ExitCode.Done : ExitCode.Refused;
        });
        return command;
    }
}
