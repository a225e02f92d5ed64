// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Approval;
using Tutti.Lui.Jobs;
using Tutti.Lui.Tracking.Types;

namespace Tutti.Lui.Tracking;

/// <summary>What an authorisation covers of tracking: its type, and whose address the links lead to. Their targets stand in the message.</summary>
internal sealed class SealedLinks : ISealedPart
{
    /// <inheritdoc/>
    public SealedPart Part => SealedPart.Links;

    /// <inheritdoc/>
    public Task Write(CanonicalForm form, Job job, CancellationToken cancellationToken)
    {
        form.Add("type", job.Tracking is { } tracking ? Words.Of(tracking) : null).Add("tracker", job.TrackerHost);
        if (job.TrackingDetails.ToJson() is { } details)
        {
            form.Add("details", details);
        }

        if (job.TrackingDetails.Parameters.Any(TrackingDetails.NamesTitle))
        {
            form.Add("title", job.Title);
        }

        return Task.CompletedTask;
    }
}
