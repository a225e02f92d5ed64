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
    /// <summary>The command for the tree.</summary>
    public static Command Create() => new("component", "Stops or starts one component of a running server.")
    {
        Verb("stop", "Stops a component; what is on the wire is finished first.", (control, request, token) => control.StopComponentAsync(request, cancellationToken: token)),
        Verb("start", "Starts a component that was stopped.", (control, request, token) => control.StartComponentAsync(request, cancellationToken: token)),
    };

    private static Command Verb(string verb, string description, Func<Control.ControlClient, ComponentRequest, CancellationToken, AsyncUnaryCall<ServerStatus>> call)
    {
        var name = new Argument<string>("NAME") { Description = "lui, hub, trk or dst." };
        var home = HomeOption.Create();
        var command = new Command(verb, description) { name, home };
        command.SetAction((parsed, cancellationToken) => Run(
            HomeOption.Existing(parsed.GetRequiredValue(home)), parsed.GetRequiredValue(name), call, parsed.InvocationConfiguration.Output, cancellationToken));
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
