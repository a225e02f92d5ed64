// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Jobs;
using Tutti.Lui.Jobs.Steps;

namespace Tutti.Lui.Tests.Jobs.Steps;

public sealed class WorkflowTests
{
    private static readonly DateTimeOffset _now = new(2026, 11, 24, 9, 0, 0, TimeSpan.Zero);
    private static readonly Actor _ada = new("1", "Ada");
    private static readonly StepReport _done = new(StepState.Done, "done");

    [Fact]
    public void A_new_job_has_four_open_steps_and_three_that_have_to_wait()
    {
        var workflow = Workflow.Of(Blank(), new Dictionary<JobStep, StepReport>());
        Assert.Equal(
            [StepState.Open, StepState.Open, StepState.NotYetPossible, StepState.Open, StepState.NotYetPossible, StepState.Open, StepState.NotYetPossible],
            workflow.Steps.Select(step => step.State));
        Assert.Equal("First finish: Recipients, Content.", workflow[JobStep.Tracking].Detail);
        Assert.Equal(JobStep.Recipients, workflow.Next?.Step);
    }

    [Fact]
    public void A_job_with_all_done_can_be_authorized()
    {
        var workflow = Workflow.Of(Filled(), Reports(_done, _done));
        Assert.Equal(JobStep.Authorize, workflow.Next?.Step);
        Assert.Equal(StepState.Open, workflow[JobStep.Authorize].State);
    }

    [Fact]
    public void A_step_that_needs_attention_holds_up_what_depends_on_it()
    {
        var workflow = Workflow.Of(Filled(), Reports(_done, new StepReport(StepState.NeedsAttention, "", "A merge field is missing.")));
        Assert.Equal("A merge field is missing.", workflow[JobStep.Content].Detail);
        Assert.Equal(StepState.NotYetPossible, workflow[JobStep.Test].State);
        Assert.Equal(StepState.NotYetPossible, workflow[JobStep.Authorize].State);
        Assert.Equal(StepState.Done, workflow[JobStep.Schedule].State);
    }

    [Fact]
    public void A_test_before_the_last_change_needs_attention()
    {
        var workflow = Workflow.Of(Filled() with { TestState = TestState.Outdated }, Reports(_done, _done));
        Assert.Equal(StepState.NeedsAttention, workflow[JobStep.Test].State);
        Assert.Equal(JobStep.Test, workflow.Next?.Step);
    }

    [Fact]
    public void The_slice_that_owns_a_step_has_the_last_word()
    {
        var reports = Reports(_done, _done);
        reports[JobStep.Sender] = new StepReport(StepState.NeedsAttention, "", "The domain has no key.");
        Assert.Equal("The domain has no key.", Workflow.Of(Filled(), reports)[JobStep.Sender].Detail);
    }

    [Fact]
    public void A_step_says_who_worked_on_it_last()
    {
        var job = Blank().SendAs(new JobSender("", "a@b.example"), JobWay.Engine, _ada, _now).Value;
        Assert.Equal(new Edit(_ada, _now), Workflow.Of(job, Reports(_done, _done))[JobStep.Sender].Edit);
    }

    [Fact]
    public void Every_tracking_type_and_test_state_has_words()
    {
        foreach (var tracking in Enum.GetValues<JobTracking>())
        {
            foreach (var test in Enum.GetValues<TestState>())
            {
                var workflow = Workflow.Of(Filled() with { Tracking = tracking, TestState = test }, Reports(_done, _done));
                Assert.All(workflow.Steps, step => Assert.NotEqual("", step.Summary));
            }
        }
    }

    private static Dictionary<JobStep, StepReport> Reports(StepReport recipients, StepReport content) =>
        new() { [JobStep.Recipients] = recipients, [JobStep.Content] = content };

    private static Job Blank() => new() { Id = 1, Code = "261124A", Title = "Spring", Owner = _ada, CreatedAt = _now };

    private static Job Filled() => Blank() with
    {
        Tracking = JobTracking.Personal,
        Sender = new JobSender("The Society", "news@sender.example"),
        TestState = TestState.Accepted,
        Schedule = JobSchedule.AtOnce,
    };
}
