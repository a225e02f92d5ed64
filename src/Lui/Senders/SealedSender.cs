// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Approval;
using Tutti.Lui.Jobs;

namespace Tutti.Lui.Senders;

/// <summary>What an authorisation covers of a job's sender.</summary>
internal sealed class SealedSender : ISealedPart
{
    /// <inheritdoc/>
    public SealedPart Part => SealedPart.Sender;

    /// <inheritdoc/>
    public Task Write(CanonicalForm form, Job job, CancellationToken cancellationToken)
    {
        form.Add("name", job.Sender?.Name).Add("address", job.Sender?.Address).Add("reply-to", job.Sender?.ReplyTo).Add("way", Words.Of(job.Way));
        return Task.CompletedTask;
    }
}
