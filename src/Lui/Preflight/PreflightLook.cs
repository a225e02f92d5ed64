// SPDX-License-Identifier: Apache-2.0
using Tutti.Frame.Widgets;

namespace Tutti.Lui.Preflight;

/// <summary>How findings are shown: words and colours.</summary>
internal static class PreflightLook
{
    /// <summary>A level in a word or two.</summary>
    public static string WordOf(PreflightLevel level, bool isTicked) => level switch
    {
        PreflightLevel.Good => PreflightWords.LevelGood,
        PreflightLevel.NotChecked => PreflightWords.LevelNotChecked,
        PreflightLevel.Warning => isTicked ? PreflightWords.LevelTicked : PreflightWords.LevelWarning,
        PreflightLevel.Error => PreflightWords.LevelError,
    };

    /// <summary>The colour of a level.</summary>
    public static NoteKind KindOf(PreflightLevel level, bool isTicked) => level switch
    {
        PreflightLevel.Good => NoteKind.Done,
        PreflightLevel.NotChecked => NoteKind.Plain,
        PreflightLevel.Warning => isTicked ? NoteKind.Plain : NoteKind.Attention,
        PreflightLevel.Error => NoteKind.Loss,
    };

    /// <summary>What a rule looks at.</summary>
    public static string TitleOf(string rule) => rule switch
    {
        "merge-fields" => PreflightWords.TitleMergeFields,
        "links" => PreflightWords.TitleLinks,
        "unsubscribe" => PreflightWords.TitleUnsubscribe,
        "postal-address" => PreflightWords.TitlePostalAddress,
        "size" => PreflightWords.TitleSize,
        "images" => PreflightWords.TitleImages,
        "contrast" => PreflightWords.TitleContrast,
        "sender-domain" => PreflightWords.TitleSenderDomain,
        "spam" => PreflightWords.TitleSpam,
        _ => rule,
    };
}
