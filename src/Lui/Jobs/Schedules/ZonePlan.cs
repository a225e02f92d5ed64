// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace Tutti.Lui.Jobs.Schedules;

/// <summary>Recipients who are due at the same moment.</summary>
/// <param name="At">The moment.</param>
/// <param name="Last">The place of the last of them in the delivery's order, from 1.</param>
/// <param name="Zones">The zones that they live in, as far as they are known.</param>
internal sealed record ZonePart(DateTimeOffset At, long Last, IReadOnlyList<string> Zones);

/// <summary>When the recipients of a delivery are due that reaches each at the same time on his or her clock; in the order of time.</summary>
internal sealed record ZonePlan(IReadOnlyList<ZonePart> Parts)
{
    private const string Word = "zones";

    /// <summary>The last place whose time has come; 0 if none has.</summary>
    public long DueAt(DateTimeOffset now) => Parts.LastOrDefault(part => part.At <= now)?.Last ?? 0;

    /// <summary>The part after a place; null after the last.</summary>
    public ZonePart? After(long place) => Parts.FirstOrDefault(part => part.Last > place);

    /// <summary>From its words in tables; null if they are not those of a plan.</summary>
    public static ZonePlan? Parse(string? words)
    {
        var pieces = words?.Split(' ') ?? [];
        return pieces is [Word, .. var parts] ? new ZonePlan([.. parts.Select(Part)]) : null;
    }

    /// <summary>Its words in tables: each part with its moment in milliseconds of Unix time, its last place and its zones.</summary>
    public string ToWords() => string.Join(
        ' ', Parts.Select(part => string.Create(CultureInfo.InvariantCulture, $"{part.At.ToUnixTimeMilliseconds()}|{part.Last}|{string.Join(',', part.Zones)}")).Prepend(Word));

    private static ZonePart Part(string words)
    {
        var pieces = words.Split('|');
        return new ZonePart(
            DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(pieces[0], CultureInfo.InvariantCulture)),
            long.Parse(pieces[1], CultureInfo.InvariantCulture),
            pieces[2].Split(',', StringSplitOptions.RemoveEmptyEntries));
    }
}
