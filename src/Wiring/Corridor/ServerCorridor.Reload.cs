// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Corridor.Ini;
using Tutti.Wiring.Joining;
using Tutti.Wiring.Outcomes;

namespace Tutti.Wiring.Corridor;

/// <summary>Taking up what has changed on the disk.</summary>
internal sealed partial class ServerCorridor
{
    // Two files that belong together are rarely replaced in the same moment.
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan _hour = TimeSpan.FromHours(1);
    private readonly Lock _reloading = new();
    private string _seen = "";
    private string _refusedFingerprint = "";
    private DateTimeOffset _refusedSince;
    private bool _refusalIsTold;
    private DateTimeOffset _hourlyTold;
    private bool _isPrepared;
    private bool _fileIsGone;
    private string _preparedSeen = "";

    /// <summary>True while the next start would change between plain and secured.</summary>
    public bool IsRestartPending => _fileIsGone || IsPrepared;

    /// <summary>Authorities near their end, in words.</summary>
    public IReadOnlyList<string> EndingAuthorities => _dates.OfAuthorities;

    /// <summary>True in a plain process that has a good <c>ssl.ini</c> waiting, or everything for the switch.</summary>
    public bool IsPrepared => _isPrepared || _prepared is not null;

    /// <summary>Looks whether anything changed and takes it up if it is good; judges open connections again. Called every few seconds.</summary>
    /// <param name="now">True if somebody asked for it: a refusal is told at once.</param>
    /// <returns>What is wrong with the files as they are.</returns>
    public IReadOnlyList<Complaint> Reload(bool now)
    {
        lock (_reloading)
        {
            switch (Mode)
            {
                case CorridorMode.Plain:
                    LookAtPlain();
                    if (_prepared is { } prepared)
                    {
                        Connections.JudgeAgain(prepared, _clock.GetUtcNow());
                    }

                    break;
                case CorridorMode.Secured:
                    LookAtSecured(now);
                    LookAtDates();
                    Connections.JudgeAgain(Identity, _clock.GetUtcNow());
                    break;
                case CorridorMode.Refused:
                    break;
            }

            return Refusals;
        }
    }

    private void LookAtPlain()
    {
        var reading = SslIniReader.Read(_home, _server.Common.HostName, _environment);
        if (!reading.Exists)
        {
            (_isPrepared, _seen, Refusals) = (false, "", []);
            LookAtPrepared();
            return;
        }

        var fingerprint = _reader.Fingerprint(reading.Ini);
        if (fingerprint == _seen)
        {
            return;
        }

        _seen = fingerprint;
        Refusals = [.. reading.Refusals, .. reading.Ini is null ? [] : _reader.Read(reading.Ini).Refusals];
        _isPrepared = Refusals.Count == 0;
        LogAppeared(Refusals.Count == 0 ? "It is good." : "It is refused as it is: " + string.Join(" ", Refusals));
    }

    /// <summary>Reads what will count from the switch on. Peers that are prepared too are let in by it before that.</summary>
    private void LookAtPrepared()
    {
        var path = ClusterHome.PreparedIn(_home);
        if (!File.Exists(path))
        {
            // Moved to its place by another process of this home in this moment: this one has still to be told, over a secured call.
            if (!File.Exists(_home.SslIni))
            {
                (_prepared, _preparedSeen) = (null, "");
            }

            return;
        }

        var bytes = File.ReadAllBytes(path);
        var reading = SslIniReader.Parse(bytes, _server.Common.HostName, OperatingSystem.IsWindows());
        var seen = Convert.ToHexString(SHA256.HashData(bytes)) + _reader.Fingerprint(reading.Ini);
        if (seen == _preparedSeen)
        {
            return;
        }

        _preparedSeen = seen;
        var identity = reading.Ini is null ? new IdentityReading(null, [], []) : _reader.Read(reading.Ini);
        IReadOnlyList<Complaint> refusals = [.. reading.Refusals, .. identity.Refusals];
        _prepared = refusals.Count == 0 ? identity.Identity : null;
        LogPrepared(refusals.Count == 0 ? "It is good." : "It is refused as it is: " + string.Join(" ", refusals));
    }

    /// <summary>Goes from plain and prepared to secured, or back. The ports have to be opened anew after it.</summary>
    /// <returns>Why it cannot be done; then nothing has changed.</returns>
    public Refusal? Switch(bool back)
    {
        lock (_reloading)
        {
            var prepared = ClusterHome.PreparedIn(_home);
            if (back)
            {
                TryMove(_home.SslIni, prepared);

                // Meant, and told by the one who did it.
                LastSecured.Forget(_home);
                (Mode, _identity, _seen, _isPrepared, _fileIsGone, _preparedSeen, Refusals) = (CorridorMode.Plain, null, "", false, false, "", []);
                LookAtPrepared();
                LogSwitched("plain");
                return null;
            }

            if (Mode == CorridorMode.Secured)
            {
                return null;
            }

            LookAtPrepared();
            var isMoved = _prepared is not null && TryMove(prepared, _home.SslIni);
            if (!isMoved && !File.Exists(_home.SslIni))
            {
                // Another process of this home may have moved it a moment ago; nobody has.
                return new Refusal(RefusalKind.Conflict, "cluster.not-prepared", "This server is not prepared for the switch. Print a code there and let the hub use it: tutti cluster prepare");
            }

            Decide();
            if (Mode != CorridorMode.Secured)
            {
                Mode = CorridorMode.Plain;
                if (isMoved)
                {
                    TryMove(_home.SslIni, prepared);
                }

                return new Refusal(RefusalKind.Conflict, "cluster.not-prepared", string.Join(" ", Refusals));
            }

            (_prepared, _preparedSeen) = (null, "");
            LogSwitched("secured");
            LogStart();
            return null;
        }
    }

    /// <summary>Processes of one home do this in the same moment: the first one moves the file, the others find it gone.</summary>
    private static bool TryMove(string from, string to)
    {
        try
        {
            File.Move(from, to, overwrite: true);
            return true;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
    }

    private void LookAtSecured(bool now)
    {
        var reading = SslIniReader.Read(_home, _server.Common.HostName, _environment);
        var moment = _clock.GetUtcNow();
        _fileIsGone = !reading.Exists;
        if (_fileIsGone)
        {
            if (moment - _hourlyTold >= _hour)
            {
                _hourlyTold = moment;
                LogGone();
            }

            return;
        }

        var fingerprint = _reader.Fingerprint(reading.Ini);
        if (fingerprint == _seen)
        {
            (Refusals, _refusedFingerprint) = ([], "");
            return;
        }

        var identity = reading.Ini is null ? new IdentityReading(null, [], []) : _reader.Read(reading.Ini);
        IReadOnlyList<Complaint> refusals = [.. reading.Refusals, .. identity.Refusals];
        if (refusals.Count > 0 || identity.Identity is null)
        {
            KeepOld(fingerprint, refusals, moment, now);
            return;
        }

        TakeUp(reading.Ini!, identity.Identity, fingerprint, moment);
        Warnings = [.. reading.Warnings, .. identity.Warnings];
        LogWarnings(Warnings);
    }

    private void KeepOld(string fingerprint, IReadOnlyList<Complaint> refusals, DateTimeOffset moment, bool now)
    {
        if (fingerprint != _refusedFingerprint)
        {
            (_refusedFingerprint, _refusedSince, _refusalIsTold) = (fingerprint, moment, false);
        }

        if (now || moment - _refusedSince >= _patience)
        {
            Refusals = refusals;
            foreach (var refusal in _refusalIsTold ? [] : refusals)
            {
                LogNotTakenUp(refusal.ToString());
            }

            _refusalIsTold = true;
        }
    }

    private void TakeUp(SslIni ini, CorridorIdentity identity, string fingerprint, DateTimeOffset moment)
    {
        var isNewCertificate = !identity.Own.Entry.Certificate.RawDataMemory.Span.SequenceEqual(Identity.Own.Entry.Certificate.RawDataMemory.Span);
        (_ini, _identity, _seen, Refusals, _refusedFingerprint) = (ini, identity, fingerprint, [], "");
        LogTakenUp();
        LogIdentity();
        if (isNewCertificate)
        {
            Connections.DrainAll(moment);
            SecuredCalls.Renew();
        }
    }

    /// <summary>Tells about certificates that come to their end, and every hour when the own one is over.</summary>
    private void LookAtDates()
    {
        _dates.Look();
        var moment = _clock.GetUtcNow();
        if (Identity.Own.Path.NotAfter is var over && over < moment && moment - _hourlyTold >= _hour)
        {
            _hourlyTold = moment;
            LogExpired(over.UtcDateTime, (int)(moment - over).TotalDays, _home.Path);
        }
    }

    [LoggerMessage(1213, LogLevel.Information, "Changed files of the corridor are taken up", EventName = "wiring.corridor.taken-up")]
    private partial void LogTakenUp();

    [LoggerMessage(1214, LogLevel.Error, "A change is not taken up, what was there stays in use: {Refusal}", EventName = "wiring.corridor.not-taken-up")]
    private partial void LogNotTakenUp(string refusal);

    [LoggerMessage(1215, LogLevel.Error, "commands/ssl.ini is gone. This server stays secured until it is restarted; after that it would be plain and the others would refuse it", EventName = "wiring.corridor.gone")]
    private partial void LogGone();

    [LoggerMessage(1216, LogLevel.Warning, "commands/ssl.ini has appeared or changed; it takes effect at the next start. {Words}", EventName = "wiring.corridor.appeared")]
    private partial void LogAppeared(string words);

    [LoggerMessage(1160, LogLevel.Warning, "The corridor of this server is {State} from now on", EventName = "wiring.corridor.switched")]
    private partial void LogSwitched(string state);

    [LoggerMessage(1159, LogLevel.Information, "What is to count from the switch to a secured corridor on has changed. {Words}", EventName = "wiring.corridor.prepared")]
    private partial void LogPrepared(string words);

    [LoggerMessage(1218, LogLevel.Error, "[ssl.cert-expired] This server's certificate ended at {End:yyyy-MM-dd HH:mm} UTC, {Days} days ago; other servers refuse it. A renewed keystore is taken up without a restart: tutti cert check --home {Home}", EventName = "wiring.corridor.expired")]
    private partial void LogExpired(DateTime end, int days, string home);
}
