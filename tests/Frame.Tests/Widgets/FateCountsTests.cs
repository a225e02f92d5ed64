// SPDX-License-Identifier: Apache-2.0
using Tutti.Frame.Widgets;

namespace Tutti.Frame.Tests.Widgets;

public sealed class FateCountsTests
{
    private static readonly FateCounts _counts = new(50704, 50205, 0, 390, 12, 3, 88, 6);

    [Fact]
    public void The_terms_add_up_to_what_was_planned()
    {
        Assert.True(_counts.AddsUp);
        Assert.Equal(_counts.Planned, _counts.Terms.Sum(term => term.Count));
    }

    [Fact]
    public void One_recipient_too_few_does_not_go_unnoticed() => Assert.False((_counts with { Accepted = 50204 }).AddsUp);
}
