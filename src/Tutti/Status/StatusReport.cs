// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Tutti.Contracts.Hub.Control.V1;
using Tutti.Contracts.Server.V1;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Corridor;

namespace Tutti.Commands.Status;

/// <summary>How a component is, for people and for scripts.</summary>
internal sealed record ComponentLine(
    string Name, string State, bool Ready, uint? ProcessId, string Version, IReadOnlyList<string> Problems, IReadOnlyDictionary<string, long> Figures, string PublicUrl);

/// <summary>A port that is open.</summary>
internal sealed record ListenerLine(string Name, string Address, uint Port, bool Tls);

/// <summary>How the communication with the other servers is secured.</summary>
/// <param name="State">plain, prepared, secured, restart-pending or refused; off where the server does not run.</param>
/// <param name="Certificate">ok, missing, unsigned, or refused with a code.</param>
/// <param name="SslIni">ok, missing, or refused with a code.</param>
/// <param name="Secured">yes, no or restart pending.</param>
/// <param name="NotAfter">When the certificate ends; null without one.</param>
/// <param name="Issuer">Who signed it.</param>
/// <param name="Problems">What is wrong.</param>
internal sealed record CorridorLine(string State, string Certificate, string SslIni, string Secured, DateTimeOffset? NotAfter, string Issuer, IReadOnlyList<string> Problems);

/// <summary>A server of the installation, as the hub sees it.</summary>
internal sealed record InstallationLine(
    string Host, uint Port, bool Answers, string Corridor, bool Odd, string Certificate, string SslIni, string Secured, DateTimeOffset? NotAfter, string Issuer, long ClockOffsetMs, IReadOnlyDictionary<string, long> Backlog, string Problem);

/// <summary>All servers of the installation side by side.</summary>
internal sealed record InstallationLines(bool Mixed, IReadOnlyList<string> Problems, IReadOnlyList<string> Notes, IReadOnlyList<InstallationLine> Servers);

/// <summary>The whole server: every component that <c>conf/server.ini</c> lists, running or not, the open ports, how they are secured; where the hub runs, all servers.</summary>
internal sealed record StatusReport(string Host, IReadOnlyList<ComponentLine> Components, IReadOnlyList<ListenerLine> Listeners, CorridorLine Corridor, InstallationLines? Installation)
{
    private static readonly JsonSerializerOptions _json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>True unless this server is refused, or the servers of the installation differ in how they are secured.</summary>
    [JsonIgnore]
    public bool IsAlike => Corridor.State != "refused" && Installation is not { Mixed: true } && Installation?.Servers.Any(server => server.Corridor is "refused" or "refuses-hub") != true;

    /// <summary>Puts together what the configuration lists, what the processes say, and what the hub knows.</summary>
    public static StatusReport Of(ServerConfiguration configuration, IEnumerable<ServerStatus> processes, CorridorFiles files, ServerList? installation)
    {
        var answers = processes.ToList();
        return new StatusReport(
            configuration.Common.HostName,
            [.. configuration.Components.Select(name => Line(name, answers))],
            [.. answers.SelectMany(process => process.Listeners).Select(port => new ListenerLine(port.Name, port.Address, port.Port, port.Tls))],
            CorridorOf(answers, files),
            installation is null ? null : All(installation));
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

        text.AppendLine(FormattableString.Invariant($"between servers: {Corridor.State}, certificate: {Corridor.Certificate}{(Corridor.NotAfter is { } end ? $" until {end:yyyy-MM-dd}" : "")}, ssl.ini: {Corridor.SslIni}, secured: {Corridor.Secured}"));
        foreach (var problem in Corridor.Problems)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"     {problem}");
        }

        foreach (var server in Installation?.Servers ?? [])
        {
            var state = $"{server.Corridor}{(server.Odd ? " (not like the others)" : "")}";
            var until = server.NotAfter is { } date ? FormattableString.Invariant($" certificate until {date:yyyy-MM-dd}") : "";
            var backlog = string.Join(", ", server.Backlog.Select(figure => $"{figure.Key}: {figure.Value.ToString("N0", CultureInfo.InvariantCulture)}"));
            text.AppendLine(FormattableString.Invariant($"{server.Host}:{server.Port,-6} {(server.Answers ? "answers" : "silent"),-8} {state}{until} {backlog}").TrimEnd());
        }

        foreach (var line in (Installation?.Problems ?? []).Concat(Installation?.Notes ?? []))
        {
            text.AppendLine(line);
        }

        return text.ToString().TrimEnd();
    }

    private static CorridorLine CorridorOf(List<ServerStatus> processes, CorridorFiles files)
    {
        // Several processes of one home read the same files; one that differs is the one to look at.
        if (processes.Select(process => process.Corridor).Where(each => each is not null).OrderBy(each => each.State == "secured").FirstOrDefault() is { } corridor)
        {
            var met = CorridorConditions.Of(corridor.State, corridor.Code, corridor.CertificateNames.Count > 0);
            return new CorridorLine(corridor.State, met.Certificate, met.SslIni, met.Secured, Time(corridor.NotAfterMs), corridor.Issuer, [.. corridor.Problems.Concat(corridor.Warnings)]);
        }

        var waiting = CorridorConditions.Of(files);
        return new CorridorLine("off", waiting.Certificate, waiting.SslIni, waiting.Secured, files.Own?.Path.NotAfter, files.Own?.Entry.Certificate.Issuer ?? "", [.. files.Refusals.Concat(files.Warnings).Select(complaint => complaint.ToString())]);
    }

    private static InstallationLines All(ServerList list) => new(
        list.Mixed,
        [.. list.Problems],
        [.. list.Notes],
        [
            .. list.Servers.Select(server => new InstallationLine(
                server.Host, server.Port, server.Answers, server.Corridor, server.Odd, server.Certificate, server.SslIni, server.Secured, Time(server.NotAfterMs), server.Issuer, server.ClockOffsetMs,
                server.Components.SelectMany(component => component.Unfinished).GroupBy(figure => figure.Key).ToDictionary(same => same.Key, same => same.Sum(figure => figure.Value)),
                server.Problem)),
        ]);

    private static DateTimeOffset? Time(long milliseconds) => milliseconds == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

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
