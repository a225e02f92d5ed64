// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using Tutti.Commands.Cert;
using Tutti.Commands.Cluster;
using Tutti.Commands.Components;
using Tutti.Commands.Databases;
using Tutti.Commands.Demo;
using Tutti.Commands.Jobs;
using Tutti.Commands.Lanes;
using Tutti.Commands.Links;
using Tutti.Commands.Moving;
using Tutti.Commands.Receipts;
using Tutti.Commands.Run;
using Tutti.Commands.SenderDomains;
using Tutti.Commands.Servers;
using Tutti.Commands.Settings;
using Tutti.Commands.Setup;
using Tutti.Commands.Status;
using Tutti.Commands.Tls;
using Tutti.Commands.Tokens;
using Tutti.Wiring.Configuration;

namespace Tutti.Commands;

/// <summary>The tree of commands, and the one place where what went wrong becomes a sentence and an exit code.</summary>
internal static class CommandLine
{
    /// <summary>Runs one command line to its end.</summary>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static async Task<int> Run(IReadOnlyList<string> arguments, TextWriter? output = null, TextWriter? error = null)
    {
        output ??= Console.Out;
        error ??= Console.Error;
        if (VersionReport.IsWanted(arguments))
        {
            await output.WriteLineAsync(VersionReport.Text());
            return ExitCode.Done;
        }

        var parsed = Create().Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            foreach (var complaint in parsed.Errors)
            {
                await error.WriteLineAsync($"tutti: {complaint.Message}");
            }

            await error.WriteLineAsync("tutti: add --help to see what there is.");
            return ExitCode.Usage;
        }

        try
        {
            // Signals stay with the commands: a server that drains takes longer than any time-out that could be given here.
            return await parsed.InvokeAsync(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
                Output = output,
                Error = error,
            });
        }
        catch (Complaint complaint)
        {
            await error.WriteLineAsync($"tutti: {complaint.Message}");
            return complaint.Code;
        }
        catch (ConfigurationException exception)
        {
            foreach (var complaint in exception.Complaints)
            {
                await error.WriteLineAsync($"tutti: {complaint}");
            }

            return ExitCode.Configuration;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            await error.WriteLineAsync($"tutti: {exception.Message}");
            return ExitCode.Refused;
        }
    }

    private static RootCommand Create() => new("E-mail campaigns on your own servers.")
    {
        SetupCommand.Create(),
        RunCommand.Create(),
        SettingsCommand.Create(),
        StatusCommand.Create(),
        ComponentCommand.Create(),
        HubCommand.Create(),
        LinkCommand.Create(),
        JobCommand.Create(),
        ReceiptCommand.Create(),
        TokenCommand.Create(),
        DatabaseCommand.Create(),
        MoveCommand.Create(),
        DkimCommand.Create(),
        TlsCommand.Create(),
        DstCommand.Create(),
        DomainCommand.Create(),
        CertCommand.Create(),
        ClusterCommand.Create(),
        DemoCommand.Create(),
    };
}
