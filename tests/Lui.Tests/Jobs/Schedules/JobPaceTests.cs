// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Jobs.Schedules;

namespace Tutti.Lui.Tests.Jobs.Schedules;

public sealed class JobPaceTests
{
    [Theory]
    [InlineData(4, 10)]
    [InlineData(3, 1000)]
    [InlineData(7, 3)]
    [InlineData(1000, 5_000_001)]
    public void Parts_differ_by_at_most_one_and_come_to_everybody(int parts, long recipients)
    {
        var pace = JobPace.InParts(parts, 30).Value;
        var sizes = Enumerable.Range(1, parts).Select(part => pace.LastOf(part, recipients) - pace.LastOf(part - 1, recipients)).ToList();

        Assert.Equal(recipients, sizes.Sum());
        Assert.InRange(sizes.Max() - sizes.Min(), 0, 1);
        Assert.Equal(TimeSpan.FromMinutes(30), pace.Interval);
    }

    [Theory]
    [InlineData(1, 1, 3600)]
    [InlineData(59, 1, 3600.0 / 59)]
    [InlineData(60, 1, 60)]
    [InlineData(6000, 100, 60)]
    [InlineData(100, 1, 36)]
    public void A_rate_is_kept_by_small_parts(long perHour, long size, double seconds)
    {
        var pace = JobPace.ByRate(perHour).Value;

        Assert.Equal(size, pace.LastOf(1, 1_000_000));
        Assert.Equal(seconds, pace.Interval.TotalSeconds, 3);
        Assert.Equal(perHour, pace.LastOf(1, 1_000_000) * 3600 / pace.Interval.TotalSeconds, 3);
        Assert.Equal(10 * size - 1, pace.LastOf(10, 10 * size - 1));
        Assert.Equal(10, pace.PartsOf(10 * size));
    }

    [Fact]
    public void Its_words_lead_back_to_it()
    {
        foreach (var pace in new[] { JobPace.ByRate(5000).Value, JobPace.InParts(4, 90).Value })
        {
            Assert.Equal(pace, JobPace.Parse(pace.ToWords()));
        }

        Assert.Null(JobPace.Parse(null));
        Assert.Throws<FormatException>(() => JobPace.Parse("slowly"));
        Assert.Equal("in 4 parts, 2 h 0 min apart", JobPace.InParts(4, 120).Value.ToString());
        Assert.Equal("5,000 recipients an hour", JobPace.ByRate(5000).Value.ToString());
    }

    [Theory]
    [InlineData(0L, null, null, "schedule.rate")]
    [InlineData(null, 1, 5, "schedule.parts")]
    [InlineData(null, 1001, 5, "schedule.parts")]
    [InlineData(null, 4, null, "schedule.minutes")]
    [InlineData(null, 4, 10081, "schedule.minutes")]
    [InlineData(5L, 4, 5, "schedule.one-pace")]
    [InlineData(null, null, 5, "schedule.one-pace")]
    public void What_is_no_pace_is_refused(long? perHour, int? parts, int? minutes, string code) =>
        Assert.Equal(code, new PaceChoice(perHour, parts, minutes).Read().Refusal.Code);
}
