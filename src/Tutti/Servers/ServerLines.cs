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
            text.AppendLine(FormattableString.Invariant($"{server.Host}:{server.Port,-6} {state,-16}{server.Version}").TrimEnd());
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

        return text.ToString().TrimEnd();
    }

    private static DateTimeOffset? Time(bool isThere, long milliseconds) => isThere ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : null;
}
