// SPDX-License-Identifier: Apache-2.0
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Tutti.Dst.Queue;

/// <summary>How long and how often the queue tries.</summary>
internal sealed record QueueSettings
{
    // Multiples of RetryAfter: with 5 minutes that is 5, 15, 30, 60 minutes, 2 hours, 4 hours.
    private static readonly int[] _steps = [1, 3, 6, 12, 24, 48];

    /// <summary>Wait after the first deferral; then 3, 6, 12, 24 and 48 times as long, up to <see cref="RetryAtMost"/>. Default 5 minutes; RFC 5321 §4.5.4.1 likes two trials in the first hour.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "1.00:00:00"), Description("Wait before a deferred message is tried again; then 3, 6, 12, 24 and 48 times as long, up to RetryAtMost, each up to a fifth longer by chance. A receiver that says when to come back is heeded.")]
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Longest wait between two attempts. Default 4 hours.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "2.00:00:00"), Description("Longest wait between two attempts.")]
    public TimeSpan RetryAtMost { get; init; } = TimeSpan.FromHours(4);

    /// <summary>Longest time a message is retried, from the moment its job was due. Default 5 days; RFC 5321 §4.5.4.1 asks for at least 4 to 5.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "30.00:00:00"), Description("How long a message is tried, counted from when its job was due; then it is expired.")]
    public TimeSpan Expiry { get; init; } = TimeSpan.FromDays(5);

    /// <summary>The wait after so many attempts.</summary>
    /// <param name="attempts">From 1.</param>
    /// <param name="chance">From 0 to 1: how much of a fifth is added, so that those who failed together do not come back together.</param>
    public TimeSpan WaitAfter(int attempts, double chance)
    {
        var wait = RetryAfter * _steps[Math.Clamp(attempts - 1, 0, _steps.Length - 1)];
        var most = RetryAtMost > RetryAfter ? RetryAtMost : RetryAfter;
        return (wait < most ? wait : most) * (1 + (0.2 * chance));
    }

    /// <summary>The wait after so many attempts where the receiver has named one: that one, but not less than half a minute, and after five attempts not less than usual.</summary>
    public TimeSpan WaitAfter(int attempts, double chance, TimeSpan named)
    {
        var usual = WaitAfter(attempts, chance);
        var least = attempts > 5 || usual < _shortest ? usual : _shortest;
        return (named > least ? named : least) + (_slack * chance);
    }

    /// <summary>How long a destination or a lane rests that could not be reached, or put everything off, so often in a row.</summary>
    public TimeSpan RestAfter(int failures)
    {
        var first = RetryAfter < _shortest ? RetryAfter : _shortest;
        var rest = first * Math.Pow(2, Math.Clamp(failures - 1, 0, 20));
        var most = RetryAfter * 12 < RetryAtMost ? RetryAfter * 12 : RetryAtMost;
        return rest < most ? rest : most > first ? most : first;
    }

    private static readonly TimeSpan _shortest = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan _slack = TimeSpan.FromSeconds(10);
}
