// SPDX-License-Identifier: Apache-2.0
using System.Collections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Telemetry;

namespace Tutti.Wiring.Hosting;

/// <summary>
/// One process of a server: its components, its ports and its control socket. First everything is read and checked,
/// then the ports are opened, then the components start; what is asked before they are ready hears "not available now".
/// </summary>
public sealed partial class ServerProcess : IAsyncDisposable
{
    private readonly HomeFolder _home;
    private readonly ServerConfiguration _configuration;
    private readonly List<RunningComponent> _components;
    private readonly ServerSelf _self;
    private readonly List<OpenPort> _ports = [];
    private readonly ILoggerFactory _logs;
    private readonly ILogger _logger;
    private readonly string _controlPath;
    private readonly IDictionary _environment;
    private readonly SemaphoreSlim _reopening = new(1, 1);
    private KestrelServer? _control;

    private ServerProcess(HomeFolder home, IReadOnlyList<ComponentType> types, bool isWhole, IDictionary environment, TimeProvider clock)
    {
        _home = home;
        _environment = environment;
        _configuration = ServerConfiguration.Read(home, environment);
        _logs = ComponentLog.ForServer(home);
        _logger = _logs.CreateLogger<ServerProcess>();
        Started = clock.GetUtcNow();
        _components = [.. types.Select(type => new RunningComponent(type, home, _configuration, environment, clock, _logger))];
        _self = new ServerSelf(this, _configuration, clock, _logger);
        _controlPath = ControlSocket.PathFor(home, isWhole ? [] : [.. types.Select(type => type.Name)]);
    }

    /// <summary>When this process came up.</summary>
    internal DateTimeOffset Started { get; }

    internal string HostName => _configuration.Common.HostName;

    internal IReadOnlyList<RunningComponent> Components => _components;

    internal IReadOnlyList<OpenPort> Ports => _ports;

    /// <summary>The internal ports of all processes of this home, this one included.</summary>
    internal IEnumerable<int> HomeInternalPorts => _configuration.Components.Select(component => _configuration.Of(component).InternalPort).Distinct();

    /// <summary>Reads and checks everything, opens the ports and starts the components.</summary>
    /// <param name="home">The installation folder.</param>
    /// <param name="known">The components that this executable holds.</param>
    /// <param name="only">Names of the components to run; empty for all that <c>conf/server.ini</c> lists.</param>
    /// <param name="environment">Environment variables that override settings.</param>
    /// <param name="clock">The clock of all components.</param>
    /// <param name="cancellationToken">Gives the start up.</param>
    /// <exception cref="ConfigurationException">Something in the configuration is wrong, or a port is in use.</exception>
    /// <exception cref="ServerStartException">Something else does not let it start.</exception>
    public static async Task<ServerProcess> Start(
        HomeFolder home, IReadOnlyList<ComponentType> known, IReadOnlyList<string> only, IDictionary environment, TimeProvider clock, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(home);
        ArgumentNullException.ThrowIfNull(only);
        var listed = ServerConfiguration.Read(home, environment).Components;
        if (only.FirstOrDefault(name => !listed.Contains(name)) is { } stranger)
        {
            throw new ServerStartException($"{stranger} is not a component of this server. conf/server.ini lists: {string.Join(", ", listed)}.");
        }

        var types = known.Where(type => only.Count == 0 ? listed.Contains(type.Name) : only.Contains(type.Name));
        var process = new ServerProcess(
            home, [.. types.OrderBy(type => HomeFolder.ComponentNames.ToList().IndexOf(type.Name))], only.Count == 0, environment, clock);
        try
        {
            await process.Start(cancellationToken);
            return process;
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops the components: those that hand out work first, so that the others can finish what they were given.</summary>
    public async Task Stop(CancellationToken cancellationToken)
    {
        LogStopping();
        foreach (var component in Enumerable.Reverse(_components))
        {
            await component.Stop(cancellationToken);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var port in _ports)
        {
            await port.DisposeAsync();
        }

        if (_control is not null)
        {
            await _control.StopAsync(new CancellationToken(canceled: true));
            _control.Dispose();
            File.Delete(_controlPath);
        }

        foreach (var component in _components)
        {
            await component.DisposeAsync();
        }

        await _self.DisposeAsync();
        _reopening.Dispose();

        _logs.Dispose();
    }

    /// <summary>
    /// Opens the internal port and the tracker port anew where <c>conf/server.ini</c> now says; components and other ports
    /// go on. Callers that are cut off by it try again, as they do whenever a server restarts.
    /// </summary>
    internal async Task ReopenInternalPorts(CancellationToken cancellationToken)
    {
        var configuration = ServerConfiguration.Read(_home, _environment);
        await _reopening.WaitAsync(cancellationToken);
        try
        {
            for (var i = 0; i < _ports.Count; i++)
            {
                var (listener, address) = (_ports[i].Listener, _ports[i].Address);
                if (listener is Listener.Internal or Listener.Tracker && !address.Address.Equals(configuration.InternalBind))
                {
                    await _ports[i].DisposeAsync();
                    _ports[i] = await ListenerPorts.Open(listener, address.Port, KeepersOf(listener, address.Port), configuration, _logs, cancellationToken);
                    LogListening(ListenerPorts.KeyOf(listener), _ports[i].Address.ToString());
                }
            }
        }
        finally
        {
            _reopening.Release();
        }

        WarnOfPlainCorridor(configuration);
    }

    private IDoorKeeper[] KeepersOf(Listener listener, int port) =>
    [
        .. _components.Where(component =>
            ListenerPorts.PortOf(listener, _configuration.Of(component.Name)) == port
            && (listener == Listener.Internal || component.Doors.Any(door => door.Listener == listener))),
        _self,
    ];

    private void WarnOfPlainCorridor(ServerConfiguration configuration)
    {
        if (!System.Net.IPAddress.IsLoopback(configuration.InternalBind))
        {
            LogPlainCorridor(string.Join(", ", _ports.Where(port => port.Listener is Listener.Internal or Listener.Tracker).Select(port => port.Address.Port)));
        }
    }

    private async Task Start(CancellationToken cancellationToken)
    {
        List<Complaint> complaints = [.. _components.SelectMany(component => component.Build())];
        if (complaints.Count > 0)
        {
            throw new ConfigurationException(complaints);
        }

        await _self.Start(cancellationToken);
        var wanted = _components
            .SelectMany(component => component.Doors.Select(door => door.Listener).Append(Listener.Internal)
                .Where(listener => listener != Listener.Control)
                .Select(listener => (Listener: listener, Port: ListenerPorts.PortOf(listener, _configuration.Of(component.Name)))))
            .Distinct()
            .OrderBy(port => port.Listener);
        foreach (var (listener, port) in wanted)
        {
            _ports.Add(await ListenerPorts.Open(listener, port, KeepersOf(listener, port), _configuration, _logs, cancellationToken));
            LogListening(ListenerPorts.KeyOf(listener), _ports[^1].Address.ToString());
        }

        WarnOfPlainCorridor(_configuration);
        _control = await ListenerPorts.OpenControl(_controlPath, [.. _components, _self], _logs, cancellationToken);
        foreach (var component in _components)
        {
            await component.Start(cancellationToken);
        }

        LogRunning(_home.Path);
    }

    [LoggerMessage(1010, LogLevel.Information, "{Name}: listening on {Address}", EventName = "wiring.server.listening")]
    private partial void LogListening(string name, string address);

    [LoggerMessage(1011, LogLevel.Information, "The server in {Home} is running", EventName = "wiring.server.running")]
    private partial void LogRunning(string home);

    [LoggerMessage(1012, LogLevel.Information, "The server is stopping: what is on the wire is finished first", EventName = "wiring.server.stopping")]
    private partial void LogStopping();

    [LoggerMessage(1013, LogLevel.Warning, "The internal ports {Ports} are plain and open to other hosts: let a firewall admit only the servers of this installation", EventName = "wiring.server.plain")]
    private partial void LogPlainCorridor(string ports);
}
