// SPDX-License-Identifier: Apache-2.0
using Tutti.Dst.Lanes.Pacing;
using Tutti.Dst.Queue;

namespace Tutti.Dst.Tests.Lanes.Pacing;

public sealed class RetryHintTests
{
    [Theory]
    [InlineData("450 4.2.0 Greylisted, try again in 300 seconds", 300)]
    [InlineData("451 Please try again in 5 minutes", 300)]
    [InlineData("421 4.7.0 Try again after 1 hour", 3600)]
    [InlineData("450 4.7.1 Greylisting in action, please come back in 00:04:59", 299)]
    [InlineData("450 4.2.0 Recipient address rejected: Greylisted for 60 seconds", 60)]
    [InlineData("451 4.7.1 You have to wait 90s", 90)]
    [InlineData("421 Too many; wait at least 10 mins before the next trial", 600)]
    [InlineData("451 Try again in 40 hours", 24 * 3600)]
    [InlineData("450 4.2.1 The user is receiving mail too quickly; try again later", null)]
    [InlineData("451 4.3.0 Mail server temporarily rejected message", null)]
    [InlineData("452 4.5.3 Too many recipients in 1 message", null)]
    [InlineData("450 try again in 0 seconds", null)]
    public void A_reply_that_names_a_wait_is_understood(string reply, int? seconds) =>
        Assert.Equal(seconds is { } wait ? TimeSpan.FromSeconds(wait) : null, RetryHint.In(reply));

    [Fact]
    public void Retries_come_after_5_15_30_60_minutes_and_then_hours()
    {
        var settings = new QueueSettings();
        Assert.Equal([5, 15, 30, 60, 120, 240, 240, 240], Enumerable.Range(1, 8).Select(attempt => settings.WaitAfter(attempt, 0).TotalMinutes));
        Assert.Equal([6, 18, 36, 72, 144, 288], Enumerable.Range(1, 6).Select(attempt => settings.WaitAfter(attempt, 1).TotalMinutes));
        Assert.Equal(TimeSpan.FromDays(5), settings.Expiry);
    }

    [Fact]
    public void A_named_wait_is_kept_but_a_very_short_one_not_for_ever()
    {
        var settings = new QueueSettings();
        Assert.Equal(TimeSpan.FromMinutes(12), settings.WaitAfter(1, 0, TimeSpan.FromMinutes(12)));
        Assert.Equal(TimeSpan.FromSeconds(30), settings.WaitAfter(1, 0, TimeSpan.FromSeconds(1)));
        Assert.Equal(TimeSpan.FromHours(4), settings.WaitAfter(6, 0, TimeSpan.FromSeconds(1)));
    }
}
