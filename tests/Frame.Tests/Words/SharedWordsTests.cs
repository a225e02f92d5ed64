// SPDX-License-Identifier: Apache-2.0
using Tutti.Frame.Words;

namespace Tutti.Frame.Tests.Words;

public sealed class SharedWordsTests
{
    [Theory]
    [InlineData(1, "1 row")]
    [InlineData(12480, "12,480 rows")]
    public void A_count_carries_its_noun_and_separators(long count, string said) => Assert.Equal(said, SharedWords.Counted("{0} row|{0} rows", count));

    [Theory]
    [InlineData(0.2, "less than a second")]
    [InlineData(40, "40 seconds")]
    [InlineData(720, "12 minutes")]
    [InlineData(12000, "3 h 20 min")]
    public void A_span_is_said_in_words_that_suit_its_length(double seconds, string said) => Assert.Equal(said, SharedWords.Span(TimeSpan.FromSeconds(seconds)));
}
