// SPDX-License-Identifier: Apache-2.0
using System.Collections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Corridor;
using Tutti.Wiring.Hosting.Https;
using Tutti.Wiring.Joining;
using Tutti.Wiring.Outcomes;
using Tutti.Wiring.Telemetry;

namespace Tutti.Wiring.Hosting;

/// <summary>
/// One process of a server: its components, its ports and its control socket. First everything is read and checked,
/// then the ports are opened, then the components start; what is asked before they are ready hears "not available now".
/// </summary>
public sealed partial class ServerProcess : IAsyncDisposable
{
    // The message of a refused corridor is repeated as often as it is looked at again.
    private static readonly TimeSpan _mendEvery = TimeSpan.FromMinutes(1);
    private readonly HomeFolder _home;
    private readonly ServerConfiguration _configuration;
    private readonly List<RunningComponent> _components;
    private readonly ServerCorridor _corridor;
    private readonly ServerSelf _self;
    private readonly List<OpenPort> _ports = [];
    private readonly ILoggerFactory _logs;
    private readonly ILogger _logger;
    private readonly string _controlPath;
    private readonly IDictionary _environment;
    private readonly SemaphoreSlim _reopening = new(1, 1);
    private readonly TimeProvider _clock;
    private readonly CancellationTokenSource _end = new();
    private KestrelServer? _control;
    private readonly Dictionary<string, PeopleCertificate> _https = [];
    private CorridorWatch? _watch;
    private Task _mending = Task.CompletedTask;
    private Task _lookingUp = Task.CompletedTask;

    private ServerProcess(HomeFolder home, IReadOnlyList<ComponentType> types, bool isWhole, IDictionary environment, TimeProvider clock)
    {
        _home = home;
        _environment = environment;
        _configuration = ServerConfiguration.Read(home, environment);
        _logs = ComponentLog.ForServer(home);
        _logger = _logs.CreateLogger<ServerProcess>();
        _clock = clock;
        Started = clock.GetUtcNow();
        _corridor = ServerCorridor.Open(home, _configuration, environment, clock, _logs.CreateLogger<ServerCorridor>());
        _components = [.. types.Select(type => new RunningComponent(type, home, _configuration, environment, _corridor, clock, _logger))];
        _self = new ServerSelf(this, _configuration, _corridor, new ClusterHome(home, environment, clock), clock, _logger);
        _controlPath = ControlSocket.PathFor(home, isWhole ? [] : [.. types.Select(type => type.Name)]);
    }

    /// <summary>When this process came up.</summary>
    internal DateTimeOffset Started { get; }

    internal string HostName => _configuration.Common.HostName;

    internal IReadOnlyList<RunningComponent> Components => _components;

    internal ServerCorridor Corridor => _corridor;

    internal IReadOnlyList<OpenPort> Ports => _ports;

    /// <summary>Certificates for browsers that come to their end, in words.</summary>
    internal IEnumerable<string> EndingForPeople => _https.Values.Distinct().SelectMany(certificate => certificate.Warnings);

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
        await _end.CancelAsync();
        await _mending;
        await _lookingUp;
        if (_watch is not null)
        {
            await _watch.DisposeAsync();
        }

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
        _corridor.Dispose();
        _logs.Dispose();
        _end.Dispose();
    }

    /// <summary>
    /// Opens the internal port and the tracker port anew where <c>conf/server.ini</c> now says; components and other ports
    /// go on. Callers that are cut off by it try again, as they do whenever a server restarts.
    /// </summary>
    internal Task ReopenInternalPorts(CancellationToken cancellationToken) => ReopenInternalPorts(isForced: false, cancellationToken);

    /// <summary>Between plain and secured: the ports of the corridor are opened anew, the components go on.</summary>
    internal async Task<Refusal?> SwitchCorridor(bool back, CancellationToken cancellationToken)
    {
        if (_corridor.Switch(back) is { } refusal)
        {
            return refusal;
        }

        _components.ForEach(component => component.AnnounceCorridor());
        await ReopenInternalPorts(isForced: true, cancellationToken);
        return null;
    }

    private async Task ReopenInternalPorts(bool isForced, CancellationToken cancellationToken)
    {
        var configuration = ServerConfiguration.Read(_home, _environment);
        await _reopening.WaitAsync(cancellationToken);
        try
        {
            for (var i = 0; i < _ports.Count; i++)
            {
                var (listener, address) = (_ports[i].Listener, _ports[i].Address);
                if (listener is Listener.Internal or Listener.Tracker && (isForced || !address.Address.Equals(configuration.InternalBind)))
                {
                    await _ports[i].DisposeAsync();
                    _ports[i] = await Listen(listener, address.Port, configuration, cancellationToken);
                }
            }
        }
        finally
        {
            _reopening.Release();
        }

        WarnOfPlainCorridor(configuration);
    }

    private async Task<OpenPort> Listen(Listener listener, int port, ServerConfiguration configuration, CancellationToken cancellationToken)
    {
        var opened = await ListenerPorts.Open(listener, port, KeepersOf(listener, port), configuration, new ListenerGuards(_corridor, _https, _self.Services, _clock), _logs, cancellationToken);
        LogListening(ListenerPorts.KeyOf(listener), opened.Address.ToString());
        return opened;
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
        if (_corridor.Mode == CorridorMode.Plain && !System.Net.IPAddress.IsLoopback(configuration.InternalBind))
        {
            LogPlainCorridor(string.Join(", ", _ports.Where(port => port.Listener is Listener.Internal or Listener.Tracker).Select(port => port.Address.Port)));
        }
    }

    private async Task Start(CancellationToken cancellationToken)
    {
        LogVersion(ServerSelf.Version, HostName, string.Join(", ", _components.Select(component => component.Name)));
        List<Complaint> complaints = [.. _components.SelectMany(component => component.Build())];
        complaints.AddRange(ReadHttps());
        _corridor.LogStart();
        var remarks = new StartRemarks(_configuration, _logger);
        remarks.TellWithoutEffect();
        remarks.TellOtherName();
        if (_corridor.Mode == CorridorMode.Secured)
        {
            _lookingUp = remarks.LookUpOwnName(_end.Token);
        }

        var isReduced = _corridor.Mode == CorridorMode.Refused && _components.Exists(component => component.ServesWithoutCorridor);
        complaints.AddRange(_corridor.Mode == CorridorMode.Refused && !isReduced ? _corridor.Refusals : []);
        if (complaints.Count > 0)
        {
            throw new ConfigurationException(complaints);
        }

        await _self.Start(cancellationToken);
        if (isReduced)
        {
            await StartReduced(cancellationToken);
            return;
        }

        _components.ForEach(component => component.AnnounceCorridor());
        await OpenPorts(_ => true, cancellationToken);
        _control = await ListenerPorts.OpenControl(_controlPath, [.. _components, _self], _logs, cancellationToken);
        await StartComponents(_ => true, cancellationToken);
        LogRunning(_home.Path);
    }

    /// <summary>Only what readers of mail reach, because no peer can be let in; the rest follows when the corridor is mended.</summary>
    private async Task StartReduced(CancellationToken cancellationToken)
    {
        await OpenPorts(listener => listener == Listener.TrackerWeb, cancellationToken);
        _control = await ListenerPorts.OpenControl(_controlPath, [.. _components, _self], _logs, cancellationToken);
        await StartComponents(component => component.ServesWithoutCorridor, cancellationToken);
        LogReduced();
        _mending = Mend(_end.Token);
    }

    private async Task Mend(CancellationToken cancellationToken)
    {
        try
        {
            do
            {
                await Task.Delay(_mendEvery, _clock, cancellationToken);
                var isMended = _corridor.TryAgain();
                _corridor.LogStart();
                if (isMended)
                {
                    _components.ForEach(component => component.AnnounceCorridor());
                    await OpenPorts(listener => listener != Listener.TrackerWeb, cancellationToken);
                    await StartComponents(component => component.State != ComponentState.Running, cancellationToken);
                    LogRunning(_home.Path);
                }
            }
            while (_corridor.Mode == CorridorMode.Refused);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The process ends.
        }
        catch (Exception e) when (e is ConfigurationException or ServerStartException or IOException)
        {
            LogNotMended(e.Message);
        }
    }

    private async Task StartComponents(Func<RunningComponent, bool> isWanted, CancellationToken cancellationToken)
    {
        foreach (var component in _components.Where(isWanted))
        {
            await component.Start(cancellationToken);
        }

        if (_corridor.Mode != CorridorMode.Refused)
        {
            _watch = new CorridorWatch([.. _corridor.Folders, .. _https.Values.Select(certificate => certificate.Folder)], Look, _clock);
        }
    }

    private void Look()
    {
        _corridor.Reload(now: false);
        foreach (var certificate in _https.Values.Distinct())
        {
            certificate.Reload();
        }
    }

    private List<Complaint> ReadHttps()
    {
        List<Complaint> complaints = [];
        foreach (var name in _components.Where(component => component.Doors.Any(door => door.Listener is Listener.Web or Listener.TrackerWeb)).Select(component => component.Name))
        {
            if (_configuration.Of(name) is { HttpsKeystorePath.Length: > 0 } settings)
            {
                if (PeopleCertificate.Read(_home, settings, _clock, _logger).Is(out var certificate, out var refusal))
                {
                    _https[name] = certificate;
                }
                else
                {
                    var key = refusal.Code == "ssl.keystore-password" ? nameof(ServerSettings.HttpsKeystorePassword) : nameof(ServerSettings.HttpsKeystorePath);
                    complaints.Add(_configuration.Complain(key, refusal.Message) with { Code = refusal.Code });
                }
            }
        }

        return [.. complaints.Distinct()];
    }

    private async Task OpenPorts(Func<Listener, bool> isWanted, CancellationToken cancellationToken)
    {
        var wanted = _components
            .SelectMany(component => component.Doors.Select(door => door.Listener).Append(Listener.Internal)
                .Where(listener => listener != Listener.Control && isWanted(listener))
                .Select(listener => (Listener: listener, Port: ListenerPorts.PortOf(listener, _configuration.Of(component.Name)))))
            .Distinct()
            .OrderBy(port => port.Listener);
        foreach (var (listener, port) in wanted)
        {
            _ports.Add(await Listen(listener, port, _configuration, cancellationToken));
        }

        WarnOfPlainCorridor(_configuration);
    }

    [LoggerMessage(1010, LogLevel.Information, "{Name}: listening on {Address}", EventName = "wiring.server.listening")]
    private partial void LogListening(string name, string address);

    [LoggerMessage(1011, LogLevel.Information, "The server in {Home} is running", EventName = "wiring.server.running")]
    private partial void LogRunning(string home);

    [LoggerMessage(1012, LogLevel.Information, "The server is stopping: what is on the wire is finished first", EventName = "wiring.server.stopping")]
    private partial void LogStopping();

    [LoggerMessage(1013, LogLevel.Warning, "The internal ports {Ports} are plain and open to other hosts: let a firewall admit only the servers of this installation", EventName = "wiring.server.plain")]
    private partial void LogPlainCorridor(string ports);

    [LoggerMessage(1014, LogLevel.Information, "Tutti {Version}, server {Host} with {Components}", EventName = "wiring.server.version")]
    private partial void LogVersion(string version, string host, string components);

    [LoggerMessage(1015, LogLevel.Warning, "Only the tracker's public port is open: commands/ssl.ini is refused, and until it is mended no other component reaches this server", EventName = "wiring.server.reduced")]
    private partial void LogReduced();

    [LoggerMessage(1016, LogLevel.Error, "The corridor is mended, but the rest of this server could not start; restart it: {Problem}", EventName = "wiring.server.not-mended")]
    private partial void LogNotMended(string problem);
}
