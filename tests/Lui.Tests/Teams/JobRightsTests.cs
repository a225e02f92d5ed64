// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Tutti.Lui.Jobs;
using Tutti.Lui.Jobs.Steps;
using Tutti.Lui.Teams;

namespace Tutti.Lui.Tests.Teams;

/// <summary>The rule about who may do what with a job.</summary>
public sealed class JobRightsTests
{
    private static readonly DateTimeOffset _now = new(2026, 11, 24, 9, 0, 0, TimeSpan.Zero);
    private static readonly Actor _ada = new("1", "Ada");
    private static readonly Actor _ben = new("2", "Ben");
    private static readonly Job _job = new() { Id = 1, Code = "261124A", Title = "Spring", Owner = _ada, CreatedAt = _now };

    [Fact]
    public void Nobody_can_take_rights_from_the_owner_or_an_administrator()
    {
        var nothing = StepRights.All(StepRight.None);

        Assert.Equal(JobRights.Everything, JobRights.Judge(_job, _ada, Person("1", group: 7), ownersGroup: 3, StepRight.None, nothing));
        Assert.Equal(JobRights.Everything, JobRights.Judge(_job, _ben, Person("2", group: 7) with { Administrator = true }, ownersGroup: 3, StepRight.None, nothing));
    }

    [Theory]
    [InlineData(3, 3, true)]
    [InlineData(3, 4, false)]
    [InlineData(3, 0, false)]
    [InlineData(0, 3, false)]
    [InlineData(0, 0, true)]
    public void A_job_is_found_by_those_who_are_in_its_owners_group_and_without_one_by_those_without_one(long owners, long theirs, bool found)
    {
        var rights = JobRights.Judge(_job, _ben, Person("2", theirs), owners, StepRight.Edit, granted: null);

        Assert.Equal((found, false), (rights.Sees, rights.Manages));
        Assert.False(JobRights.Judge(_job, _ben, Person("2", theirs), owners, StepRight.None, granted: null).Sees);
    }

    [Fact]
    public void What_the_owner_decided_counts_before_the_groups_rule_but_not_beyond_the_group()
    {
        var granted = StepRights.All(StepRight.None).With(JobStep.Content, StepRight.Edit);

        var inside = JobRights.Judge(_job, _ben, Person("2", 3), ownersGroup: 3, StepRight.None, granted);
        var outside = JobRights.Judge(_job, _ben, Person("2", 4), ownersGroup: 3, StepRight.None, granted);

        Assert.True(inside.MayEdit(JobStep.Content));
        Assert.False(inside.MaySee(JobStep.Recipients));
        Assert.False(outside.Sees);
    }

    [Fact]
    public void Every_step_that_a_change_touches_is_asked_for()
    {
        foreach (var step in Enum.GetValues<JobStep>())
        {
            var after = _job with { Edits = ImmutableDictionary<JobStep, Edit>.Empty.Add(step, new Edit(_ben, _now)) };
            var all = StepRights.All(StepRight.Edit);

            Assert.Null(new JobRights(all, Manages: false).Refuse(_job, after));
            Assert.Equal("team.not-yours", new JobRights(all.With(step, StepRight.See), Manages: false).Refuse(_job, after)!.Code);
        }
    }

    [Fact]
    public void Decisions_about_the_delivery_ask_for_the_step_authorise_and_others_for_any_step()
    {
        var writes = new JobRights(StepRights.All(StepRight.See).With(JobStep.Content, StepRight.Edit), Manages: false);
        var decides = new JobRights(StepRights.All(StepRight.See).With(JobStep.Authorize, StepRight.Edit), Manages: false);
        var sees = new JobRights(StepRights.All(StepRight.See), Manages: false);
        var waiting = _job with { State = JobState.Waiting };

        Assert.Equal("team.not-yours", writes.Refuse(waiting, waiting with { State = JobState.Open })!.Code);
        Assert.Equal("team.not-yours", writes.Refuse(_job, _job with { FourEyes = true })!.Code);
        Assert.Equal("team.not-yours", writes.Refuse(_job, _job with { TestRule = TestRule.Never })!.Code);
        Assert.Null(decides.Refuse(waiting, waiting with { State = JobState.Open }));
        Assert.Null(writes.Refuse(_job, _job with { Title = "Summer" }));
        Assert.Equal("team.only-sees", sees.Refuse(_job, _job with { Title = "Summer" })!.Code);
        Assert.Equal("team.not-owner", decides.Refuse(_job, _job with { Owner = _ben })!.Code);
        Assert.Equal("job.not-found", new JobRights(StepRights.All(StepRight.None), Manages: false).Refuse(_job, _job)!.Code);
    }

    [Theory]
    [InlineData("recipients", 0)]
    [InlineData("recipients/file", 0)]
    [InlineData("report/recipients", 0)]
    [InlineData("CONTENT", 1)]
    [InlineData("content", 1)]
    [InlineData("test/accept", 4)]
    [InlineData("authorise", 6)]
    [InlineData("stop", 6)]
    public void An_address_of_a_job_belongs_to_its_step(string rest, int step) => Assert.Equal((JobStep)step, JobDoors.StepOf(rest));

    [Theory]
    [InlineData("")]
    [InlineData("report")]
    [InlineData("team")]
    public void What_belongs_to_the_whole_job_is_open_to_all_who_see_any_of_it(string rest)
    {
        var sees = new JobRights(StepRights.All(StepRight.None).With(JobStep.Sender, StepRight.See), Manages: false);

        Assert.Null(JobGate.Judge(_job, sees, rest, changes: false));
        Assert.Equal("team.only-sees", JobGate.Judge(_job, sees, rest, changes: true)!.Code);
        Assert.Equal("team.not-seen", JobGate.Judge(_job, sees, "content", changes: false)!.Code);
        Assert.Equal("team.not-yours", JobGate.Judge(_job, sees, "sender", changes: true)!.Code);
    }

    [Fact]
    public void Rights_are_kept_as_letters_and_what_was_not_kept_is_closed()
    {
        var rights = StepRights.All(StepRight.Edit).With(JobStep.Test, StepRight.None).With(JobStep.Sender, StepRight.See);

        Assert.Equal("eeesnee", rights.ToLetters());
        Assert.Equal(rights.Steps, StepRights.FromLetters("eeesnee").Steps);
        Assert.Equal("esnnnnn", StepRights.FromLetters("es?").ToLetters());
    }

    private static Person Person(string id, long group) => new(id, id, id, "", "", Administrator: false, Disabled: false, group);
}
