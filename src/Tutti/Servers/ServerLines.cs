// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using System.Text.Json;
using Tutti.Contracts.Hub.Control.V1;

namespace Tutti.Commands.Servers;

/// <summary>The servers of an installation, for people and for scripts.</summary>
internal sealed class ServerLines(ServerList list)
{
    private static readonly JsonSerializerOptions _json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>One line of JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(
        new
        {
            list.Mixed,
            Problems = list.Problems.ToArray(),
            Notes = list.Notes.ToArray(),
            Servers = list.Servers.Select(server => new
            {
                server.Host,
                server.Port,
                server.Answers,
                server.Problem,
                server.Version,
                StartedAt = Time(server.HasStartedAtMs, server.StartedAtMs),
                SeenAt = Time(server.HasSeenAtMs, server.SeenAtMs),
                server.ClockOffsetMs,
                server.Corridor,
                server.Odd,
                server.Certificate,
                server.SslIni,
                server.Secured,
                CertificateNames = server.CertificateNames.ToArray(),
                server.Issuer,
                server.Serial,
                NotAfter = Time(server.HasNotAfterMs, server.NotAfterMs),
                Warnings = server.Warnings.ToArray(),
                server.Refusals,
                Components = server.Components.Select(component => new
                {
                    component.Name,
                    component.State,
                    component.Ready,
                    component.PublicUrl,
                    component.TrackerPort,
                    component.Problems,
                    component.Figures,
                }),
            }),
        },
        _json);

    /// <summary>A line per server, and below it its components and what is wrong.</summary>
    public string ToText()
    {
        var text = new StringBuilder();
        foreach (var server in list.Servers)
        {
            var state = server.Answers ? "answers" : server.HasSeenAtMs ? "does not answer" : "never answered";
            text.AppendLine(FormattableString.Invariant($"{server.Host}:{server.Port,-6} {state,-16}{server.Version,-8}{Corridor(server)}").TrimEnd());
            if (server.Problem.Length > 0)
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"     {server.Problem}");
            }

            foreach (var component in server.Components)
            {
                var figures = string.Join(", ", component.Figures.OrderBy(figure => figure.Key, StringComparer.Ordinal).Select(figure => $"{figure.Key}: {figure.Value.ToString("N0", CultureInfo.InvariantCulture)}"));
                var word = !server.Answers ? "unknown" : component is { State: "running", Ready: false } ? "not ready" : component.State;
                text.AppendLine(FormattableString.Invariant($"  {component.Name,-4} {word,-10} {component.PublicUrl,-32} {figures}").TrimEnd());
                foreach (var problem in component.Problems)
                {
                    text.AppendLine(CultureInfo.InvariantCulture, $"       {problem}");
                }
            }
        }

        foreach (var line in list.Problems.Concat(list.Notes))
        {
            text.AppendLine(line);
        }

        return text.ToString().TrimEnd();
    }

    /// <summary>How it is secured, until when, and which condition is not met.</summary>
    private static string Corridor(KnownServer server)
    {
        var words = $"{server.Corridor}{(server.Odd ? " (not like the others)" : "")}";
        if (Time(server.HasNotAfterMs, server.NotAfterMs) is { } end)
        {
            words += FormattableString.Invariant($", certificate until {end:yyyy-MM-dd}");
        }

        if (server.ClockOffsetMs is < -2000 or > 2000)
        {
            words += FormattableString.Invariant($", clock {server.ClockOffsetMs / 1000.0:+0;-0} s");
        }

        return server is { Secured: "yes" or "", Certificate: "ok" or "" } ? words : $"{words}, certificate: {server.Certificate}, ssl.ini: {server.SslIni}, secured: {server.Secured}";
    }

    private static DateTimeOffset? Time(bool isThere, long milliseconds) => isThere ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : null;
}
