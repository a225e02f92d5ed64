// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using Tutti.Contracts.Hub.Control.V1;

namespace Tutti.Commands.Servers;

/// <summary><c>tutti hub servers move|retire</c>: the installation learns that components have another server.</summary>
internal static class MoveServer
{
    /// <summary>Tells HUB.</summary>
    public static Command Move()
    {
        var home = HomeOption.Create();
        var from = HubCommand.Address("OLD[:PORT]");
        var to = HubCommand.Address("NEW[:PORT]");
        var command = new Command("move", "Tells the installation that what was on one server is on another now; of two running trackers the new one takes the place of the old one, and both collect until 'retire'.") { from, to, home };
        command.SetAction((parsed, token) => HubCommand.Call(parsed.GetRequiredValue(home), async hub =>
        {
            var moved = await hub.MoveAsync(new MoveRequest { From = parsed.GetRequiredValue(from), To = parsed.GetRequiredValue(to) }, cancellationToken: token);
            var output = parsed.InvocationConfiguration.Output;
            if (moved.Hot)
            {
                await output.WriteLineAsync($"The tracker on {moved.To} knows all links and takes the place of the one on {moved.From}; both collect.");
                await output.WriteLineAsync($"Now let the tracking address lead to {moved.To}. When nobody comes to the old one any more: tutti hub servers retire {moved.From}");
            }
            else if (moved.From == moved.To)
            {
                await output.WriteLineAsync($"The tracker on {moved.From} keeps its place.");
            }
            else
            {
                await output.WriteLineAsync($"{string.Join(", ", moved.Components)}: now on {moved.To}, no longer on {moved.From}.{(moved.Forgotten ? $" {moved.From} belongs to the installation no longer." : "")}");
            }

            foreach (var note in moved.Notes)
            {
                await output.WriteLineAsync($"note: {note}");
            }

            return ExitCode.Done;
        }, token));
        return command;
    }

    /// <summary>Ends the place of the old tracker.</summary>
    public static Command Retire()
    {
        var home = HomeOption.Create();
        var from = HubCommand.Address("OLD[:PORT]");
        var quiet = new Option<TimeSpan>("--quiet") { Description = "For so long nobody may have come to it, as hh:mm:ss.", HelpName = "TIME", DefaultValueFactory = _ => TimeSpan.FromMinutes(30) };
        var command = new Command("retire", "Takes a tracker out of service whose place another one has taken; refused while readers still come to it or events were not fetched.") { from, home, quiet };
        command.SetAction((parsed, token) => HubCommand.Call(parsed.GetRequiredValue(home), async hub =>
        {
            var retired = await hub.RetireAsync(
                new RetireRequest { Address = parsed.GetRequiredValue(from), QuietMs = (long)parsed.GetValue(quiet).TotalMilliseconds }, cancellationToken: token);
            var output = parsed.InvocationConfiguration.Output;
            await output.WriteLineAsync($"The tracker on {retired.Address} is retired; everything that it took has been fetched. {retired.Successor} has its place.");
            await output.WriteLineAsync(retired.Forgotten
                ? $"{retired.Address} belongs to the installation no longer. Stop that server when you like; until then it leads readers on who still come, without counting them."
                : $"Take trk out of Components= in conf/server.ini of {retired.Address} and start it again when you like; until then it leads readers on who still come, without counting them.");
            return ExitCode.Done;
        }, token));
        return command;
    }
}
