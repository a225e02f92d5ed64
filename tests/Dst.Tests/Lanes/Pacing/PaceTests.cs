// SPDX-License-Identifier: Apache-2.0
using Microsoft.Extensions.Time.Testing;
using Tutti.Dst.Lanes.Pacing;
using Tutti.Dst.Lanes.Policies;
using Tutti.Dst.Queue;
using Tutti.Dst.Smtp;

namespace Tutti.Dst.Tests.Lanes.Pacing;

public sealed class PaceTests
{
    private static readonly Answer _shutdown = new(Result.Deferred, Stage.Mail, 421, "4.7.0", "421 4.7.0 Not now");
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.Parse("2026-11-24T10:00:00Z", null));

    [Fact]
    public void Connections_grow_from_five_to_the_maximum_by_messages_that_are_taken()
    {
        var pace = Make(connections: 50);
        Assert.Equal(5, pace.Limit);
        var needed = 0;
        for (; pace.Limit < 50 && needed < 10_000; needed++)
        {
            pace.Worked();
        }

        Assert.InRange(needed, 500, 2000);
        Work(pace, 10_000);
        Assert.Equal(50, pace.Limit);
    }

    [Fact]
    public void One_shutdown_among_many_messages_changes_nothing()
    {
        var pace = Make(connections: 5);
        for (var round = 0; round < 50; round++)
        {
            Work(pace, 100);
            pace.PutOff(_shutdown);
        }

        Assert.Equal((5, PaceState.Closed), (pace.Limit, pace.State));
    }

    [Fact]
    public void A_storm_halves_the_connections_down_to_one_and_then_the_lane_pauses()
    {
        var pace = Make(connections: 20);
        Work(pace, 10_000);
        var limits = new List<int>();
        for (var i = 0; !pace.IsPaused && i < 1000; i++)
        {
            pace.PutOff(_shutdown);
            if (limits.LastOrDefault() != pace.Limit)
            {
                limits.Add(pace.Limit);
            }
        }

        Assert.Equal([20, 10, 5, 2, 1], limits);
        Assert.Equal((PaceState.Open, "421 4.7.0 Not now"), (pace.State, pace.Reason));
    }

    [Fact]
    public void After_a_pause_one_connection_tries_and_pauses_grow_until_it_works()
    {
        var pace = Make(connections: 20);
        var pauses = new List<double>();
        for (var round = 0; round < 9; round++)
        {
            while (!pace.IsPaused)
            {
                pace.PutOff(_shutdown);
            }

            pauses.Add((DateTimeOffset.FromUnixTimeMilliseconds(pace.Until) - _clock.GetUtcNow()).TotalSeconds);
            _clock.Advance(TimeSpan.FromSeconds(pauses[^1] - 1));
            Assert.False(pace.Resume());
            _clock.Advance(TimeSpan.FromSeconds(1));
            Assert.True(pace.Resume());
            Assert.Equal((PaceState.HalfOpen, 1), (pace.State, pace.Limit));
        }

        Assert.Equal([30, 60, 120, 240, 480, 960, 1920, 3600, 3600], pauses);
        pace.Worked();
        Assert.Equal(PaceState.Closed, pace.State);
        Work(pace, 5000);
        Assert.Equal(0, pace.Pauses);
        Assert.InRange(pace.Limit, 5, 20);
    }

    [Fact]
    public void Connections_that_fail_in_a_row_open_the_breaker_and_one_that_opens_begins_the_count_anew()
    {
        var pace = Make(connections: 20);
        for (var i = 0; i < 4; i++)
        {
            pace.Failed("No connection", others: 0);
        }

        pace.Connected();
        for (var i = 0; i < 4; i++)
        {
            pace.Failed("No connection", others: 0);
        }

        Assert.Equal(PaceState.Closed, pace.State);
        pace.Failed("No connection", others: 0);
        Assert.Equal((PaceState.Open, "No connection"), (pace.State, pace.Reason));

        // It may have two again, but until one has worked that one is alone.
        _clock.Advance(TimeSpan.FromSeconds(30));
        Assert.True(pace.Resume());
        Assert.Equal((PaceState.HalfOpen, 1), (pace.State, pace.Limit));
        pace.Worked();
        Assert.Equal((PaceState.Closed, 2), (pace.State, pace.Limit));
    }

    [Fact]
    public void A_host_that_keeps_others_open_gets_no_more_than_these()
    {
        var pace = Make(connections: 20);
        pace.Failed("421 Too many connections", others: 3);
        Assert.Equal((3, PaceState.Closed), (pace.Limit, pace.State));
        Work(pace, 499);
        Assert.Equal(3, pace.Limit);
        pace.Worked();
        Assert.Equal(4, pace.Limit);
    }

    [Theory]
    [InlineData(450, "4.2.1", Stage.Recipient, "450 4.2.1 Mailbox busy", false)]
    [InlineData(450, "4.7.1", Stage.Recipient, "450 4.7.1 Greylisted", false)]
    [InlineData(451, "", Stage.Recipient, "451 Greylisted", false)]
    [InlineData(452, "4.2.2", Stage.End, "452 4.2.2 Over quota", false)]
    [InlineData(451, "4.7.500", Stage.Mail, "451 4.7.500 Server busy", true)]
    [InlineData(452, "4.3.1", Stage.End, "452 4.3.1 Out of storage", true)]
    [InlineData(450, "", Stage.Mail, "450 Later", true)]
    [InlineData(421, "", Stage.Recipient, "421 Later", true)]
    internal void What_is_about_one_mailbox_is_told_from_what_is_about_all(int code, string enhanced, Stage stage, string text, bool isAboutAll)
    {
        var pace = Make(connections: 20);
        Assert.Equal(isAboutAll, pace.PutOff(new Answer(Result.Deferred, stage, code, enhanced, text)));
    }

    private static void Work(Pace pace, int messages)
    {
        for (var i = 0; i < messages; i++)
        {
            pace.Worked();
        }
    }

    private Pace Make(int connections) => new(new LanePolicy { Connections = connections, Start = 5 }, new QueueSettings(), _clock);
}
