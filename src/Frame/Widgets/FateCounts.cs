// SPDX-License-Identifier: Apache-2.0
using Tutti.Frame.Words;

namespace Tutti.Frame.Widgets;

/// <summary>A receipt's terms: what became of the recipients of a job.</summary>
public sealed record FateCounts(long Planned, long Accepted, long Waiting, long Refused, long Expired, long InDoubt, long Suppressed, long Withdrawn)
{
    /// <summary>The sum of all terms.</summary>
    public long Sum => Accepted + Waiting + Refused + Expired + InDoubt + Suppressed + Withdrawn;

    /// <summary>Whether they add up to what was planned.</summary>
    public bool AddsUp => Sum == Planned;

    /// <summary>The terms with their words, in the order of the receipt.</summary>
    public IReadOnlyList<FateTerm> Terms =>
    [
        new("accepted", FrameWords.Accepted, FrameWords.AcceptedMeaning, Accepted),
        new("refused", FrameWords.Refused, FrameWords.RefusedMeaning, Refused),
        new("expired", FrameWords.Expired, FrameWords.ExpiredMeaning, Expired),
        new("suppressed", FrameWords.Suppressed, FrameWords.SuppressedMeaning, Suppressed),
        new("withdrawn", FrameWords.Withdrawn, FrameWords.WithdrawnMeaning, Withdrawn),
        new("in-doubt", FrameWords.InDoubt, FrameWords.InDoubtMeaning, InDoubt),
        new("waiting", FrameWords.Waiting, FrameWords.WaitingMeaning, Waiting),
    ];
}

/// <summary>One term of a receipt.</summary>
/// <param name="Key">Stable word: accepted, refused, expired, suppressed, withdrawn, in-doubt, waiting.</param>
/// <param name="Name">As people read it.</param>
/// <param name="Meaning">Its definition in a sentence.</param>
/// <param name="Count">How many recipients.</param>
public sealed record FateTerm(string Key, string Name, string Meaning, long Count);
