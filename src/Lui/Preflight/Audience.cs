// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Recipients;

namespace Tutti.Lui.Preflight;

/// <summary>People whom something concerns: how many, and the first of them.</summary>
internal sealed class Concerned
{
    /// <summary>So many are named.</summary>
    public const int MostNamed = 20;

    private readonly List<PreflightPerson> _first = [];

    /// <summary>How many there are.</summary>
    public long Count { get; private set; }

    /// <summary>The first of them in the order of the file.</summary>
    public IReadOnlyList<PreflightPerson> First => _first;

    /// <summary>Counts one more.</summary>
    public void Add(Recipient recipient)
    {
        Count++;
        if (_first.Count < MostNamed)
        {
            _first.Add(new PreflightPerson(recipient.Id, recipient.Address));
        }
    }
}

/// <summary>What a message is for all recipients of a job.</summary>
/// <param name="Count">How many were looked at: all.</param>
/// <param name="Missing">Fields of the message for which there is no column.</param>
/// <param name="Empty">For whom which field is empty.</param>
/// <param name="NotComputed">Whose message cannot be made.</param>
/// <param name="NotComputedWhy">Why not, for the first of them.</param>
/// <param name="First">The first whose messages can be made.</param>
/// <param name="Longest">The one whose values are the longest; null if nobody's message can be made.</param>
internal sealed record Audience(
    long Count,
    IReadOnlyList<string> Missing,
    IReadOnlyDictionary<string, Concerned> Empty,
    Concerned NotComputed,
    string? NotComputedWhy,
    IReadOnlyList<Recipient> First,
    Recipient? Longest);
