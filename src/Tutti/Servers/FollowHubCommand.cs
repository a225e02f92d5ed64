// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Text;
using Grpc.Core;
using Tutti.Commands.Status;
using Tutti.Contracts.Lui.Control.V1;
using Tutti.Wiring.Configuration;

namespace Tutti.Commands.Servers;

/// <summary><c>tutti hub at</c>: tells the User Interface of this server where the hub is now.</summary>
internal static class FollowHubCommand
{
    /// <summary>The command for the tree.</summary>
    public static Command Create()
    {
        var home = HomeOption.Create();
        var address = HubCommand.Address();
        var command = new Command("at", "Tells the User Interface of this server where the hub is now; it goes on without a restart.") { address, home };
        command.SetAction((parsed, token) => Follow(HomeOption.Existing(parsed.GetRequiredValue(home)), parsed.GetRequiredValue(address), parsed.InvocationConfiguration.Output, token));
        return command;
    }

    private static async Task<int> Follow(HomeFolder home, string address, TextWriter output, CancellationToken cancellationToken)
    {
        if (!ServerConfiguration.TryReadPeer(address, out var there))
        {
            throw new Complaint(ExitCode.Usage, $"'{address}' is no address of a server. Write HOST or HOST:PORT.");
        }

        var server = ServerConfiguration.Read(home, Environment.GetEnvironmentVariables());
        if (!server.Components.Contains("lui") || server.Components.Contains("hub"))
        {
            throw new Complaint(ExitCode.Refused, $"{home.Path} needs no address of the hub: that is for a server with lui and without hub.");
        }

        // First it is tried, then it is written: what stands in the file has worked, or nothing runs.
        using var running = await RunningServer.Find(home, TimeProvider.System, cancellationToken);
        if (running.ChannelOf("lui") is { } channel)
        {
            try
            {
                await new HubAddress.HubAddressClient(channel).FollowAsync(new FollowRequest { Host = there.Host, Port = (uint)there.Port }, cancellationToken: cancellationToken);
            }
            catch (RpcException exception)
            {
                throw new Complaint(exception.StatusCode == StatusCode.Unavailable ? ExitCode.Unavailable : ExitCode.Refused, exception.Status.Detail);
            }
        }

        PrivateFile.Replace(home.ServerIni, Encoding.UTF8.GetBytes(IniEdit.Set(await File.ReadAllTextAsync(home.ServerIni, cancellationToken), nameof(ServerSettings.Hub), address)));
        await output.WriteLineAsync($"The User Interface of {home.Path} finds the hub at {there.Host}:{there.Port}{(running.Processes.Any() ? ", from now on" : " when it is started; that was not tried")}.");
        return ExitCode.Done;
    }
}
