// SPDX-License-Identifier: Apache-2.0
using Tutti.Hub.Accounts;
using Tutti.Wiring.Outcomes;

namespace Tutti.Hub.Groups;

/// <summary>What the other members of a group may do in a mail job until its owner says otherwise.</summary>
internal enum OthersMay
{
    /// <summary>Edit and authorise it.</summary>
    Edit,

    /// <summary>See it.</summary>
    See,

    /// <summary>Nothing: they do not find it.</summary>
    None,
}

/// <summary>People who work together on mail jobs.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Name">As people read it.</param>
/// <param name="FourEyes">Whoever edited a mail job last may not authorise it.</param>
/// <param name="Others">What members may do in each other's mail jobs to begin with.</param>
/// <param name="CreatedAt">When it was made.</param>
internal sealed record Group(long Id, string Name, bool FourEyes, OthersMay Others, DateTimeOffset CreatedAt)
{
    /// <summary>Longest name, in characters.</summary>
    public const int LongestName = Account.LongestName;

    /// <summary>Whether changes of a sender profile count for mail jobs that were authorised before.</summary>
    public bool LateSenders { get; init; }

    /// <summary>Whether deliveries of its members' mail jobs are only simulated.</summary>
    public bool Evaluation { get; init; }

    /// <summary>The form in which names are compared.</summary>
    public static string KeyOf(string name) => name.Trim().ToLowerInvariant();

    /// <summary>Gives it another name and other rules.</summary>
    public Outcome<Group> Describe(string name, bool fourEyes, OthersMay others)
    {
        var trimmed = name.Trim();
        return trimmed.Length is 0 or > LongestName || trimmed.Any(char.IsControl)
            ? GroupRefusals.BadName()
            : this with { Name = trimmed, FourEyes = fourEyes, Others = others };
    }
}
