// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.Metrics;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using Tutti.Wiring.Certificates;
using Tutti.Wiring.Corridor.Connections;

namespace Tutti.Wiring.Corridor;

/// <summary>
/// When the certificates of a secured server end: its own and those above it, the trusted roots, and those that peers show on
/// open connections. Tells it in the log when it becomes time, and at any moment as the metric <c>tutti.certificate.days</c>.
/// </summary>
internal sealed partial class CertificateDates : IDisposable
{
    private readonly Func<CorridorIdentity?> _identity;
    private readonly OpenConnections _connections;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly Meter _meter = new("Tutti.Corridor");
    private Dictionary<string, int> _stages = new(StringComparer.Ordinal);

    public CertificateDates(Func<CorridorIdentity?> identity, OpenConnections connections, TimeProvider clock, ILogger logger)
    {
        (_identity, _connections, _clock, _logger) = (identity, connections, clock, logger);
        _meter.CreateObservableGauge("tutti.certificate.days", Measure, "d", "Days until a certificate ends, below zero when it is over; role is own, intermediate, root or peer.");
    }

    /// <summary>Tells about certificates that come to their end, once at each moment.</summary>
    public void Look()
    {
        var moment = _clock.GetUtcNow();
        Dictionary<string, int> stages = new(StringComparer.Ordinal);
        foreach (var (role, name, certificate) in All())
        {
            DateTimeOffset end = certificate.NotAfter.ToUniversalTime();
            var stage = stages[certificate.Thumbprint] = ExpiryWarning.Stage(certificate.NotBefore.ToUniversalTime(), end, moment);
            if (stage > _stages.GetValueOrDefault(certificate.Thumbprint) && end > moment)
            {
                LogExpires(
                    role switch
                    {
                        "own" => "This server's certificate",
                        "peer" => $"The certificate of {name}, which this server is connected with,",
                        _ => $"The certificate of {certificate.Subject}",
                    },
                    end.UtcDateTime,
                    (int)(end - moment).TotalDays);
            }
        }

        _stages = stages;
    }

    /// <summary>Authorities that come to their end, trusted ones and those above the own certificate, in words that change at each moment at which people are told.</summary>
    public IReadOnlyList<string> OfAuthorities =>
    [
        .. All()
            .Where(each => each.Role is "root" or "intermediate")
            .Select(each => ExpiryWarning.Of($"The certificate of {each.Certificate.Subject}", each.Certificate.NotBefore, each.Certificate.NotAfter, _clock.GetUtcNow()))
            .OfType<string>(),
    ];

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    private IEnumerable<Measurement<double>> Measure()
    {
        var moment = _clock.GetUtcNow();
        return All().Select(each => new Measurement<double>((each.Certificate.NotAfter.ToUniversalTime() - moment.UtcDateTime).TotalDays, new("role", each.Role), new("name", each.Name)));
    }

    private List<(string Role, string Name, X509Certificate2 Certificate)> All()
    {
        if (_identity() is not { } identity)
        {
            return [];
        }

        var path = identity.Own.Path.Certificates;
        IEnumerable<(string, string, X509Certificate2)> all =
        [
            ("own", NameOf(path[0]), path[0]),
            .. path.Skip(1).Where(each => !identity.Roots.Any(root => root.Thumbprint == each.Thumbprint)).Select(each => ("intermediate", each.Subject, each)),
            .. identity.Roots.Select(root => ("root", root.Subject, root)),
            .. _connections.All.Select(connection => connection.Peer.Certificate).Select(each => ("peer", NameOf(each), each)),
        ];

        // Components of one server call each other: the own certificate is no peer's too.
        return [.. all.DistinctBy(each => each.Item3.Thumbprint)];
    }

    private static string NameOf(X509Certificate2 certificate) => CertificateNames.Of(certificate) is [var first, ..] ? first : certificate.Subject;

    [LoggerMessage(1217, LogLevel.Warning, "[ssl.expires-soon] {Which} ends at {End:yyyy-MM-dd HH:mm} UTC, in {Days} days", EventName = "wiring.corridor.expires")]
    private partial void LogExpires(string which, DateTime end, int days);
}
