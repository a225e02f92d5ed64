// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Tutti.Commands.Jobs;

/// <summary><c>tutti job rehearse</c>: plays a whole job without a message leaving, and says what came of it.</summary>
internal static class RehearseCommand
{
    private const int MostLanes = 20;
    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(1);

    /// <summary>The command for the tree.</summary>
    public static Command Create()
    {
        var id = new Argument<string>("ID") { Description = "The job's id, such as 261124A." };
        var manner = new Option<string>("--manner") { Description = "How the receivers behave: providers, as rehearsal.ini says, or accept. Default: providers.", DefaultValueFactory = _ => "providers" };
        manner.AcceptOnlyFromAmong("providers", "accept");
        var show = new Option<bool>("--show") { Description = "Show the last rehearsal; begin none." };
        var json = new Option<bool>("--json") { Description = "Print one JSON object." };
        var server = new ServerOptions();
        var command = new Command("rehearse", "Plays a whole job without a message leaving: how long it will take, sizes, odd messages, missing values.") { id, manner, show, json };
        server.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var lui = server.Connect(parsed);
            var path = $"jobs/{Uri.EscapeDataString(parsed.GetRequiredValue(id))}/rehearsal";
            var rehearsal = parsed.GetValue(show)
                ? await lui.Send(HttpMethod.Get, path, null, cancellationToken)
                : await Play(lui, path, parsed.GetRequiredValue(manner), cancellationToken);
            await parsed.InvocationConfiguration.Output.WriteLineAsync(parsed.GetValue(json) ? rehearsal.GetRawText() : Describe(rehearsal));
            return StateOf(rehearsal) == "done" ? ExitCode.Done : ExitCode.Refused;
        });
        return command;
    }

    private static async Task<JsonElement> Play(LuiClient lui, string path, string manner, CancellationToken cancellationToken)
    {
        var rehearsal = await lui.Send(HttpMethod.Post, path, new { manner }, cancellationToken);
        while (StateOf(rehearsal) is "running" or "stopping")
        {
            await Task.Delay(_pause, TimeProvider.System, cancellationToken);
            rehearsal = await lui.Send(HttpMethod.Get, path, null, cancellationToken);
        }

        return rehearsal;
    }

    private static string StateOf(JsonElement rehearsal) => rehearsal.GetProperty("state").GetString() ?? "";

    private static string Describe(JsonElement rehearsal)
    {
        var text = new StringBuilder();
        var fates = rehearsal.GetProperty("fates");
        var sizes = rehearsal.GetProperty("sizes");
        Line($"{StateOf(rehearsal)}: {Number(rehearsal, "planned")} recipients, about {Span(rehearsal.GetProperty("forecastSeconds").GetDouble())}");
        if (rehearsal.GetProperty("reason").GetString() is { } reason)
        {
            Line(reason);
        }

        if (rehearsal.GetProperty("isOutdated").GetBoolean())
        {
            Line("The job was edited since: this is an older version of it.");
        }

        Line($"played: accepted {Number(fates, "accepted")}, refused {Number(fates, "refused")}, in doubt {Number(fates, "inDoubt")}, expired {Number(fates, "expired")}; suppressed {Number(rehearsal, "suppressed")}");
        Line($"bytes: smallest {Number(sizes, "smallest")}, half below {Number(sizes, "median")}, largest {Number(sizes, "largest")}; clipped by webmail {Number(sizes, "above102Kb")}");
        foreach (var field in rehearsal.GetProperty("missingValues").EnumerateArray())
        {
            Line($"empty: {field.GetProperty("field").GetString()} for {Number(field, "recipients")}, such as {string.Join(", ", field.GetProperty("examples").EnumerateArray().Select(one => one.GetString()))}");
        }

        foreach (var oddity in rehearsal.GetProperty("oddities").EnumerateArray())
        {
            Line($"odd: {oddity.GetProperty("kind").GetString()} in {Number(oddity, "count")}, such as {string.Join(", ", oddity.GetProperty("examples").EnumerateArray().Select(one => one.GetProperty("address").GetString()))}");
        }

        foreach (var lane in rehearsal.GetProperty("lanes").EnumerateArray().Take(MostLanes))
        {
            Line($"{(lane.GetProperty("name").GetString() is { Length: > 0 } name ? name : "all others")}: {Number(lane, "recipients")} recipients, refused {Number(lane, "refused")}, put off {Number(lane, "deferred")}, about {Span(lane.GetProperty("seconds").GetDouble())}");
        }

        if (rehearsal.GetProperty("lanes").GetArrayLength() is > MostLanes and var all)
        {
            Line($"and {all - MostLanes} smaller operators; --json has them.");
        }

        return text.ToString().TrimEnd();

        void Line(string line) => text.AppendLine(line);
    }

    private static string Number(JsonElement element, string name) => element.GetProperty(name).GetInt64().ToString("N0", CultureInfo.InvariantCulture);

    private static string Span(double seconds) => TimeSpan.FromSeconds(seconds) switch
    {
        { TotalMinutes: < 2 } span => string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:N0} s"),
        { TotalHours: < 2 } span => string.Create(CultureInfo.InvariantCulture, $"{span.TotalMinutes:N0} min"),
        var span => string.Create(CultureInfo.InvariantCulture, $"{span.TotalHours:N1} h"),
    };
}
