// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Jobs;
using Tutti.Lui.Jobs.Steps;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Tests.Jobs;

public sealed class JobTests
{
    private static readonly DateTimeOffset _now = new(2026, 11, 24, 9, 0, 0, TimeSpan.Zero);
    private static readonly Actor _ada = new("1", "Ada");
    private static readonly JobStep[] _steps = Enum.GetValues<JobStep>();

    // What each transition makes of each state; nothing where it is refused. Open, Waiting, Processing, Failed, Completed, Archived.
    public static TheoryData<string, string[]> Transitions => new()
    {
        { "authorize", [nameof(JobState.Waiting), "", "", "", "", ""] },
        { "revoke", ["", nameof(JobState.Open), "", "", "", ""] },
        { "start", ["", nameof(JobState.Processing), "", "", "", ""] },
        { "hand over", ["", "", nameof(JobState.Processing), "", "", ""] },
        { "finish", ["", "", nameof(JobState.Completed), "", "", ""] },
        { "fail", ["", nameof(JobState.Failed), nameof(JobState.Failed), "", "", ""] },
        { "stop", ["", "", nameof(JobState.Failed), "", "", ""] },
        { "retry", ["", "", "", nameof(JobState.Waiting), "", ""] },
        { "reopen", ["", "", "", nameof(JobState.Open), "", ""] },
        { "close", ["", "", "", nameof(JobState.Completed), "", ""] },
        { "delete", [nameof(JobState.Open), "", "", "", "", ""] },
        { "archive", ["", "", "", "", nameof(JobState.Archived), ""] },
        { "bring back", ["", "", "", "", "", nameof(JobState.Completed)] },
        { "edit", [nameof(JobState.Open), "", "", "", "", ""] },
        { "schedule", [nameof(JobState.Open), "", "", "", "", ""] },
        { "waive", [nameof(JobState.Open), "", "", "", "", ""] },
        { "rename", [nameof(JobState.Open), nameof(JobState.Waiting), nameof(JobState.Processing), nameof(JobState.Failed), nameof(JobState.Completed), nameof(JobState.Archived)] },
    };

    [Theory]
    [MemberData(nameof(Transitions))]
    public void Rule_3_every_transition_is_possible_from_its_states_only(string transition, string[] expected)
    {
        foreach (var state in Enum.GetValues<JobState>())
        {
            var outcome = Apply(transition, In(state));
            Assert.Equal(expected[(int)state], outcome.IsRefused ? "" : outcome.Value.State.ToString());
        }
    }

    [Fact]
    public void Every_state_that_is_not_an_end_has_a_way_on()
    {
        foreach (var state in new[] { JobState.Open, JobState.Waiting, JobState.Processing, JobState.Failed })
        {
            Assert.Contains(
                Transitions.Select(row => row.Data.Item1).Where(name => name != "rename"),
                name => Apply(name, In(state)) is { IsRefused: false, Value.State: var next } && next != state);
        }
    }

    [Theory]
    [InlineData(nameof(JobStep.Recipients), nameof(TestState.Outdated))]
    [InlineData(nameof(JobStep.Content), nameof(TestState.Outdated))]
    [InlineData(nameof(JobStep.Tracking), nameof(TestState.Outdated))]
    [InlineData(nameof(JobStep.Sender), nameof(TestState.Outdated))]
    [InlineData(nameof(JobStep.Schedule), nameof(TestState.Accepted))]
    public void Rule_2_editing_after_the_test_invalidates_the_test(string step, string expected)
    {
        var tested = Ready() with { TestState = TestState.Accepted };
        Assert.Equal(expected, tested.Edited(Enum.Parse<JobStep>(step), _ada, _now).Value.TestState.ToString());
    }

    [Theory]
    [InlineData(nameof(TestRule.ContentOnly), nameof(JobStep.Content), nameof(TestState.Outdated))]
    [InlineData(nameof(TestRule.ContentOnly), nameof(JobStep.Sender), nameof(TestState.Accepted))]
    [InlineData(nameof(TestRule.Never), nameof(JobStep.Content), nameof(TestState.Accepted))]
    public void Rule_2_the_job_says_which_edits_ask_for_a_new_test(string rule, string step, string expected)
    {
        var tested = (Ready() with { TestState = TestState.Accepted }).TestAgainAfter(Enum.Parse<TestRule>(rule)).Value;
        Assert.Equal(expected, tested.Edited(Enum.Parse<JobStep>(step), _ada, _now).Value.TestState.ToString());
    }

    [Fact]
    public void A_test_that_was_sent_or_accepted_can_be_found_wanting()
    {
        Assert.Equal("job.test-not-sent", (Ready() with { TestState = TestState.Waived }).RejectTest(_ada, _now).Refusal.Code);
        var rejected = (Ready() with { TestState = TestState.Accepted }).RejectTest(_ada, _now).Value;
        Assert.Equal((TestState.Rejected, _ada), (rejected.TestState, rejected.Edits[JobStep.Test].Who));
        Assert.Equal("job.test-not-sent", rejected.AcceptTest(_ada, _now).Refusal.Code);
    }

    [Fact]
    public void Editing_before_the_test_leaves_it_to_be_done()
    {
        var untested = Ready() with { TestState = TestState.None };
        Assert.Equal(TestState.None, untested.Edited(JobStep.Content, _ada, _now).Value.TestState);
    }

    [Fact]
    public void Editing_notes_who_did_it_and_when()
    {
        var edited = Ready().Track(JobTracking.Blind, null, _ada, _now).Value;
        Assert.Equal(new Edit(_ada, _now), edited.Edits[JobStep.Tracking]);
        Assert.Equal(JobTracking.Blind, edited.Tracking);
    }

    [Fact]
    public void Rule_2_an_authorized_job_refuses_edits_and_says_that_it_can_be_revoked()
    {
        var refusal = In(JobState.Waiting).SendAs(new JobSender("", "a@b.example"), JobWay.Engine, _ada, _now).Refusal;
        Assert.Equal("job.not-open", refusal.Code);
        Assert.Contains("Revoke", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Revoking_takes_everything_back_that_the_authorization_brought()
    {
        var authorized = Ready().Authorize(Done(), _ada, _now).Value;
        Assert.Equal(_ada, authorized.AuthorizedBy);
        Assert.Equal(_now, authorized.DueAt);
        Assert.Equal(Ready(), authorized.Revoke().Value with { Edits = Ready().Edits });
    }

    [Fact]
    public void A_test_is_accepted_only_after_it_was_sent()
    {
        var job = Ready() with { TestState = TestState.Outdated };
        Assert.Equal("job.test-not-sent", job.AcceptTest(_ada, _now).Refusal.Code);
        Assert.Equal(TestState.Accepted, job.TestSent(_ada, _now).Value.AcceptTest(_ada, _now).Value.TestState);
    }

    [Fact]
    public void Rule_2_a_job_is_not_authorized_while_a_step_is_not_done()
    {
        foreach (var missing in _steps.Where(step => step != JobStep.Authorize))
        {
            var workflow = new Workflow([.. _steps.Select(step => new StepStatus(step, step == missing ? StepState.NeedsAttention : StepState.Done, "", "look", null))]);
            var refusal = Ready().Authorize(workflow, _ada, _now).Refusal;
            Assert.Equal("job.step-not-done", refusal.Code);
            Assert.Contains(Workflow.NameOf(missing), refusal.Message, StringComparison.Ordinal);
            Assert.Equal(Words.Of(missing), refusal.Field);
        }
    }

    [Fact]
    public void A_time_that_passed_between_schedule_and_authorization_is_refused()
    {
        var job = Ready() with { Schedule = new JobSchedule(_now.AddMinutes(5), "UTC") };
        Assert.Equal("schedule.past", job.Authorize(Done(), _ada, _now.AddMinutes(5)).Refusal.Code);
        Assert.Equal(_now.AddMinutes(5), job.Authorize(Done(), _ada, _now).Value.DueAt);
    }

    [Fact]
    public void A_schedule_in_the_past_is_refused() =>
        Assert.Equal("schedule.past", Ready().ScheduleFor(new JobSchedule(_now, "UTC"), _ada, _now).Refusal.Code);

    [Theory]
    [InlineData(0, nameof(JobState.Processing))]
    [InlineData(59, nameof(JobState.Processing))]
    [InlineData(60, nameof(JobState.Failed))]
    public void A_missed_schedule_is_sent_if_it_is_less_than_an_hour_late(int minutesLate, string expected)
    {
        var started = (In(JobState.Waiting) with { DueAt = _now }).StartDelivery(_now.AddMinutes(minutesLate), TimeSpan.FromHours(1)).Value;
        Assert.Equal(expected, started.State.ToString());
        Assert.Equal(started.State == JobState.Failed ? "missed" : null, started.Failure?.Code);
    }

    [Fact]
    public void A_job_does_not_start_before_its_time()
    {
        var waiting = In(JobState.Waiting) with { DueAt = _now.AddSeconds(1) };
        Assert.Equal("job.not-due", waiting.StartDelivery(_now, TimeSpan.FromHours(1)).Refusal.Code);
    }

    [Fact]
    public void A_missed_job_can_be_retried_at_once()
    {
        var missed = (In(JobState.Waiting) with { DueAt = _now }).StartDelivery(_now.AddHours(3), TimeSpan.FromHours(1)).Value;
        var retried = missed.Retry(_now.AddHours(4)).Value;
        Assert.Null(retried.Failure);
        Assert.Equal(JobState.Processing, retried.StartDelivery(_now.AddHours(4), TimeSpan.FromHours(1)).Value.State);
    }

    [Fact]
    public void A_failed_job_is_not_opened_again_once_a_part_was_handed_over()
    {
        var stopped = In(JobState.Processing).HandOver(_now).Value.Stop(_ada).Value;
        Assert.Equal("job.handed-over", stopped.Reopen().Refusal.Code);
        Assert.Equal("job.handed-over", stopped.Retry(_now).Value.Revoke().Refusal.Code);
        Assert.Equal(JobState.Open, In(JobState.Processing).Stop(_ada).Value.Reopen().Value.State);
    }

    [Fact]
    public void The_first_hand_over_counts()
    {
        var again = In(JobState.Processing).HandOver(_now).Value.HandOver(_now.AddHours(1)).Value;
        Assert.Equal(_now, again.HandedOverAt);
    }

    [Fact]
    public void A_job_that_was_closed_remembers_its_failure()
    {
        var closed = In(JobState.Processing).Stop(_ada).Value.Close(_now).Value;
        Assert.True(closed.ClosedAfterFailure);
        Assert.Equal("stopped", closed.Failure?.Code);
        Assert.Contains("Ada", closed.Failure?.Message, StringComparison.Ordinal);
        Assert.False(In(JobState.Processing).FinishDelivery(_now).Value.ClosedAfterFailure);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    public void A_title_says_something(string title) => Assert.Equal("job.title", Ready().Rename(title).Refusal.Code);

    [Fact]
    public void A_title_is_trimmed_and_not_endless()
    {
        Assert.Equal("Spring", Ready().Rename("  Spring ").Value.Title);
        Assert.True(Ready().Rename(new string('x', Job.MaxTitle + 1)).IsRefused);
    }

    private static Outcome<Job> Apply(string transition, Job job) => transition switch
    {
        "authorize" => job.Authorize(Done(), _ada, _now),
        "revoke" => job.Revoke(),
        "start" => job.StartDelivery(_now, TimeSpan.FromHours(1)),
        "hand over" => job.HandOver(_now),
        "finish" => job.FinishDelivery(_now),
        "fail" => job.FailDelivery(new JobFailure("broken", "It broke.")),
        "stop" => job.Stop(_ada),
        "retry" => job.Retry(_now),
        "reopen" => job.Reopen(),
        "close" => job.Close(_now),
        "archive" => job.Archive(),
        "bring back" => job.BringBack(),
        "delete" => job.Delete(),
        "edit" => job.Edited(JobStep.Content, _ada, _now),
        "schedule" => job.ScheduleFor(JobSchedule.AtOnce, _ada, _now),
        "waive" => job.WaiveTest(_ada, _now),
        "rename" => job.Rename("Summer"),
        _ => throw new ArgumentOutOfRangeException(nameof(transition)),
    };

    private static Workflow Done() => new([.. _steps.Select(step => new StepStatus(step, StepState.Done, "", null, null))]);

    private static Job Ready() => new()
    {
        Id = 1,
        Code = "261124A",
        Title = "Spring",
        Owner = _ada,
        CreatedAt = _now,
        Schedule = JobSchedule.AtOnce,
        TestState = TestState.Waived,
    };

    private static Job In(JobState state) => Ready() with
    {
        State = state,
        DueAt = state == JobState.Open ? null : _now,
        Failure = state == JobState.Failed ? new JobFailure("stopped", "Stopped.") : null,
    };
}
