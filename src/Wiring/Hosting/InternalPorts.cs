// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Grpc.Core;
using Tutti.Contracts.Server.V1;
using Tutti.Wiring.Configuration;

namespace Tutti.Wiring.Hosting;

/// <summary>The internal ports of a home, which listen on loopback as long as all four components are in it and nobody else belongs to the installation.</summary>
public sealed class InternalPorts(HomeFolder home, ServerConfiguration server)
{
    /// <summary>
    /// Opens them to other hosts if they listen on loopback only because all components were here: writes
    /// <c>InternalBind</c> into <c>conf/server.ini</c> and has every process of this home open its ports anew.
    /// </summary>
    /// <returns>The address they listen on now, or null if nothing had to be done.</returns>
    public async Task<IPAddress?> OpenToOthers(CancellationToken cancellationToken)
    {
        var now = ServerConfiguration.Read(home, Environment.GetEnvironmentVariables());
        if (now.Common.InternalBind.Length > 0 || !IPAddress.IsLoopback(now.InternalBind) || IPAddress.IsLoopback(server.Bind))
        {
            return null;
        }

        await File.AppendAllTextAsync(
            home.ServerIni,
            $"\n# Written when the first server on another host was added.\n{nameof(ServerSettings.InternalBind)}={server.Bind}\n",
            cancellationToken);
        foreach (var path in ControlSocket.In(home))
        {
            using var channel = ControlSocket.Dial(path);
            try
            {
                await new Control.ControlClient(channel).ReopenInternalPortsAsync(new ReopenRequest(), cancellationToken: cancellationToken);
            }
            catch (RpcException e) when (e.StatusCode is StatusCode.Unavailable or StatusCode.Internal)
            {
                // A process that is not running reads the file when it starts.
                continue;
            }
        }

        return server.Bind;
    }
}
