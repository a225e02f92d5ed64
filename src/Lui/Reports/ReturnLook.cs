// SPDX-License-Identifier: Apache-2.0
using Tutti.Frame.Words;
using Tutti.Lui.Jobs;
using Tutti.Lui.Returns;

namespace Tutti.Lui.Reports;

/// <summary>How what came back is shown.</summary>
internal static class ReturnLook
{
    /// <summary>In a word, for people.</summary>
    public static string WordOf(Returned returned) => returned switch
    {
        { What: CameBack.Complained } => ReportsWords.Complained,
        { What: CameBack.Unsubscribed } => ReportsWords.UnsubscribedByMail,
        { Class: BounceClass.Hard } => ReportsWords.BouncedHard,
        { Class: BounceClass.Policy } => ReportsWords.BouncedPolicy,
        { Class: BounceClass.Soft or BounceClass.Transient } => ReportsWords.BouncedSoft,
        _ => ReportsWords.Bounced,
    };

    /// <summary>In words of files and of the REST interface: "bounced hard 550 5.1.1 unknown", several with a semicolon between; empty if nothing came back.</summary>
    public static string WordsOf(IReadOnlyList<Returned> cameBack) => string.Join("; ", cameBack.Select(back => string.Join(' ', new[]
    {
        Words.Of(back.What),
        back.What == CameBack.Bounced ? Words.Of(back.Class) : "",
        back.Reply,
    }.Where(word => word.Length > 0))));

    /// <summary>What came back of a job, in a sentence or two; null if nothing did.</summary>
    public static string? SentenceOf(ReturnCounts counts)
    {
        string?[] sentences =
        [
            counts.Bounced == 0 ? null : SharedWords.Counted(
                ReportsWords.CameBack, counts.Bounced, SharedWords.Number(counts.Hard), SharedWords.Number(counts.Soft), SharedWords.Number(counts.Policy)),
            counts.Complained == 0 ? null : SharedWords.Counted(ReportsWords.Complaints, counts.Complained),
        ];
        return sentences.Any(sentence => sentence is not null) ? string.Join(' ', sentences.Where(sentence => sentence is not null)) : null;
    }
}
