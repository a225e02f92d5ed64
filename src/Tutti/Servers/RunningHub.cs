// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using Tutti.Commands.Status;
using Tutti.Wiring.Configuration;

namespace Tutti.Commands.Servers;

/// <summary>The hub of a home, through its control socket.</summary>
internal static class RunningHub
{
    /// <summary>Calls it.</summary>
    /// <exception cref="Complaint">It is not here, is not running, or refuses.</exception>
    public static async Task<int> Call(string path, Func<ChannelBase, Task<int>> call, CancellationToken cancellationToken)
    {
        var home = HomeOption.Existing(path);
        if (!ServerConfiguration.Read(home, Environment.GetEnvironmentVariables()).Components.Contains("hub"))
        {
            throw new Complaint(ExitCode.Refused, $"{home.Path} does not carry the hub. Run this on the server that does.");
        }

        using var server = await RunningServer.Find(home, TimeProvider.System, cancellationToken);
        if (server.ChannelOf("hub") is not { } channel)
        {
            throw new Complaint(ExitCode.Unavailable, $"The hub of {home.Path} is not running. Start it with: tutti run --home {home.Path}");
        }

        try
        {
            return await call(channel);
        }
        catch (RpcException exception)
        {
            throw new Complaint(exception.StatusCode == StatusCode.Unavailable ? ExitCode.Unavailable : ExitCode.Refused, exception.Status.Detail);
        }
    }
}
