// SPDX-License-Identifier: Apache-2.0
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Tutti.Dst.Queue;

/// <summary>How long and how often the queue tries.</summary>
internal sealed record QueueSettings
{
    /// <summary>Wait after the first deferral; doubles with each further one, up to <see cref="RetryAtMost"/>. Default 15 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "1.00:00:00"), Description("Wait before a deferred message is tried again; doubles with each further deferral, up to RetryAtMost.")]
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Longest wait between two attempts. Default 4 hours.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "2.00:00:00"), Description("Longest wait between two attempts.")]
    public TimeSpan RetryAtMost { get; init; } = TimeSpan.FromHours(4);

    /// <summary>Longest time a message is retried, from the moment its job was due. Default 5 days; RFC 5321 §4.5.4.1 asks for at least 4 to 5.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "30.00:00:00"), Description("How long a message is tried, counted from when its job was due; then it is expired.")]
    public TimeSpan Expiry { get; init; } = TimeSpan.FromDays(5);

    /// <summary>The wait after so many attempts.</summary>
    public TimeSpan WaitAfter(int attempts)
    {
        var wait = RetryAfter.TotalMilliseconds * Math.Pow(2, Math.Clamp(attempts - 1, 0, 30));
        return TimeSpan.FromMilliseconds(Math.Min(wait, Math.Max(RetryAtMost.TotalMilliseconds, RetryAfter.TotalMilliseconds)));
    }

    /// <summary>How long a destination rests whose hosts could not be reached so often in a row.</summary>
    public TimeSpan RestAfter(int failures)
    {
        var first = Math.Min(RetryAfter.TotalMilliseconds, 30_000);
        return TimeSpan.FromMilliseconds(Math.Min(first * Math.Pow(2, Math.Clamp(failures - 1, 0, 30)), RetryAfter.TotalMilliseconds));
    }
}
