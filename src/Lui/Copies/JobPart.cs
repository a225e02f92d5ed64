// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Jobs;
using Tutti.Lui.Jobs.Steps;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Copies;

/// <summary>A part of a job that can be copied into another one.</summary>
internal enum JobPart
{
    /// <summary>The set of recipients in use.</summary>
    Recipients,

    /// <summary>The message.</summary>
    Content,

    /// <summary>What is learnt of recipients.</summary>
    Tracking,

    /// <summary>Who it comes from and the way it leaves.</summary>
    Sender,

    /// <summary>When it leaves, if that is not past.</summary>
    Schedule,

    /// <summary>Who may do what with it.</summary>
    Team,
}

/// <summary>A slice that knows how to copy what it keeps of a job. Several may answer for one part.</summary>
internal interface ICopiedPart
{
    /// <summary>The part that it belongs to.</summary>
    JobPart Part { get; }

    /// <summary>Copies it; false if there is nothing to copy. What is copied is an edit of the other job like any other.</summary>
    Task<Outcome<bool>> Copy(Job from, Job to, Actor who, CancellationToken cancellationToken);
}

/// <summary>What parts are called, and which right they ask for.</summary>
internal static class JobParts
{
    /// <summary>The step whose sight a part asks for; null for what belongs to the job as a whole.</summary>
    public static JobStep? StepOf(JobPart part) => part switch
    {
        JobPart.Recipients => JobStep.Recipients,
        JobPart.Content => JobStep.Content,
        JobPart.Tracking => JobStep.Tracking,
        JobPart.Sender => JobStep.Sender,
        JobPart.Schedule => JobStep.Schedule,
        JobPart.Team => null,
    };

    /// <summary>The name of a part as people read it.</summary>
    public static string NameOf(JobPart part) => StepOf(part) is { } step ? Workflow.NameOf(step) : Teams.TeamsWords.Title;
}
