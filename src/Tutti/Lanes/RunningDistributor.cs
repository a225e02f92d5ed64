// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using Tutti.Commands.Status;
using Tutti.Wiring.Configuration;

namespace Tutti.Commands.Lanes;

/// <summary>The distributor that runs in a home, for commands that ask it.</summary>
internal static class RunningDistributor
{
    /// <summary>Asks it; a "no" of its becomes a complaint.</summary>
    /// <exception cref="Complaint">There is none, it does not run, or it said no.</exception>
    public static async Task<int> Ask(HomeFolder home, Func<ChannelBase, Task<int>> ask, CancellationToken cancellationToken)
    {
        if (!ServerConfiguration.Read(home, Environment.GetEnvironmentVariables()).Components.Contains("dst"))
        {
            throw new Complaint(ExitCode.Refused, $"{home.Path} does not carry a distributor. Run this on a server that does.");
        }

        using var server = await RunningServer.Find(home, TimeProvider.System, cancellationToken);
        if (server.ChannelOf("dst") is not { } channel)
        {
            throw new Complaint(ExitCode.Unavailable, $"The distributor of {home.Path} is not running. Start it with: tutti run --home {home.Path}");
        }

        try
        {
            return await ask(channel);
        }
        catch (RpcException exception)
        {
            var code = exception.StatusCode is StatusCode.InvalidArgument or StatusCode.FailedPrecondition ? ExitCode.Refused : ExitCode.Unavailable;
            throw new Complaint(code, exception.Status.Detail);
        }
    }
}
