// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;

namespace Tutti.Dst.Rehearsals;

/// <summary>Counts of a rehearsal as they are kept.</summary>
internal sealed class MeasureCounts
{
    /// <summary>Messages that were measured.</summary>
    public long Messages { get; set; }

    /// <summary>Bytes of all of them.</summary>
    public long Total { get; set; }

    /// <summary>Bytes of the smallest one.</summary>
    public int Smallest { get; set; }

    /// <summary>Bytes of the largest one.</summary>
    public int Largest { get; set; }

    /// <summary>Bytes of the largest HTML.</summary>
    public int LargestHtml { get; set; }

    /// <summary>How many messages have a size in each step, see <see cref="Measures.Step"/>. Messages of a job differ little, so these are few.</summary>
    public Dictionary<int, long> Sizes { get; set; } = [];

    /// <summary>How many messages are odd, by kind.</summary>
    public Dictionary<string, long> Odd { get; set; } = [];

    /// <summary>Bytes of the message in the middle, to a step.</summary>
    public int Median
    {
        get
        {
            var half = (Messages + 1) / 2;
            foreach (var (step, count) in Sizes.OrderBy(size => size.Key))
            {
                half -= count;
                if (half <= 0)
                {
                    return Math.Clamp((step * Measures.Step) + (Measures.Step / 2), Smallest, Largest);
                }
            }

            return 0;
        }
    }

    /// <summary>Reads what was kept.</summary>
    public static MeasureCounts Of(string? json) => json is null ? new MeasureCounts() : JsonSerializer.Deserialize<MeasureCounts>(json)!;

    /// <summary>A message.</summary>
    public void Add(int size, int html)
    {
        Smallest = Messages == 0 ? size : Math.Min(Smallest, size);
        Largest = Math.Max(Largest, size);
        LargestHtml = Math.Max(LargestHtml, html);
        Messages++;
        Total += size;
        Sizes[size / Measures.Step] = Sizes.GetValueOrDefault(size / Measures.Step) + 1;
    }

    /// <summary>An odd message.</summary>
    /// <returns>How many of its kind there are with it.</returns>
    public long AddOdd(string kind) => Odd[kind] = Odd.GetValueOrDefault(kind) + 1;

    /// <summary>The same counts, for somebody else.</summary>
    public MeasureCounts Copy() => new()
    {
        Messages = Messages,
        Total = Total,
        Smallest = Smallest,
        Largest = Largest,
        LargestHtml = LargestHtml,
        Sizes = new(Sizes),
        Odd = new(Odd),
    };
}
