// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Lui.Webhooks.Sending;

/// <summary>How long to wait after something did not work.</summary>
internal static class BackOff
{
    /// <summary>Longest pause between two attempts to reach a webhook that took nothing the last time.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(15);

    private static readonly TimeSpan[] _after =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(30), TimeSpan.FromHours(1),
        TimeSpan.FromHours(2), TimeSpan.FromHours(4), TimeSpan.FromHours(8),
    ];

    /// <summary>The pause before a message is tried again.</summary>
    /// <param name="failures">How often it failed, from 1.</param>
    public static TimeSpan OfMessage(int failures) => _after[Math.Clamp(failures, 1, _after.Length) - 1];

    /// <summary>The pause before a webhook that took nothing is tried again. It is shorter than that of a message, because many messages wait for it.</summary>
    /// <param name="failures">How often in a row, from 1.</param>
    public static TimeSpan OfWebhook(int failures) => OfMessage(failures) is var pause && pause < LongestPause ? pause : LongestPause;
}
