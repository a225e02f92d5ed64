// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Approval;
using Tutti.Lui.Jobs;

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
        return Task.CompletedTask;
    }
}
