// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Jobs;
using Tutti.Lui.Jobs.Steps;

namespace Tutti.Lui.Tracking.Types;

/// <summary>How far the tracking of a job is: what was chosen must still fit the recipients and the way.</summary>
internal sealed class TrackingStep(ReadGround ground) : IStepSource
{
    /// <inheritdoc/>
    public JobStep Step => JobStep.Tracking;

    /// <inheritdoc/>
    public async ValueTask<StepReport> Report(Job job, CancellationToken cancellationToken)
    {
        var report = Workflow.OfTracking(job);
        return job.Tracking is { } tracking && TrackingRules.Refuse(tracking, job.TrackingDetails, await ground.Handle(job, cancellationToken)) is { } refusal
            ? report with { State = StepState.NeedsAttention, Detail = refusal.Message }
            : report;
    }
}
