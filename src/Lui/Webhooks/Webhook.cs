// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Lui.Webhooks;

/// <summary>An address of another program that is told what happens.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Name">What it is for, in people's words.</param>
/// <param name="Url">Where messages are sent.</param>
/// <param name="Events">What it is told; words of <see cref="Events.EventTypes"/>.</param>
/// <param name="IsOn">Whether it is told anything at present.</param>
/// <param name="OffReason">Why Tutti itself switched it off; empty if it did not.</param>
/// <param name="Secret">Signs its messages; encrypted.</param>
/// <param name="FormerSecret">The one before, encrypted; empty if there is none.</param>
/// <param name="FormerUntil">Until when the former one signs too.</param>
/// <param name="Failures">Rounds in a row in which it took nothing.</param>
/// <param name="FailingSince">Since when it takes nothing; null if it took the last message.</param>
/// <param name="PausedTo">Nothing is sent before this moment.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="CreatedBy">Who made it.</param>
internal sealed record Webhook(
    long Id,
    string Name,
    string Url,
    IReadOnlyList<string> Events,
    bool IsOn,
    string OffReason,
    string Secret,
    string FormerSecret,
    DateTimeOffset? FormerUntil,
    int Failures,
    DateTimeOffset? FailingSince,
    DateTimeOffset? PausedTo,
    DateTimeOffset CreatedAt,
    string CreatedBy)
{
    /// <summary>Longest name in characters.</summary>
    public const int MaxName = 100;

    /// <summary>Longest address in characters.</summary>
    public const int MaxUrl = 2000;

    /// <summary>Most webhooks of an installation.</summary>
    public const int Most = 50;

    /// <summary>How long the former secret signs beside a new one.</summary>
    public static readonly TimeSpan Overlap = TimeSpan.FromHours(24);

    /// <summary>The words of a list as it is kept.</summary>
    public static string[] Split(string events) => events.Split(',', StringSplitOptions.RemoveEmptyEntries);
}
