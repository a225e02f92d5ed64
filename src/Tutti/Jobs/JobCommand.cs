// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;

namespace Tutti.Commands.Jobs;

/// <summary><c>tutti job</c>: mail jobs over LUI's REST interface, from any machine.</summary>
internal static class JobCommand
{
    /// <summary>The command for the tree.</summary>
    public static Command Create() => new("job", "Sends a mail job and says what became of it.")
    {
        SendCommand.Create(),
        RehearseCommand.Create(),
        Receipt(),
        Recipients(),
        DoubtCommands.Create(),
    };

    private static Command Receipt()
    {
        var id = new Argument<string>("ID") { Description = "The job's id, such as 261124A." };
        var json = new Option<bool>("--json") { Description = "Print one JSON object." };
        var file = new Option<string?>("--file") { Description = "Write the signed receipt with a line for each recipient into this file; check it with 'tutti receipt verify'.", HelpName = "FILE" };
        var server = new ServerOptions();
        var command = new Command("receipt", "Shows a job's receipt.") { id, json, file };
        server.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var lui = server.Connect(parsed);
            if (parsed.GetValue(file) is { } path)
            {
                await lui.DownloadTo(path, $"jobs/{Uri.EscapeDataString(parsed.GetRequiredValue(id))}/receipt.jsonl", cancellationToken);
            }

            var receipt = await new Campaign(lui, TimeProvider.System).Receipt(parsed.GetRequiredValue(id), cancellationToken);
            await parsed.InvocationConfiguration.Output.WriteLineAsync(parsed.GetValue(json) ? receipt.ToJson() : $"{receipt.Job} {receipt.State}: {receipt}");
            return receipt.IsFinal ? ExitCode.Done : ExitCode.Refused;
        });
        return command;
    }

    private static Command Recipients()
    {
        var id = new Argument<string>("ID") { Description = "The job's id, such as 261124A." };
        var csv = new Option<bool>("--csv") { Description = "Print CSV: address, fate, time, reply." };
        var server = new ServerOptions();
        var command = new Command("recipients", "Lists what became of every recipient.") { id, csv };
        server.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var lui = server.Connect(parsed);
            var path = $"jobs/{Uri.EscapeDataString(parsed.GetRequiredValue(id))}/recipients.csv";
            // Bytes as they come: a million lines must not pass through a text writer.
            await using var output = Console.OpenStandardOutput();
            await lui.Download(path, output, cancellationToken);
            return ExitCode.Done;
        });
        return command;
    }
}
