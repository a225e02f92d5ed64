// SPDX-License-Identifier: Apache-2.0
using Microsoft.Extensions.Time.Testing;
using Tutti.Frame.Layout;

namespace Tutti.Frame.Tests.Layout;

public sealed class ViewerClockTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 24, 13, 0, 0, TimeSpan.Zero));

    [Fact]
    public void A_moment_is_said_as_the_viewers_clock_shows_it()
    {
        var clock = new ViewerClock(_time);
        clock.UseZone("Europe/Berlin");

        Assert.Equal("today 14:03 (Europe/Berlin)", clock.SayWithZone(_time.GetUtcNow().AddMinutes(3)));
        Assert.Equal("yesterday 23:30", clock.Say(new DateTimeOffset(2026, 11, 23, 22, 30, 0, TimeSpan.Zero)));
        Assert.Equal("tomorrow 00:15", clock.Say(new DateTimeOffset(2026, 11, 24, 23, 15, 0, TimeSpan.Zero)));
        Assert.Equal("2026-11-24 14:00:00 +01:00 (Europe/Berlin)", clock.Exact(_time.GetUtcNow()));
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("Nowhere/Land")]
    public void A_zone_that_nobody_knows_changes_nothing(string? zone)
    {
        var clock = new ViewerClock(_time);
        clock.UseZone("Europe/Berlin");
        clock.UseZone(zone);

        Assert.Equal("Europe/Berlin", clock.ZoneName);
    }
}
