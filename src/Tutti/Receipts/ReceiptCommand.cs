// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Globalization;
using Tutti.Commands.Jobs;

namespace Tutti.Commands.Receipts;

/// <summary><c>tutti receipt</c>: checks signed receipts, offline.</summary>
internal static class ReceiptCommand
{
    /// <summary>The command for the tree.</summary>
    public static Command Create() => new("receipt", "Checks signed receipts of mail jobs.")
    {
        Verify(),
        Key(),
    };

    private static Command Verify()
    {
        var file = new Argument<string>("FILE") { Description = "The receipt, as 'tutti job receipt --file' or the job's page gave it." };
        var key = new Option<string>("--key") { Description = "File with the installation's public keys, as 'tutti receipt key' gave it.", HelpName = "FILE", Required = true };
        var command = new Command("verify", "Says whether a receipt is genuine and adds up.") { file, key };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var path = parsed.GetRequiredValue(file);
            var receipt = ReceiptFile.Verify(path, await File.ReadAllTextAsync(parsed.GetRequiredValue(key), cancellationToken));
            var (about, sum) = (receipt.About, receipt.Total);
            var words = new JobReceipt(about.Job, about.State, sum.Planned, sum.Accepted, sum.Refused, sum.Expired, sum.Suppressed, sum.Withdrawn, sum.Waiting, sum.InDoubt, about.Simulated);
            await parsed.InvocationConfiguration.Output.WriteLineAsync(
                $"{path} is genuine. {about.Job} \"{about.Title}\", {about.State}, as of {about.Made.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture)}: {words}");
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Key()
    {
        var server = ServerOptions.Address();
        var command = new Command("key", "Prints the public keys of an installation's receipts; needs no token.") { server };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var lui = new LuiClient(parsed.GetRequiredValue(server), token: "");
            using var keys = new MemoryStream();
            await lui.Download("/receipt-keys.pem", keys, cancellationToken);
            await parsed.InvocationConfiguration.Output.WriteAsync(System.Text.Encoding.ASCII.GetString(keys.ToArray()));
            return ExitCode.Done;
        });
        return command;
    }
}
