// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Tracking;

namespace Tutti.Lui.Reports;

/// <summary>Cuts a span of time into stretches that a chart can show.</summary>
internal static class Buckets
{
    private const int MostBuckets = 120;

    private static readonly TimeSpan[] _lengths =
    [
        TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(15),
        TimeSpan.FromHours(1), TimeSpan.FromHours(6), TimeSpan.FromDays(1), TimeSpan.FromDays(7),
    ];

    /// <summary>The shortest length with which a span has at most 120 stretches.</summary>
    public static TimeSpan LengthFor(TimeSpan span)
    {
        foreach (var length in _lengths)
        {
            if (span / length <= MostBuckets)
            {
                return length;
            }
        }

        return _lengths[^1];
    }

    /// <summary>All stretches from the first to the last moment, those without events too.</summary>
    public static IReadOnlyList<TimeBucket> Fill(
        DateTimeOffset first, DateTimeOffset last, TimeSpan length, IReadOnlyList<(long Bucket, Reaction Kind, long Times)> counted)
    {
        var lengthMs = (long)length.TotalMilliseconds;
        var opens = counted.Where(one => one.Kind == Reaction.Open).ToDictionary(one => one.Bucket, one => one.Times);
        var clicks = counted.Where(one => one.Kind == Reaction.Click).ToDictionary(one => one.Bucket, one => one.Times);
        var filled = new List<TimeBucket>();
        for (var bucket = first.ToUnixTimeMilliseconds() / lengthMs; bucket <= last.ToUnixTimeMilliseconds() / lengthMs; bucket++)
        {
            filled.Add(new TimeBucket(DateTimeOffset.FromUnixTimeMilliseconds(bucket * lengthMs), opens.GetValueOrDefault(bucket), clicks.GetValueOrDefault(bucket)));
        }

        return filled;
    }
}
