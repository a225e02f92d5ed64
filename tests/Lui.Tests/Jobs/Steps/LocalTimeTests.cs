// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Jobs.Steps;

namespace Tutti.Lui.Tests.Jobs.Steps;

public sealed class LocalTimeTests
{
    [Theory]
    [InlineData("2027-01-14T09:30", "Europe/Berlin", "2027-01-14T08:30:00Z")]
    [InlineData("2027-07-14 09:30", "Europe/Berlin", "2027-07-14T07:30:00Z")]
    [InlineData("2027-07-14T09:30:15", "America/New_York", "2027-07-14T13:30:15Z")]
    [InlineData("2027-07-14T09:30Z", "Europe/Berlin", "2027-07-14T09:30:00Z")]
    [InlineData("2027-07-14T09:30+05:30", "Europe/Berlin", "2027-07-14T04:00:00Z")]
    public void A_wall_clock_is_read_in_its_zone_and_an_offset_stands_for_itself(string text, string zone, string moment) =>
        Assert.Equal(DateTimeOffset.Parse(moment, System.Globalization.CultureInfo.InvariantCulture), LocalTime.Read(text, zone).Value);

    [Theory]
    [InlineData("2027-03-28T02:00")]
    [InlineData("2027-03-28T02:30")]
    [InlineData("2027-03-28T02:59")]
    public void A_time_that_the_clocks_jump_over_is_refused(string text)
    {
        var refusal = LocalTime.Read(text, "Europe/Berlin").Refusal;
        Assert.Equal("schedule.no-such-time", refusal.Code);
        Assert.Contains("does not exist in Europe/Berlin", refusal.Message, StringComparison.Ordinal);
        Assert.False(LocalTime.Read("2027-03-28T03:00", "Europe/Berlin").IsRefused);
    }

    [Fact]
    public void A_time_that_comes_twice_means_the_first() =>
        Assert.Equal(new DateTimeOffset(2027, 10, 31, 0, 30, 0, TimeSpan.Zero), LocalTime.Read("2027-10-31T02:30", "Europe/Berlin").Value);

    [Theory]
    [InlineData("tomorrow")]
    [InlineData("")]
    [InlineData("14.03.2027 09:30")]
    public void What_is_no_time_is_refused(string text) => Assert.Equal("schedule.time", LocalTime.Read(text, "UTC").Refusal.Code);

    [Theory]
    [InlineData("Mars/Olympus")]
    [InlineData("")]
    public void What_is_no_zone_is_refused(string zone) => Assert.Equal("schedule.zone", LocalTime.Read("2027-01-01T00:00", zone).Refusal.Code);

    [Fact]
    public void A_schedule_is_shown_in_its_zone() =>
        Assert.Equal("2027-07-14 09:30 (Europe/Berlin)", new JobSchedule(new DateTimeOffset(2027, 7, 14, 7, 30, 0, TimeSpan.Zero), "Europe/Berlin").ToString());
}
