// SPDX-License-Identifier: Apache-2.0
using Tutti.Frame.Words;

namespace Tutti.Lui.Recipients.Reactions;

/// <summary>How reactions are named.</summary>
internal static class ReactionLook
{
    /// <summary>A set in words: "opened it", "did not click https://…".</summary>
    public static string WordsOf(ReactionSet set) => (set.Kind, set.Not) switch
    {
        (ReactionKind.Got, false) => ReactionsWords.Got,
        (ReactionKind.Got, true) => ReactionsWords.NotGot,
        (ReactionKind.Opened, false) => ReactionsWords.Opened,
        (ReactionKind.Opened, true) => ReactionsWords.NotOpened,
        (ReactionKind.Clicked, false) => ReactionsWords.Clicked,
        (ReactionKind.Clicked, true) => ReactionsWords.NotClicked,
        (ReactionKind.ClickedLink, false) => SharedWords.Fill(ReactionsWords.ClickedLink, set.Link ?? ReactionsWords.OneLink),
        (ReactionKind.ClickedLink, true) => SharedWords.Fill(ReactionsWords.NotClickedLink, set.Link ?? ReactionsWords.OneLink),
    };
}
