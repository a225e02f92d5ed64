// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Fates;
using Tutti.Lui.Jobs;

namespace Tutti.Lui.Reports;

/// <summary>Which recipients of a job are wanted: those with a fate, or those whose message bounced after it was accepted.</summary>
/// <param name="Fate">Only those with this fate.</param>
/// <param name="Bounced">Only those whose message bounced.</param>
internal sealed record FateFilter(Fate? Fate, bool Bounced)
{
    /// <summary>The word for those whose message bounced.</summary>
    public const string BouncedWord = "bounced";

    /// <summary>All of them.</summary>
    public static FateFilter All { get; } = new(null, Bounced: false);

    /// <summary>As a word in addresses; empty for all.</summary>
    public string Word => Bounced ? BouncedWord : Fate is { } fate ? Words.Of(fate) : "";

    /// <summary>What a word means; an empty one means all. False if it means nothing.</summary>
    public static bool TryRead(string? word, out FateFilter filter)
    {
        filter = All;
        if (string.IsNullOrEmpty(word))
        {
            return true;
        }

        if (string.Equals(word, BouncedWord, StringComparison.OrdinalIgnoreCase))
        {
            filter = new FateFilter(null, Bounced: true);
            return true;
        }

        if (!Words.TryTo<Fate>(word, out var fate))
        {
            return false;
        }

        filter = new FateFilter(fate, Bounced: false);
        return true;
    }
}
