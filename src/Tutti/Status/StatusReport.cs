// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using System.Text.Json;
using Tutti.Contracts.Server.V1;
using Tutti.Wiring.Configuration;

namespace Tutti.Commands.Status;

/// <summary>How a component is, for people and for scripts.</summary>
internal sealed record ComponentLine(
    string Name, string State, bool Ready, uint? ProcessId, string Version, IReadOnlyList<string> Problems, IReadOnlyDictionary<string, long> Figures, string PublicUrl);

/// <summary>A port that is open.</summary>
internal sealed record ListenerLine(string Name, string Address, uint Port, bool Tls);

/// <summary>The whole server: every component that <c>conf/server.ini</c> lists, running or not, and the open ports.</summary>
internal sealed record StatusReport(string Host, IReadOnlyList<ComponentLine> Components, IReadOnlyList<ListenerLine> Listeners)
{
    private static readonly JsonSerializerOptions _json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>Puts together what the configuration lists and what the processes say.</summary>
    public static StatusReport Of(ServerConfiguration configuration, IEnumerable<ServerStatus> processes)
    {
        var answers = processes.ToList();
        return new StatusReport(
            configuration.Common.HostName,
            [.. configuration.Components.Select(name => Line(name, answers))],
            [.. answers.SelectMany(process => process.Listeners).Select(port => new ListenerLine(port.Name, port.Address, port.Port, port.Tls))]);
    }

    /// <summary>One line of JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, _json);

    /// <summary>A table, and below it what is wrong.</summary>
    public string ToText()
    {
        var text = new StringBuilder();
        foreach (var component in Components)
        {
            var figures = string.Join(", ", component.Figures.Select(figure => $"{figure.Key}: {figure.Value.ToString("N0", CultureInfo.InvariantCulture)}"));
            var state = component.State == "running" && !component.Ready ? "not ready" : component.State;
            text.AppendLine(FormattableString.Invariant($"{component.Name,-4} {state,-10} {component.PublicUrl,-32} {figures}").TrimEnd());
            foreach (var problem in component.Problems)
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"     {problem}");
            }
        }

        foreach (var listener in Listeners)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{listener.Name,-12} {listener.Address}:{listener.Port}{(listener.Tls ? " TLS" : "")}");
        }

        return text.ToString().TrimEnd();
    }

    private static ComponentLine Line(string name, List<ServerStatus> processes)
    {
        foreach (var process in processes)
        {
            if (process.Components.FirstOrDefault(component => component.Name == name) is { } found)
            {
                return new ComponentLine(
                    name,
                    State(found.State),
                    found.Ready,
                    process.ProcessId,
                    process.Version,
                    [.. found.Problems],
                    found.Figures.GroupBy(figure => figure.Name).ToDictionary(group => group.Key, group => group.Sum(figure => figure.Value)),
                    found.PublicUrl);
            }
        }

        return new ComponentLine(name, "stopped", Ready: false, ProcessId: null, "", [], new Dictionary<string, long>(), "");
    }

    private static string State(ComponentState state) => state switch
    {
        ComponentState.Running => "running",
        ComponentState.Stopped => "stopped",
        ComponentState.Starting => "starting",
        ComponentState.Stopping => "stopping",
        ComponentState.Failed => "failed",
        ComponentState.Unspecified => "unknown",
    };
}
