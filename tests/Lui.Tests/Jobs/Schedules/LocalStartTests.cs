// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tutti.Lui.Jobs.Schedules;

namespace Tutti.Lui.Tests.Jobs.Schedules;

public sealed class LocalStartTests
{
    [Theory]
    [InlineData("2026-11-25T09:00", "Europe/Berlin", "2026-11-25T08:00Z")]
    [InlineData("2026-11-25T09:00", "America/New_York", "2026-11-25T14:00Z")]
    [InlineData("2026-11-25T09:00", "Asia/Kolkata", "2026-11-25T03:30Z")]
    [InlineData("2026-03-29T02:30", "Europe/Berlin", "2026-03-29T01:30Z")] // Goes from 2 to 3: as much later.
    [InlineData("2026-10-25T02:30", "Europe/Berlin", "2026-10-25T00:30Z")] // Comes twice: the first.
    [InlineData("2026-03-08T02:15", "America/New_York", "2026-03-08T07:15Z")]
    [InlineData("2026-11-01T01:30", "America/New_York", "2026-11-01T05:30Z")]
    [InlineData("2026-10-04T02:10", "Australia/Lord_Howe", "2026-10-03T15:40Z")] // Half an hour only.
    public void Every_zone_has_exactly_one_moment(string wall, string zone, string moment) => Assert.Equal(
        DateTimeOffset.Parse(moment, CultureInfo.InvariantCulture),
        new LocalStart(DateTime.ParseExact(wall, LocalStart.Format, CultureInfo.InvariantCulture), "zone").In(TimeZoneInfo.FindSystemTimeZoneById(zone)));

    [Theory]
    [InlineData("Europe/Berlin", "Europe/Berlin")]
    [InlineData(" europe/BERLIN ", "Europe/Berlin")]
    [InlineData("W. Europe Standard Time", "Europe/Berlin")]
    [InlineData("Eastern Standard Time", "America/New_York")]
    [InlineData("UTC", "UTC")]
    public void Zones_are_known_by_the_names_of_IANA_and_of_Windows(string name, string id) => Assert.Equal(id, ZoneNames.Find(name)?.Id);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Bonn")]
    [InlineData("+02:00")]
    [InlineData("../../etc/passwd")]
    [InlineData("/etc/localtime")]
    public void Other_names_are_no_zone(string? name) => Assert.Null(ZoneNames.Find(name));

    [Fact]
    public void A_plan_comes_back_from_its_words()
    {
        var plan = new ZonePlan([new ZonePart(DateTimeOffset.FromUnixTimeSeconds(100), 7, ["Asia/Tokyo", "Etc/GMT-9"]), new ZonePart(DateTimeOffset.FromUnixTimeSeconds(200), 9, [])]);
        var back = ZonePlan.Parse(plan.ToWords())!;

        Assert.Equal(plan.ToWords(), back.ToWords());
        Assert.Equal(plan.Parts[0].Zones, back.Parts[0].Zones);
        Assert.Equal((0, 7, 9), (back.DueAt(DateTimeOffset.FromUnixTimeSeconds(99)), back.DueAt(DateTimeOffset.FromUnixTimeSeconds(100)), back.DueAt(DateTimeOffset.MaxValue)));
        Assert.Null(ZonePlan.Parse("rate 5000"));
        Assert.Null(ZonePlan.Parse(null));
    }
}
