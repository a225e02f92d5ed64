// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using Grpc.Core;
using Tutti.Commands.Status;
using Tutti.Contracts.Server.V1;
using Tutti.Wiring.Configuration;

namespace Tutti.Commands.Components;

/// <summary><c>tutti component stop|start NAME</c>: one component of a running server.</summary>
internal static class ComponentCommand
{
    private const string Stop = "stop";

    /// <summary>The command for the tree.</summary>
    public static Command Create() => new("component", "Stops or starts one component of a running server.")
    {
        Verb(Stop, "Stops a component; what is on the wire is finished first.", (control, request, token) => control.StopComponentAsync(request, cancellationToken: token)),
        Verb("start", "Starts a component that was stopped.", (control, request, token) => control.StartComponentAsync(request, cancellationToken: token)),
    };

    private static Command Verb(string verb, string description, Func<Control.ControlClient, ComponentRequest, CancellationToken, AsyncUnaryCall<ServerStatus>> call)
    {
        var name = new Argument<string>("NAME") { Description = "lui, hub, trk or dst." };
        var home = HomeOption.Create();
        var yes = Question.YesOption();
        var command = new Command(verb, description) { name, home };
        if (verb == Stop)
        {
            command.Add(yes);
        }

        command.SetAction(async (parsed, cancellationToken) =>
        {
            var folder = HomeOption.Existing(parsed.GetRequiredValue(home));
            var component = parsed.GetRequiredValue(name);
            if (verb == Stop && component == "trk")
            {
                await Question.Ask(
                    parsed.GetValue(yes),
                    "While the tracker is stopped readers' links are dead, and opens and clicks of that time are lost. Only what is wrong with the tracker itself needs this.",
                    "Stop the tracker?",
                    parsed.InvocationConfiguration);
            }

            return await Run(folder, component, call, parsed.InvocationConfiguration.Output, cancellationToken);
        });
        return command;
    }

    private static async Task<int> Run(
        HomeFolder home,
        string name,
        Func<Control.ControlClient, ComponentRequest, CancellationToken, AsyncUnaryCall<ServerStatus>> call,
        TextWriter output,
        CancellationToken cancellationToken)
    {
        if (!HomeFolder.ComponentNames.Contains(name))
        {
            throw new Complaint(ExitCode.Usage, $"There is no component '{name}'. There are {string.Join(", ", HomeFolder.ComponentNames)}.");
        }

        using var server = await RunningServer.Find(home, TimeProvider.System, cancellationToken);
        if (server.ProcessOf(name) is not { } control)
        {
            throw new Complaint(ExitCode.Unavailable, $"No running process of {home.Path} carries {name}. Start one with: tutti run --home {home.Path}");
        }

        try
        {
            var status = await call(control, new ComponentRequest { Name = name }, cancellationToken);
            var now = status.Components.First(component => component.Name == name);
            await output.WriteLineAsync($"{name} {now.State.ToString().ToLowerInvariant()}");
            return ExitCode.Done;
        }
        catch (RpcException exception)
        {
            throw new Complaint(exception.StatusCode == StatusCode.Unavailable ? ExitCode.Unavailable : ExitCode.Refused, exception.Status.Detail);
        }
    }
}
