// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Globalization;
using System.Text.Json;

namespace Tutti.Commands.Jobs;

/// <summary><c>tutti job doubts</c>: recipients whose message was on the wire when the answer was lost, and what can be done about them.</summary>
internal static class DoubtCommands
{
    /// <summary>The command for the tree.</summary>
    public static Command Create() => new("doubts", "Lists recipients in doubt, and decides about them. Who is left alone waits for a bounce, an open or a click.")
    {
        List(),
        Decide("repeat", "Sends the message again; who has it already gets it twice."),
        Decide("close", "Leaves them in doubt for good, whatever comes later."),
    };

    private static Command List()
    {
        var (id, server) = (Job(), new ServerOptions());
        var command = new Command("list", "Lists recipients in doubt: id, address, where it was sent to, time, what is known.") { id };
        server.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var lui = server.Connect(parsed);
            var output = parsed.InvocationConfiguration.Output;
            for (long? after = 0; after is not null;)
            {
                var page = await lui.Send(HttpMethod.Get, $"{Path(parsed, id)}?limit=1000&after={after.Value.ToString(CultureInfo.InvariantCulture)}", null, cancellationToken);
                foreach (var one in page.GetProperty("recipients").EnumerateArray())
                {
                    var closed = one.GetProperty("closed").GetBoolean() ? "  closed" : "";
                    await output.WriteLineAsync($"{one.GetProperty("id")}  {one.GetProperty("address")}  {one.GetProperty("host")}  {one.GetProperty("time")}  {one.GetProperty("reply")}{closed}");
                }

                after = page.GetProperty("next") is { ValueKind: JsonValueKind.Number } next ? next.GetInt64() : null;
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static Command Decide(string verb, string description)
    {
        var (id, server) = (Job(), new ServerOptions());
        var recipients = new Option<long[]>("--recipient") { Description = "Id of a recipient, as the list shows it; may be given several times.", HelpName = "ID" };
        var all = new Option<bool>("--all") { Description = "All recipients in doubt." };
        var command = new Command(verb, description) { id, recipients, all };
        server.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var ids = parsed.GetValue(recipients) ?? [];
            if (ids.Length == 0 != parsed.GetValue(all))
            {
                throw new Complaint(ExitCode.Usage, "Say which recipients are meant: --recipient ID, or --all.");
            }

            using var lui = server.Connect(parsed);
            var decided = await lui.Send(HttpMethod.Post, $"{Path(parsed, id)}/{verb}", new { recipients = ids, all = parsed.GetValue(all) }, cancellationToken);
            await parsed.InvocationConfiguration.Output.WriteLineAsync($"{parsed.GetRequiredValue(id)}: {decided.GetProperty("recipients").GetInt32()} {(verb == "repeat" ? "repeated" : "closed")}");
            return ExitCode.Done;
        });
        return command;
    }

    private static Argument<string> Job() => new("ID") { Description = "The job's id, such as 261124A." };

    private static string Path(ParseResult parsed, Argument<string> id) => $"jobs/{Uri.EscapeDataString(parsed.GetRequiredValue(id))}/doubts";
}
