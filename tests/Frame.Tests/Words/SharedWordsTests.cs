// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Reflection;
using Tutti.Frame.Words;

namespace Tutti.Frame.Tests.Words;

public sealed class SharedWordsTests
{
    [Fact]
    public void Every_word_stands_in_the_resources()
    {
        var names = typeof(SharedWords).GetProperties(BindingFlags.Static | BindingFlags.NonPublic)
            .Where(property => property.PropertyType == typeof(string))
            .Select(property => property.Name)
            .ToList();

        Assert.NotEmpty(names);
        Assert.All(names, name => Assert.NotNull(SharedWords.Resources.GetString(name, CultureInfo.InvariantCulture)));
    }

    [Theory]
    [InlineData(1, "1 row")]
    [InlineData(12480, "12,480 rows")]
    public void A_count_carries_its_noun_and_separators(long count, string said) => Assert.Equal(said, SharedWords.Count(count, "row", "rows"));

    [Theory]
    [InlineData(0.2, "less than a second")]
    [InlineData(40, "40 seconds")]
    [InlineData(720, "12 minutes")]
    [InlineData(12000, "3 h 20 min")]
    public void A_span_is_said_in_words_that_suit_its_length(double seconds, string said) => Assert.Equal(said, SharedWords.Span(TimeSpan.FromSeconds(seconds)));
}
