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
        Fate.Waiting => FrameWords.Waiting,
        Fate.Accepted => FrameWords.Accepted,
        Fate.Refused => FrameWords.Refused,
        Fate.Expired => FrameWords.Expired,
        Fate.Suppressed => FrameWords.Suppressed,
        Fate.Withdrawn => FrameWords.Withdrawn,
        Fate.InDoubt => FrameWords.InDoubt,
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
            return ReportsWords.NothingLeft;
        }

        return receipt.Simulated ? SharedWords.Fill(ReportsWords.SimulatedSentence, Said(receipt, opens, clicks)) : Said(receipt, opens, clicks);
    }

    private static string Said(Receipt receipt, ReactionCount opens, ReactionCount clicks)
    {
        var accepted = SharedWords.Number(receipt.Accepted);
        var share = SharedWords.Share(receipt.Accepted, receipt.Planned);
        return (opens.Recipients, clicks.Recipients) switch
        {
            ({ } opened, { } clicked) => SharedWords.Counted(
                ReportsWords.WhoDidWhat,
                receipt.Planned,
                accepted,
                share,
                SharedWords.Number(opened),
                SharedWords.Share(opened, receipt.Accepted),
                SharedWords.Number(clicked),
                SharedWords.Share(clicked, receipt.Accepted)),
            _ => SharedWords.Counted(
                ReportsWords.HowOften,
                receipt.Planned,
                accepted,
                share,
                SharedWords.Counted(ReportsWords.OpenedTimes, opens.Times),
                SharedWords.Counted(ReportsWords.ClickedTimes, clicks.Times)),
        };
    }
}
