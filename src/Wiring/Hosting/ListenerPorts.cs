// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Corridor;
using Tutti.Wiring.Hosting.Https;

namespace Tutti.Wiring.Hosting;

/// <summary>An open port.</summary>
/// <param name="Listener">What it is for.</param>
/// <param name="Address">Where it listens.</param>
/// <param name="IsTls">Whether it is secured.</param>
/// <param name="Server">What listens; each port can be closed by itself.</param>
internal sealed record OpenPort(Listener Listener, IPEndPoint Address, bool IsTls, KestrelServer Server) : IAsyncDisposable
{
    public async ValueTask DisposeAsync()
    {
        await Server.StopAsync(new CancellationToken(canceled: true));
        Server.Dispose();
    }
}

/// <summary>What secures the ports of a process.</summary>
/// <param name="Corridor">The ports between components.</param>
/// <param name="Https">Certificates for people, by component; a component that is not there has HTTP.</param>
/// <param name="Services">What the framework's listeners need where they do TLS.</param>
/// <param name="Clock">The clock of their time limits.</param>
internal sealed record ListenerGuards(ServerCorridor Corridor, IReadOnlyDictionary<string, PeopleCertificate> Https, IServiceProvider Services, TimeProvider Clock)
{
    /// <summary>HTTPS of a public port: as one of the components there has it.</summary>
    public PeopleListener? HttpsFor(Listener listener, IReadOnlyList<IDoorKeeper> keepers) =>
        listener is Listener.Web or Listener.TrackerWeb && keepers.Select(keeper => Https.GetValueOrDefault(keeper.Name)).FirstOrDefault(found => found is not null) is { } certificate
            ? new PeopleListener(certificate, Clock)
            : null;
}

/// <summary>Opens the ports of a server process, each with the components whose doors are there.</summary>
internal static class ListenerPorts
{
    public static async Task<OpenPort> Open(
        Listener listener,
        int port,
        IReadOnlyList<IDoorKeeper> keepers,
        ServerConfiguration configuration,
        ListenerGuards guards,
        ILoggerFactory logs,
        CancellationToken cancellationToken)
    {
        var https = guards.HttpsFor(listener, keepers);
        var isInternal = listener is Listener.Internal or Listener.Tracker;
        var address = new IPEndPoint(isInternal ? configuration.InternalBind : configuration.Bind, port);
        var options = new KestrelServerOptions { AddServerHeader = false, ApplicationServices = guards.Services };
        options.Limits.MaxRequestBodySize = null;
        options.Listen(address, listen =>
        {
            listen.Protocols = isInternal ? HttpProtocols.Http2 : HttpProtocols.Http1;
            if (isInternal)
            {
                guards.Corridor.Guard(listen, port);
            }
            else
            {
                https?.Secure(listen);
            }
        });
        var server = Make(options, logs, isInline: listener == Listener.TrackerWeb);
        try
        {
            await server.StartAsync(new FrontDoor(listener, keepers, https is not null), cancellationToken);
            return new OpenPort(listener, address, isInternal ? guards.Corridor.Mode == CorridorMode.Secured : https is not null, server);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            server.Dispose();
            var words = e.InnerException is AddressInUseException
                ? $"port {port} of {address.Address} is already in use by another program. Stop that program or choose another port."
                : $"port {port} of {address.Address} cannot be opened: {e.Message}";
            throw new ConfigurationException([configuration.Complain(KeyOf(listener), words)]);
        }
    }

    /// <summary>Opens the socket for commands, which only its owner can use.</summary>
    public static async Task<KestrelServer> OpenControl(string path, IReadOnlyList<IDoorKeeper> keepers, ILoggerFactory logs, CancellationToken cancellationToken)
    {
        File.Delete(path);
        var options = new KestrelServerOptions { AddServerHeader = false };
        options.ListenUnixSocket(path, listen => listen.Protocols = HttpProtocols.Http2);
        var server = Make(options, logs, isInline: false);
        await server.StartAsync(new FrontDoor(Listener.Control, keepers, isHttps: false), cancellationToken);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        return server;
    }

    /// <summary>The key of <c>server.ini</c> that names a port.</summary>
    public static string KeyOf(Listener listener) => listener switch
    {
        Listener.Web => nameof(ServerSettings.WebPort),
        Listener.TrackerWeb => nameof(ServerSettings.TrackerWebPort),
        Listener.Internal => nameof(ServerSettings.InternalPort),
        Listener.Tracker => nameof(ServerSettings.TrackerPort),
        Listener.Control => "",
    };

    public static int PortOf(Listener listener, ServerSettings settings) => listener switch
    {
        Listener.Web => settings.WebPort,
        Listener.TrackerWeb => settings.TrackerWebPort,
        Listener.Internal => settings.InternalPort,
        Listener.Tracker => settings.TrackerPort,
        Listener.Control => 0,
    };

    /// <param name="options">What it listens on.</param>
    /// <param name="logs">Where it tells what happens.</param>
    /// <param name="isInline">A request is read and answered where its bytes arrive. Nothing behind it may block; it saves the tracker's requests a change of thread each.</param>
    private static KestrelServer Make(KestrelServerOptions options, ILoggerFactory logs, bool isInline) => new(
        Options.Create(options),
        new SocketTransportFactory(Options.Create(new SocketTransportOptions { UnsafePreferInlineScheduling = isInline }), logs),
        logs);
}
