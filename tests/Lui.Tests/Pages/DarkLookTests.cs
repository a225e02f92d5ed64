// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Shell;

namespace Tutti.Lui.Tests.Pages;

public sealed class DarkLookTests
{
    [Fact]
    public void A_message_with_rules_for_the_dark_is_shown_by_them_and_not_by_those_for_the_light()
    {
        var seen = DarkLook.Of("<style>@media (prefers-color-scheme: dark) { p { color: #fff } } @media ( prefers-color-scheme:light ) { p { color: #000 } }</style><p>a</p>");

        Assert.EndsWith("<style>@media (min-width:0) { p { color: #fff } } @media (max-width:0) { p { color: #000 } }</style><p>a</p>", seen, StringComparison.Ordinal);
        Assert.Contains("color-scheme:dark", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("invert", seen, StringComparison.Ordinal);
    }

    [Fact]
    public void The_colours_of_any_other_are_turned_round()
    {
        var seen = DarkLook.Of("<p>a</p>");

        Assert.StartsWith("<style>html{background:#fff;filter:invert(1)", seen, StringComparison.Ordinal);
        Assert.EndsWith("<p>a</p>", seen, StringComparison.Ordinal);
    }
}
