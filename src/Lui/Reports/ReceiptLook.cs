// SPDX-License-Identifier: Apache-2.0
using Tutti.Frame.Widgets;
using Tutti.Frame.Words;
using Tutti.Lui.Fates;

namespace Tutti.Lui.Reports;

/// <summary>How receipts and fates are shown.</summary>
internal static class ReceiptLook
{
    /// <summary>A receipt for the bar and the sum.</summary>
    public static FateCounts CountsOf(Receipt receipt) => new(
        receipt.Planned, receipt.Accepted, receipt.Waiting, receipt.Refused, receipt.Expired, receipt.InDoubt, receipt.Suppressed, receipt.Withdrawn);

    /// <summary>A fate in a word.</summary>
    public static string WordOf(Fate fate) => fate switch
    {
        Fate.Waiting => "Waiting",
        Fate.Accepted => "Accepted",
        Fate.Refused => "Refused",
        Fate.Expired => "Expired",
        Fate.Suppressed => "Suppressed",
        Fate.Withdrawn => "Withdrawn",
        Fate.InDoubt => "In doubt",
    };

    /// <summary>A fate's colour.</summary>
    public static NoteKind KindOf(Fate fate) => fate switch
    {
        Fate.Accepted => NoteKind.Done,
        Fate.Refused => NoteKind.Loss,
        Fate.Expired or Fate.InDoubt => NoteKind.Attention,
        Fate.Waiting or Fate.Suppressed or Fate.Withdrawn => NoteKind.Plain,
    };

    /// <summary>What became of a job, in a sentence.</summary>
    public static string SentenceOf(Receipt receipt, ReactionCount opens, ReactionCount clicks)
    {
        if (receipt.Planned == 0)
        {
            return "Nothing has left yet.";
        }

        var accepted = $"Of {SharedWords.Count(receipt.Planned, "recipient", "recipients")}, {SharedWords.Number(receipt.Accepted)} got the message ({SharedWords.Share(receipt.Accepted, receipt.Planned)})";
        return (opens.Recipients, clicks.Recipients) switch
        {
            ({ } opened, { } clicked) => $"{accepted}; {SharedWords.Number(opened)} opened it ({SharedWords.Share(opened, receipt.Accepted)}) and {SharedWords.Number(clicked)} clicked ({SharedWords.Share(clicked, receipt.Accepted)}).",
            _ => $"{accepted}; it was opened {SharedWords.Count(opens.Times, "time", "times")} and clicked {SharedWords.Count(clicks.Times, "time", "times")}.",
        };
    }
}
