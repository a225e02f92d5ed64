// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Reports;
using Tutti.Lui.Tracking;

namespace Tutti.Lui.Tests.Reports;

public sealed class BucketsTests
{
    [Theory]
    [InlineData("00:00:00", "00:00:10")]
    [InlineData("01:00:00", "00:01:00")]
    [InlineData("1.00:00:00", "00:15:00")]
    [InlineData("30.00:00:00", "06:00:00")]
    [InlineData("3000.00:00:00", "7.00:00:00")]
    public void A_span_gets_the_shortest_length_that_a_chart_can_show(string span, string length) =>
        Assert.Equal(TimeSpan.Parse(length, System.Globalization.CultureInfo.InvariantCulture), Buckets.LengthFor(TimeSpan.Parse(span, System.Globalization.CultureInfo.InvariantCulture)));

    [Fact]
    public void Stretches_without_events_are_there_too()
    {
        var start = DateTimeOffset.FromUnixTimeSeconds(600_000);

        var buckets = Buckets.Fill(start, start.AddMinutes(3), TimeSpan.FromMinutes(1), [(10_000, Reaction.Open, 2), (10_003, Reaction.Click, 1)]);

        Assert.Equal([(2L, 0L), (0L, 0L), (0L, 0L), (0L, 1L)], buckets.Select(bucket => (bucket.Opens, bucket.Clicks)));
    }
}
