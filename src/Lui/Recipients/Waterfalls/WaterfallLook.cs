// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Lui.Recipients.Waterfalls;

/// <summary>How the steps of a waterfall are shown.</summary>
internal static class WaterfallLook
{
    /// <summary>What a step is called.</summary>
    public static string NameOf(WaterfallStep step, bool hasBegun) => step switch
    {
        WaterfallStep.Invalid => WaterfallWords.Invalid,
        WaterfallStep.Duplicate => WaterfallWords.Duplicate,
        WaterfallStep.Unsubscribed => WaterfallWords.Unsubscribed,
        WaterfallStep.Bounced => WaterfallWords.Bounced,
        WaterfallStep.Complained => WaterfallWords.Complained,
        WaterfallStep.Suppressed => hasBegun ? WaterfallWords.HeldBack : WaterfallWords.Suppressed,
        WaterfallStep.Remaining => hasBegun ? WaterfallWords.HandedOver : WaterfallWords.Remaining,
    };

    /// <summary>What a step means, in a sentence.</summary>
    public static string MeaningOf(WaterfallStep step, bool hasBegun) => step switch
    {
        WaterfallStep.Invalid => WaterfallWords.InvalidMeaning,
        WaterfallStep.Duplicate => WaterfallWords.DuplicateMeaning,
        WaterfallStep.Unsubscribed => WaterfallWords.UnsubscribedMeaning,
        WaterfallStep.Bounced => WaterfallWords.BouncedMeaning,
        WaterfallStep.Complained => WaterfallWords.ComplainedMeaning,
        WaterfallStep.Suppressed => hasBegun ? WaterfallWords.HeldBackMeaning : WaterfallWords.SuppressedMeaning,
        WaterfallStep.Remaining => hasBegun ? WaterfallWords.HandedOverMeaning : WaterfallWords.RemainingMeaning,
    };
}
