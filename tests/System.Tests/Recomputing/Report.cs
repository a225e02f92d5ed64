// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using Tutti.System.Tests.Playing;
using Tutti.System.Tests.Running;

namespace Tutti.System.Tests.Recomputing;

/// <summary>How often, and by how many.</summary>
public sealed record Counted(long Times, long? Recipients);

/// <summary>The report as the REST interface tells it, and its comparison with the players' own log.</summary>
public sealed record Report(Counted Opens, Counted Clicks, IReadOnlyDictionary<string, long> ClicksByTarget)
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    /// <summary>Asks until everything that was answered has come home, then answers the report.</summary>
    public static async Task<Report> Fetch(Site installation, string job, Players players)
    {
        Report? last = null;
        await Waiting.Until(
            async () =>
            {
                last = Read(await installation.Rest($"jobs/{job}/report"));
                return last is not null && last.Opens.Times >= Count(players, isClick: false, answered: true) && last.Clicks.Times >= Count(players, isClick: true, answered: true);
            },
            _patience,
            () => $"The report never showed what was answered: {last}, {Count(players, false, true)} opens and {Count(players, true, true)} clicks were.\n{installation.Explain()}");
        return last!;
    }

    /// <summary>What is wrong, in words. What was asked for and not answered may have been counted, or not.</summary>
    public IReadOnlyList<string> Differences(Players players)
    {
        var wrong = new List<string>();
        Check(wrong, "opens", Opens, players.Log.Where(played => !played.IsClick));
        Check(wrong, "clicks", Clicks, players.Log.Where(played => played.IsClick));
        var unanswered = Count(players, isClick: true, answered: false);
        foreach (var (target, times) in ClicksByTarget)
        {
            var answered = players.Log.Count(played => played.IsClick && played.Answered && played.Target == target);
            if (times < answered || times > answered + unanswered)
            {
                wrong.Add($"{target}: {times} clicks reported, {answered} were answered and {unanswered} not");
            }
        }

        foreach (var target in players.Log.Where(played => played is { IsClick: true, Answered: true }).Select(played => played.Target).Distinct().Except(ClicksByTarget.Keys))
        {
            wrong.Add($"{target} was reached and is not in the report");
        }

        return wrong;
    }

    private static void Check(List<string> wrong, string what, Counted reported, IEnumerable<Played> log)
    {
        var all = log.ToList();
        var answered = all.Where(played => played.Answered).ToList();
        if (reported.Times < answered.Count || reported.Times > all.Count)
        {
            wrong.Add($"{what}: {reported.Times} reported, {answered.Count} answered, {all.Count} tried");
        }

        var (fewest, most) = (People(answered), People(all));
        if (reported.Recipients < fewest || reported.Recipients > most)
        {
            wrong.Add($"recipients with {what}: {reported.Recipients} reported, {fewest} answered, {most} tried");
        }
    }

    private static int People(IEnumerable<Played> log) => log.Select(played => played.Recipient).Distinct(StringComparer.OrdinalIgnoreCase).Count();

    private static int Count(Players players, bool isClick, bool answered) => players.Log.Count(played => played.IsClick == isClick && played.Answered == answered);

    private static Report? Read(string? answer)
    {
        if (answer is null)
        {
            return null;
        }

        using var json = JsonDocument.Parse(answer);
        var byTarget = json.RootElement.GetProperty("links").EnumerateArray()
            .GroupBy(link => link.GetProperty("target").GetString()!)
            .ToDictionary(group => group.Key, group => group.Sum(link => link.GetProperty("clicks").GetProperty("times").GetInt64()));
        return new Report(Read(json.RootElement.GetProperty("opens")), Read(json.RootElement.GetProperty("clicks")), byTarget);
    }

    private static Counted Read(JsonElement counted) => new(
        counted.GetProperty("times").GetInt64(),
        counted.TryGetProperty("recipients", out var recipients) && recipients.ValueKind == JsonValueKind.Number ? recipients.GetInt64() : null);
}
