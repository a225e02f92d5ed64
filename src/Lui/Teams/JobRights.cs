// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Jobs;
using Tutti.Lui.Jobs.Steps;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Teams;

/// <summary>What somebody may do with a job: the one rule that pages, REST and the store of jobs ask.</summary>
/// <param name="Steps">For each step.</param>
/// <param name="Manages">Decides who else may do what, and who owns it.</param>
internal sealed record JobRights(StepRights Steps, bool Manages)
{
    /// <summary>What the owner, administrators, and Tutti itself may.</summary>
    public static JobRights Everything { get; } = new(StepRights.All(StepRight.Edit), Manages: true);

    /// <summary>Whether they find the job at all.</summary>
    public bool Sees => Steps.SeesAny;

    /// <summary>Whether a step may be looked at.</summary>
    public bool MaySee(JobStep step) => Steps[step] >= StepRight.See;

    /// <summary>Whether a step may be changed.</summary>
    public bool MayEdit(JobStep step) => Steps[step] >= StepRight.Edit;

    /// <summary>Judges.</summary>
    /// <param name="job">The job.</param>
    /// <param name="asker">Who asks; Tutti itself and programs without an account may do everything.</param>
    /// <param name="known">Who that is; null for somebody whom HUB has not told of yet.</param>
    /// <param name="ownersGroup">The group of the job's owner; 0 for none.</param>
    /// <param name="others">What the owner's group lets the others do.</param>
    /// <param name="granted">What the owner decided for the asker; null for nothing.</param>
    public static JobRights Judge(Job job, Actor asker, Person? known, long ownersGroup, StepRight others, StepRights? granted)
    {
        if (asker.Id == job.Owner.Id || known is { Administrator: true })
        {
            return Everything;
        }

        // Whoever has no group works together with all who have none.
        return (known?.GroupId ?? 0) == ownersGroup ? new JobRights(granted ?? StepRights.All(others), Manages: false) : new JobRights(StepRights.All(StepRight.None), Manages: false);
    }

    /// <summary>Why somebody with these rights may not turn a job into what it became; null if nothing is against it.</summary>
    /// <param name="before">As it was.</param>
    /// <param name="after">As it would be.</param>
    public Refusal? Refuse(Job before, Job after)
    {
        if (!Sees)
        {
            return JobRefusals.NotFound(before.Code);
        }

        if ((before.Owner != after.Owner) && !Manages)
        {
            return TeamRefusals.NotManager(before);
        }

        var needed = Enum.GetValues<JobStep>().Where(step => before.Edits.GetValueOrDefault(step) != after.Edits.GetValueOrDefault(step)).ToHashSet();
        if (before.State != after.State || before.FourEyes != after.FourEyes)
        {
            needed.Add(JobStep.Authorize);
        }

        if (before.TestRule != after.TestRule)
        {
            needed.Add(JobStep.Test);
        }

        foreach (var step in needed.Order())
        {
            if (!MayEdit(step))
            {
                return TeamRefusals.NotYours(before, step);
            }
        }

        return Steps.EditsAny ? null : TeamRefusals.OnlySees(before);
    }
}
