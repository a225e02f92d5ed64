// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Lui.Jobs.Steps;

/// <summary>The seven steps of a mail job, in the order of the workflow page.</summary>
internal enum JobStep
{
    /// <summary>Who gets it.</summary>
    Recipients,

    /// <summary>What they get.</summary>
    Content,

    /// <summary>What is learnt of them.</summary>
    Tracking,

    /// <summary>Who it comes from.</summary>
    Sender,

    /// <summary>Trying it out, or deciding not to.</summary>
    Test,

    /// <summary>When it leaves.</summary>
    Schedule,

    /// <summary>The decision to send.</summary>
    Authorize,
}

/// <summary>How far a step is.</summary>
internal enum StepState
{
    /// <summary>Other steps come first.</summary>
    NotYetPossible,

    /// <summary>Can be done now.</summary>
    Open,

    /// <summary>Something is in the way that people have to look at.</summary>
    NeedsAttention,

    /// <summary>Done.</summary>
    Done,
}

/// <summary>What the slice that owns a step says of it.</summary>
/// <param name="State">How far it is.</param>
/// <param name="Summary">What there is, in plain words: "12,480 recipients from spring.csv, 37 set apart".</param>
/// <param name="Detail">What needs attention, or null.</param>
internal sealed record StepReport(StepState State, string Summary, string? Detail = null);

/// <summary>A step as the workflow page shows it.</summary>
/// <param name="Step">Which one.</param>
/// <param name="State">How far it is.</param>
/// <param name="Summary">What there is, in plain words.</param>
/// <param name="Detail">Why it is not yet possible, or what needs attention; null if neither.</param>
/// <param name="Edit">Who worked on it last, and when; null if nobody did.</param>
internal sealed record StepStatus(JobStep Step, StepState State, string Summary, string? Detail, Edit? Edit);

/// <summary>A slice that keeps a step's data in tables of its own, and so alone can say how far the step is.</summary>
internal interface IStepSource
{
    /// <summary>The step it answers for.</summary>
    JobStep Step { get; }

    /// <summary>How far the step of this job is.</summary>
    ValueTask<StepReport> Report(Job job, CancellationToken cancellationToken);
}
