// SPDX-License-Identifier: Apache-2.0
using System.Collections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Corridor.Callers;
using Tutti.Wiring.Corridor.Calling;
using Tutti.Wiring.Corridor.Connections;
using Tutti.Wiring.Corridor.Ini;
using Tutti.Wiring.Corridor.Listening;
using Tutti.Wiring.Joining;

namespace Tutti.Wiring.Corridor;

/// <summary>How the ports between components are in this process. Fixed at start.</summary>
internal enum CorridorMode
{
    /// <summary>No <c>ssl.ini</c>: a firewall has to protect them.</summary>
    Plain,

    /// <summary>Mutually authenticated TLS.</summary>
    Secured,

    /// <summary>There is an <c>ssl.ini</c> that cannot be followed: they stay closed.</summary>
    Refused,
}

/// <summary>
/// The corridor as one process sees it: plain, secured or refused for all components and both ports at once. Holds what the
/// listeners and the calls of this server need, and takes up new certificates, lists, roots and revocations.
/// </summary>
internal sealed partial class ServerCorridor : IDisposable
{
    private readonly HomeFolder _home;
    private readonly ServerConfiguration _server;
    private readonly IDictionary _environment;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly IdentityReader _reader;
    private readonly SecuredListener _securedListener;
    private readonly PlainListener _plainListener;
    private readonly CertificateDates _dates;
    private readonly CorridorMeter _meter;
    private readonly HashSet<string> _warned = new(StringComparer.Ordinal);
    private volatile CorridorIdentity? _identity;
    private volatile SslIni? _ini;
    private volatile CorridorIdentity? _prepared;

    private ServerCorridor(HomeFolder home, ServerConfiguration server, IDictionary environment, TimeProvider clock, ILogger logger)
    {
        (_home, _server, _environment, _clock, _logger) = (home, server, environment, clock, logger);
        _reader = new IdentityReader(home, server, environment, clock);
        Log = new RefusalLog(logger, clock);
        Connections = new OpenConnections(Log);
        _meter = new CorridorMeter(Connections, Log, clock);
        Callers = new KnownCallers(home, server, () => new ClusterHome(home, environment, clock).Hub, logger);
        _dates = new CertificateDates(() => _identity, Connections, clock, logger);
        _securedListener = new SecuredListener(() => Identity, Connections, Log, clock);
        var prepared = new SecuredListener(() => _prepared ?? Identity, Connections, Log, clock);
        _plainListener = new PlainListener(prepared, () => _prepared is not null, new AnswerJoin(home, environment, clock, logger, () => Reload(now: true)), Log, clock);
        SecuredCalls = new SecuredCalls(() => _identity ?? _prepared ?? Identity, server, Connections, Log, clock);
    }

    /// <summary>Decided when the process started.</summary>
    public CorridorMode Mode { get; private set; }

    /// <summary>What is wrong, where it is refused; and in a running server what was wrong with the last change.</summary>
    public IReadOnlyList<Complaint> Refusals { get; private set; } = [];

    /// <summary>What should be mended.</summary>
    public IReadOnlyList<Complaint> Warnings { get; private set; } = [];

    /// <summary>What a secured server is now.</summary>
    public CorridorIdentity Identity => _identity ?? throw new InvalidOperationException("The corridor is not secured.");

    /// <summary>The same, or null where the corridor is not secured.</summary>
    public CorridorIdentity? IdentityOrNone => _identity;

    /// <summary>What a plain server will be from the switch on, or null where nothing good is prepared.</summary>
    public CorridorIdentity? PreparedOrNone => _prepared;

    /// <summary>The folders whose files matter.</summary>
    public IEnumerable<string> Folders => Mode == CorridorMode.Plain
        ? [Path.GetDirectoryName(_home.SslIni)!]
        : CorridorWatch.FoldersOf(_home, _server.Common, _ini?.KeystorePath);

    /// <summary>Refused connections and calls.</summary>
    public RefusalLog Log { get; }

    /// <summary>Who may call what on this server.</summary>
    public KnownCallers Callers { get; }

    /// <summary>Secured connections that are open.</summary>
    public OpenConnections Connections { get; }

    /// <summary>How this server calls others where it is secured; where it is prepared, how it reaches those that are prepared too.</summary>
    public SecuredCalls SecuredCalls { get; }

    /// <summary>How this server calls others; null where calls are plain.</summary>
    public SecuredCalls? Calls => Mode == CorridorMode.Plain ? null : SecuredCalls;

    /// <summary>Reads <c>commands/ssl.ini</c> and all that it leads to.</summary>
    public static ServerCorridor Open(HomeFolder home, ServerConfiguration server, IDictionary environment, TimeProvider clock, ILogger logger)
    {
        var corridor = new ServerCorridor(home, server, environment, clock, logger);
        corridor.Decide();
        return corridor;
    }

    /// <summary>Reads a refused corridor once more; true if it is secured now. It never becomes plain: that takes a restart.</summary>
    public bool TryAgain()
    {
        if (Mode == CorridorMode.Refused)
        {
            Decide();
        }

        return Mode == CorridorMode.Secured;
    }

    /// <summary>Secures a port, or lets it be plain and says in the log when a secured server calls.</summary>
    public void Guard(ListenOptions listen, int port)
    {
        switch (Mode)
        {
            case CorridorMode.Plain:
                _plainListener.Watch(listen, port);
                break;
            case CorridorMode.Secured:
                _securedListener.Secure(listen, port);
                break;
            case CorridorMode.Refused:
                throw new InvalidOperationException("The ports of a refused corridor stay closed.");
        }
    }

    /// <summary>Puts into the log what the start came to.</summary>
    public void LogStart()
    {
        foreach (var refusal in Mode == CorridorMode.Refused ? Refusals : [])
        {
            LogRefused(refusal.ToString());
        }

        LogWarnings(Warnings);
        if (Mode == CorridorMode.Secured)
        {
            LastSecured.Note(_home, _clock.GetUtcNow());
            LogIdentity();
            Callers.TellNotHeard();
        }
        else if (Mode == CorridorMode.Plain && LastSecured.At(_home) is { } at)
        {
            LogWasSecured(at.UtcDateTime);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _dates.Dispose();
        _meter.Dispose();
    }

    private void Decide()
    {
        var wasRefused = Mode == CorridorMode.Refused;
        var reading = SslIniReader.Read(_home, _server.Common.HostName, _environment);
        Warnings = reading.Warnings;
        if (!reading.Exists)
        {
            Warnings = [.. reading.Warnings, .. _reader.ShippedPassword()];
            LookAtPrepared();
            if (wasRefused)
            {
                Refusals = [new Complaint(SslIni.Name, null, null, "is gone. Put it back, or restart this server to run it plain.", "ssl.unreadable")];
            }

            return;
        }

        _ini = reading.Ini;
        var identity = _ini is null ? new IdentityReading(null, [], []) : _reader.Read(_ini);
        Refusals = [.. reading.Refusals, .. identity.Refusals];
        Warnings = [.. reading.Warnings, .. identity.Warnings];
        _identity = Refusals.Count == 0 ? identity.Identity : null;
        _seen = _reader.Fingerprint(_ini);
        Mode = _identity is null ? CorridorMode.Refused : CorridorMode.Secured;
    }

    private void LogWarnings(IEnumerable<Complaint> warnings)
    {
        foreach (var words in warnings.Select(warning => warning.ToString()).Where(_warned.Add))
        {
            LogWarning(words);
        }
    }

    private void LogIdentity()
    {
        var own = Identity.Own.Entry.Certificate;
        var end = Identity.Own.Path.NotAfter;
        LogCertificate(_server.Common.HostName, own.SerialNumber, end.UtcDateTime, (int)(end - _clock.GetUtcNow()).TotalDays, string.Join(',', Identity.Allowed));
    }

    [LoggerMessage(1219, LogLevel.Warning, "[ssl.was-secured] This server is plain now: commands/ssl.ini is gone. Its last secured start was on {At:yyyy-MM-dd HH:mm} UTC. Servers that are secured refuse it. If that is meant, remove conf/last-secured", EventName = "wiring.corridor.was-secured")]
    private partial void LogWasSecured(DateTime at);

    [LoggerMessage(1210, LogLevel.Error, "{Refusal}", EventName = "wiring.corridor.refused")]
    private partial void LogRefused(string refusal);

    [LoggerMessage(1211, LogLevel.Warning, "{Warning}", EventName = "wiring.corridor.warning")]
    private partial void LogWarning(string warning);

    [LoggerMessage(1212, LogLevel.Information, "The corridor is secured: certificate for {Name}, serial {Serial}, good until {End:yyyy-MM-dd HH:mm} UTC ({Days} days left); allowed: {Allowed}", EventName = "wiring.corridor.secured")]
    private partial void LogCertificate(string name, string serial, DateTime end, int days, string allowed);
}
