// SPDX-License-Identifier: Apache-2.0
using System.Net.Sockets;
using Grpc.Net.Client;
using Tutti.Wiring.Configuration;

namespace Tutti.Wiring.Hosting;

/// <summary>The Unix sockets in home through which the command line speaks with running processes; never a port.</summary>
public static class ControlSocket
{
    private const string Prefix = "control";

    /// <summary>The socket of a process that runs the named components, or the whole server if none is named.</summary>
    public static string PathFor(HomeFolder home, IReadOnlyList<string> components)
    {
        ArgumentNullException.ThrowIfNull(home);
        ArgumentNullException.ThrowIfNull(components);
        var path = Path.Combine(home.Path, string.Join('-', [Prefix, .. components]) + ".sock");

        // sun_path holds 108 bytes, the last one zero.
        return System.Text.Encoding.UTF8.GetByteCount(path) < 108
            ? path
            : throw new ServerStartException($"The path of the installation folder is too long for a Unix socket: {path}. Choose a shorter one.");
    }

    /// <summary>The sockets that are in home now; a process that was killed leaves one behind on which nobody answers.</summary>
    public static IReadOnlyList<string> In(HomeFolder home)
    {
        ArgumentNullException.ThrowIfNull(home);
        return Directory.Exists(home.Path) ? [.. Directory.EnumerateFiles(home.Path, Prefix + "*.sock").Order(StringComparer.Ordinal)] : [];
    }

    /// <summary>A channel to one of them.</summary>
    public static GrpcChannel Dial(string path) => GrpcChannel.ForAddress(
        "http://localhost",
        new GrpcChannelOptions
        {
            DisposeHttpClient = true,
            HttpHandler = new SocketsHttpHandler
            {
                ConnectCallback = async (_, cancellationToken) =>
                {
                    var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                    try
                    {
                        await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
                        return new NetworkStream(socket, ownsSocket: true);
                    }
                    catch
                    {
                        socket.Dispose();
                        throw;
                    }
                },
            },
        });
}
