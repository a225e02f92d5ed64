// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using Tutti.Contracts.Hub.Control.V1;
using HubServers = Tutti.Contracts.Hub.Control.V1.Servers;

namespace Tutti.Commands.Servers;

/// <summary><c>tutti hub servers add|list|move|retire|remove</c>: which servers belong to the installation.</summary>
internal static class HubCommand
{
    /// <summary>The command for the tree.</summary>
    public static Command Create() => new("hub", "Administers the installation, on the server that carries the hub.")
    {
        new Command("servers", "Shows and changes which servers belong to the installation.") { Add(), List(), MoveServer.Move(), MoveServer.Retire(), Remove() },
        FollowHubCommand.Create(),
    };

    internal static Argument<string> Address(string name = "HOST[:PORT]") => new(name) { Description = "Host name of the server, and its internal port if that is not 1099." };

    private static Command Add()
    {
        var home = HomeOption.Create();
        var address = Address();
        var code = new Option<string?>("--code") { Description = "The join code that the server printed: it gets a certificate of the installation's authority.", HelpName = "CODE" };
        var command = new Command("add", "Makes a server part of the installation; it has to be running.") { address, home, code };
        command.SetAction((parsed, token) => Call(parsed.GetRequiredValue(home), async hub =>
        {
            var added = await hub.AddAsync(new AddRequest { Address = parsed.GetRequiredValue(address), Code = parsed.GetValue(code) ?? "" }, cancellationToken: token);
            var output = parsed.InvocationConfiguration.Output;
            foreach (var server in added.Servers)
            {
                await output.WriteLineAsync(
                    $"{server.Host}:{server.Port} {(added.WasKnown ? "belongs to the installation already" : "belongs to the installation now")}: {string.Join(", ", server.Components.Select(component => component.Name))}, version {server.Version}");
            }

            foreach (var note in added.Notes)
            {
                await output.WriteLineAsync($"note: {note}");
            }

            return ExitCode.Done;
        }, token));
        return command;
    }

    private static Command List()
    {
        var home = HomeOption.Create();
        var json = new Option<bool>("--json") { Description = "Print one JSON object." };
        var command = new Command("list", "Shows the servers of the installation as the hub saw them last.") { home, json };
        command.SetAction((parsed, token) => Call(parsed.GetRequiredValue(home), async hub =>
        {
            var list = new ServerLines(await hub.ListAsync(new ListRequest(), cancellationToken: token));
            await parsed.InvocationConfiguration.Output.WriteLineAsync(parsed.GetValue(json) ? list.ToJson() : list.ToText());
            return ExitCode.Done;
        }, token));
        return command;
    }

    private static Command Remove()
    {
        var home = HomeOption.Create();
        var address = Address();
        var yes = Question.YesOption();
        var force = new Option<bool>("--force") { Description = "Remove it even if it still has unfinished work or does not answer; that work is given up." };
        var command = new Command("remove", "Takes a server out of the installation; nothing is changed on that server itself.") { address, home, yes, force };
        command.SetAction(async (parsed, token) =>
        {
            var server = parsed.GetRequiredValue(address);
            await Question.Ask(
                parsed.GetValue(yes),
                $"{server} will no longer belong to the installation: it gets no work and its events are not fetched.{(parsed.GetValue(force) ? " Work that it still has is given up." : "")}",
                "Remove it?",
                parsed.InvocationConfiguration);
            return await Call(parsed.GetRequiredValue(home), async hub =>
            {
                var removed = await hub.RemoveAsync(new RemoveRequest { Address = server, Force = parsed.GetValue(force) }, cancellationToken: token);
                await parsed.InvocationConfiguration.Output.WriteLineAsync($"{removed.Host}:{removed.Port} no longer belongs to the installation.");
                foreach (var work in removed.GivenUp)
                {
                    await parsed.InvocationConfiguration.Output.WriteLineAsync($"given up: {work}");
                }

                foreach (var note in removed.Notes)
                {
                    await parsed.InvocationConfiguration.Output.WriteLineAsync($"note: {note}");
                }

                return ExitCode.Done;
            }, token);
        });
        return command;
    }

    internal static Task<int> Call(string path, Func<HubServers.ServersClient, Task<int>> call, CancellationToken cancellationToken) =>
        RunningHub.Call(path, channel => call(new HubServers.ServersClient(channel)), cancellationToken);
}
