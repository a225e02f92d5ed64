// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tutti.Frame.Words;
using Tutti.Hub.Components;
using Tutti.Wiring.Corridor;

namespace Tutti.Hub.Notices;

/// <summary>All that needs an administrator now, as the hub sees its servers: what the page Status shows, what does not fit together, and certificates near their end.</summary>
internal sealed class CurrentConditions(ServerStore servers, TimeProvider clock)
{
    /// <summary>Reads them.</summary>
    public async Task<IReadOnlyList<Condition>> All(CancellationToken cancellationToken) => Of(await servers.All(cancellationToken), clock.GetUtcNow());

    /// <summary>Puts them together.</summary>
    public static IReadOnlyList<Condition> Of(IReadOnlyList<KnownServer> servers, DateTimeOffset now) =>
    [
        .. servers.SelectMany(Condition.Of)
            .Concat(InstallationCorridor.Of(servers).Problems.Select(problem => new Condition($"corridor {problem}", problem)))
            .Concat(servers.Select(server => Ending(server, now)).OfType<Condition>())
            .Concat(servers.SelectMany(Dated))
            .DistinctBy(condition => condition.Key)
            .DistinctBy(condition => condition.Words),
    ];

    /// <summary>What a server itself says of authorities, certificates for browsers and revocation lists.</summary>
    private static IEnumerable<Condition> Dated(KnownServer server) => (server.Corridor?.Warnings ?? [])
        .Where(warning => warning.Contains("[ssl.expires-soon]", StringComparison.Ordinal) || warning.Contains("[ssl.crl]", StringComparison.Ordinal))
        .Select(warning => new Condition($"warning {server.Host} {warning}", SharedWords.Fill(NoticesWords.ServerSays, server.Host, warning)));

    /// <summary>A certificate that comes to its end, anew at each moment at which people are told.</summary>
    private static Condition? Ending(KnownServer server, DateTimeOffset now)
    {
        if (server.Corridor is not { NotBefore: { } begin, NotAfter: { } end } corridor || ExpiryWarning.Stage(begin, end, now) is not (> 0 and var stage))
        {
            return null;
        }

        var day = end.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
        return new Condition(
            string.Create(CultureInfo.InvariantCulture, $"certificate {server.Host} {corridor.Serial} {(end <= now ? "over" : stage)}"),
            SharedWords.Fill(end <= now ? NoticesWords.CertificateIsOver : NoticesWords.CertificateEnds, server.Host, day));
    }
}
