// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tutti.Lui.Jobs.Repeats;

namespace Tutti.Lui.Tests.Jobs.Repeats;

public sealed class JobRepeatTests
{
    private static readonly TimeZoneInfo _berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    [Theory]
    [InlineData("hours", 12, "2026-11-24T08:15Z", "2026-11-24T20:15Z 2026-11-25T08:15Z 2026-11-25T20:15Z")]
    [InlineData("days", 1, "2026-10-23T10:00Z", "2026-10-24T10:00Z 2026-10-25T11:00Z 2026-10-26T11:00Z")] // Noon stays noon when the clocks change.
    [InlineData("weeks", 2, "2026-03-16T08:00Z", "2026-03-30T07:00Z 2026-04-13T07:00Z")]
    [InlineData("months", 1, "2027-01-31T09:00Z", "2027-02-28T09:00Z 2027-03-31T08:00Z 2027-04-30T08:00Z")] // The last day, and not the 28th ever after.
    [InlineData("days", 1, "2026-03-28T01:30Z", "2026-03-29T01:30Z 2026-03-30T00:30Z")] // Half past two does not exist once.
    public void Runs_are_counted_by_the_calendar(string unit, int every, string first, string expected)
    {
        var repeat = new RepeatChoice(every, unit).Read("Europe/Berlin").Value;
        var due = Moment(first);
        List<string> seen = [];
        for (var run = 1; run <= expected.Split(' ').Length; run++)
        {
            (due, repeat) = repeat.After(due, run, due, _berlin)!.Value;
            seen.Add(due.UtcDateTime.ToString("yyyy-MM-ddTHH:mm'Z'", CultureInfo.InvariantCulture));
        }

        Assert.Equal(expected.Split(' '), seen);
    }

    [Fact]
    public void A_run_that_people_sent_later_moves_the_ones_after_it()
    {
        var repeat = new JobRepeat(1, RepeatUnit.Days);
        var (second, planned) = repeat.After(Moment("2026-11-24T09:00Z"), 1, Moment("2026-11-24T09:00Z"), TimeZoneInfo.Utc)!.Value;
        Assert.Equal(Moment("2026-11-25T09:00Z"), second);

        var late = Moment("2026-11-25T15:30Z");
        Assert.Equal(Moment("2026-11-26T15:30Z"), planned.After(late, 2, late, TimeZoneInfo.Utc)!.Value.At);
    }

    [Fact]
    public void Moments_that_have_passed_are_left_out()
    {
        var due = Moment("2026-11-24T09:00Z");
        Assert.Equal(Moment("2026-11-27T09:00Z"), new JobRepeat(1, RepeatUnit.Days).After(due, 1, Moment("2026-11-26T09:30Z"), TimeZoneInfo.Utc)!.Value.At);
    }

    [Fact]
    public void It_ends_by_count_and_by_date()
    {
        var due = Moment("2026-11-24T09:00Z");
        var three = new JobRepeat(1, RepeatUnit.Days) { Runs = 3 };
        Assert.NotNull(three.After(due, 2, due, TimeZoneInfo.Utc));
        Assert.Null(three.After(due, 3, due, TimeZoneInfo.Utc));

        var until = new JobRepeat(1, RepeatUnit.Days) { Until = Moment("2026-11-25T09:00Z") };
        Assert.NotNull(until.After(due, 1, due, TimeZoneInfo.Utc));
        Assert.Null(until.After(due.AddMilliseconds(1), 1, due, TimeZoneInfo.Utc));
    }

    [Theory]
    [InlineData(0, "days", null, null, "schedule.every")]
    [InlineData(1001, "days", null, null, "schedule.every")]
    [InlineData(1, "years", null, null, "schedule.unit")]
    [InlineData(1, "days", 1, null, "schedule.runs")]
    [InlineData(1, "days", null, "soon", "schedule.time")]
    public void What_is_no_repetition_is_refused(int every, string unit, int? runs, string? until, string code) =>
        Assert.Equal(code, new RepeatChoice(every, unit, runs, until).Read("UTC").Refusal.Code);

    [Fact]
    public void It_is_said_in_words()
    {
        Assert.Equal("Every day", new JobRepeat(1, RepeatUnit.Days).InWords(TimeZoneInfo.Utc));
        Assert.Equal("Every 2 weeks, 5 times in all", new JobRepeat(2, RepeatUnit.Weeks) { Runs = 5 }.InWords(TimeZoneInfo.Utc));
        Assert.Equal("Every month, until 2026-12-24 10:00", new JobRepeat(1, RepeatUnit.Months) { Until = Moment("2026-12-24T09:00Z") }.InWords(_berlin));
    }

    private static DateTimeOffset Moment(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
