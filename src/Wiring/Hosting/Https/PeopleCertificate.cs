// SPDX-License-Identifier: Apache-2.0
using System.Net.Security;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Tutti.Wiring.Certificates;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Corridor;
using Tutti.Wiring.Outcomes;

namespace Tutti.Wiring.Hosting.Https;

/// <summary>
/// What a public port shows to browsers and mail programs. Independent of the corridor: no list, no trusted roots, no
/// certificate asked for; whether it is trusted is for the browsers to say.
/// </summary>
internal sealed partial class PeopleCertificate
{
    private readonly string _path;
    private readonly string _password;
    private readonly string _hostName;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private volatile IReadOnlyList<(KeyEntry Entry, SslStreamCertificateContext Context)> _entries = [];
    private readonly Dictionary<string, int> _stages = new(StringComparer.Ordinal);
    private byte[] _seen = [];

    private PeopleCertificate(string path, string password, string hostName, TimeProvider clock, ILogger logger) =>
        (_path, _password, _hostName, _clock, _logger) = (path, password, hostName, clock, logger);

    /// <summary>Where the keystore lies.</summary>
    public string Folder => Path.GetDirectoryName(_path)!;

    /// <summary>Reads the keystore that a component's settings name. A certificate that has ended is a warning: this port is not the corridor.</summary>
    public static Outcome<PeopleCertificate> Read(HomeFolder home, ServerSettings settings, TimeProvider clock, ILogger logger)
    {
        var certificate = new PeopleCertificate(home.Resolve(settings.HttpsKeystorePath), settings.HttpsKeystorePassword.Reveal(), settings.HostName, clock, logger);
        return certificate.Load() is { } refusal ? refusal : certificate;
    }

    /// <summary>The certificate for a name that a browser asks for; else that of the host name; else one that is valid.</summary>
    public SslStreamCertificateContext For(string? name)
    {
        var entries = _entries;
        var now = _clock.GetUtcNow().UtcDateTime;
        return entries
            .OrderByDescending(each => !string.IsNullOrEmpty(name) && Matches(each.Entry, name))
            .ThenByDescending(each => Matches(each.Entry, _hostName))
            .ThenByDescending(each => each.Entry.Certificate.NotAfter.ToUniversalTime() >= now)
            .ThenByDescending(each => each.Entry.Certificate.NotAfter)
            .First().Context;
    }

    /// <summary>Certificates that come to their end, in words that change at each moment at which people are told.</summary>
    public IReadOnlyList<string> Warnings =>
    [
        .. _entries
            .Select(each => each.Entry.Certificate)
            .Select(certificate => ExpiryWarning.Of($"HTTPS: the certificate {certificate.Subject} in {_path}", certificate.NotBefore, certificate.NotAfter, _clock.GetUtcNow()))
            .OfType<string>(),
    ];

    /// <summary>Takes up a keystore with new content; one that cannot be read is told, and the old one stays in use.</summary>
    public void Reload()
    {
        LookAtDates();
        var before = _seen;
        if (HashOf(_path) is { } now && !now.AsSpan().SequenceEqual(before))
        {
            if (Load() is { } refusal)
            {
                _seen = now;
                LogNotTakenUp(refusal.Code, refusal.Message);
            }
            else
            {
                LogTakenUp(_path);
            }
        }
    }

    private void LookAtDates()
    {
        var now = _clock.GetUtcNow();
        foreach (var certificate in _entries.Select(each => each.Entry.Certificate))
        {
            DateTimeOffset end = certificate.NotAfter.ToUniversalTime();
            var stage = ExpiryWarning.Stage(certificate.NotBefore.ToUniversalTime(), end, now);
            if (stage > _stages.GetValueOrDefault(certificate.Thumbprint) && end > now)
            {
                LogEnds(_path, certificate.Subject, end.UtcDateTime, (int)(end - now).TotalDays);
            }

            _stages[certificate.Thumbprint] = stage;
        }
    }

    private static bool Matches(KeyEntry entry, string name) => entry.Certificate.MatchesHostname(name, allowCommonName: true);

    private static byte[]? HashOf(string path)
    {
        try
        {
            return SHA256.HashData(File.ReadAllBytes(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private Refusal? Load()
    {
        var seen = HashOf(_path) ?? [];
        if (!Keystore.Read(_path, _password).Is(out var keystore, out var refusal))
        {
            return refusal;
        }

        if (keystore.Keys.Count == 0)
        {
            return new Refusal(RefusalKind.Invalid, "ssl.no-key", $"{_path} holds no private key with a certificate. HTTPS needs one.");
        }

        _entries = [.. keystore.Keys.Select(entry => (entry, SslStreamCertificateContext.Create(entry.Certificate, [.. entry.Chain], offline: true)))];
        _seen = seen;
        foreach (var entry in keystore.Keys.Where(entry => entry.Certificate.NotAfter.ToUniversalTime() < _clock.GetUtcNow().UtcDateTime))
        {
            LogEnded(_path, entry.Alias, entry.Certificate.NotAfter.ToUniversalTime());
        }

        return null;
    }

    [LoggerMessage(1220, LogLevel.Information, "HTTPS: the changed keystore {Path} is taken up", EventName = "wiring.https.taken-up")]
    private partial void LogTakenUp(string path);

    [LoggerMessage(1221, LogLevel.Error, "HTTPS: a changed keystore is not taken up, the old certificate stays in use: [{Code}] {Reason}", EventName = "wiring.https.not-taken-up")]
    private partial void LogNotTakenUp(string code, string reason);

    [LoggerMessage(1223, LogLevel.Warning, "[ssl.expires-soon] HTTPS: the certificate {Subject} in {Path} ends at {End:yyyy-MM-dd HH:mm} UTC, in {Days} days", EventName = "wiring.https.ends")]
    private partial void LogEnds(string path, string subject, DateTime end, int days);

    [LoggerMessage(1222, LogLevel.Warning, "HTTPS: the certificate '{Alias}' in {Path} ended at {End:yyyy-MM-dd HH:mm} UTC; browsers will warn of it", EventName = "wiring.https.ended")]
    private partial void LogEnded(string path, string alias, DateTime end);
}
