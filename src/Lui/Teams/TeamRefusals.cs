// SPDX-License-Identifier: Apache-2.0
using Tutti.Frame.Words;
using Tutti.Lui.Jobs;
using Tutti.Lui.Jobs.Steps;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Teams;

/// <summary>Every "no" about who may do what with a job.</summary>
internal static class TeamRefusals
{
    public static Refusal NotYours(Job job, JobStep step) => new(
        RefusalKind.Forbidden,
        "team.not-yours",
        SharedWords.Fill(step == JobStep.Authorize ? TeamsWords.MayNotDecide : TeamsWords.MayNotEdit, job.Code, Workflow.NameOf(step), job.Owner.Name));

    public static Refusal NotSeen(Job job, JobStep step) => new(
        RefusalKind.Forbidden, "team.not-seen", SharedWords.Fill(TeamsWords.MayNotSee, job.Code, Workflow.NameOf(step), job.Owner.Name));

    public static Refusal OnlySees(Job job) => new(RefusalKind.Forbidden, "team.only-sees", SharedWords.Fill(TeamsWords.OnlySees, job.Code, job.Owner.Name));

    public static Refusal NotManager(Job job) => new(RefusalKind.Forbidden, "team.not-owner", SharedWords.Fill(TeamsWords.NotManager, job.Code, job.Owner.Name));

    public static Refusal NotAll(Job job) => new(RefusalKind.Forbidden, "team.not-all", SharedWords.Fill(TeamsWords.NotAll, job.Code, job.Owner.Name));

    public static Refusal NoSuchPerson(string who) => new(RefusalKind.Invalid, "team.no-such-person", SharedWords.Fill(TeamsWords.NoSuchPerson, who), "person");

    public static Refusal NoSuchRight(string word) => new(
        RefusalKind.Invalid, "team.no-such-right", SharedWords.Fill(TeamsWords.NoSuchRight, word, string.Join(", ", Enum.GetValues<StepRight>().Select(Words.Of))), "steps");

    public static Refusal NoSuchStep(string word) => new(
        RefusalKind.Invalid, "team.no-such-step", SharedWords.Fill(TeamsWords.NoSuchStep, word, string.Join(", ", Enum.GetValues<JobStep>().Select(Words.Of))), "steps");

    public static Refusal OwnersRights(Job job) => new(RefusalKind.Invalid, "team.owner", SharedWords.Fill(TeamsWords.OwnersRights, job.Owner.Name), "person");
}
