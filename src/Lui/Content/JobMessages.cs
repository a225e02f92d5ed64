// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Attachments;
using Tutti.Lui.DropIns;
using Tutti.Lui.Jobs;
using Tutti.Lui.Tracking.Types;
using Tutti.Mail.Composing;

namespace Tutti.Lui.Content;

/// <summary>A job's message with everything that belongs to it: what was written with its drop-ins, and the files that travel with it.</summary>
internal sealed class JobMessages(JobFileStore files, JobDropIns dropIns)
{
    /// <summary>The message of a job.</summary>
    /// <param name="job">The job.</param>
    /// <param name="content">What was written, saved or not.</param>
    /// <param name="sender">Who sends.</param>
    /// <param name="tracking">How much leads back to recipients.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<MessageSource> SourceOf(Job job, JobContent content, JobSender sender, JobTracking tracking, CancellationToken cancellationToken) =>
        MessageSources.Of((await dropIns.Expand(job, content, sender, cancellationToken)).Content, sender, tracking) with
        {
            Files = [.. (await files.List(job.Id, cancellationToken)).Select(file => file.File)],
            Links = TrackingDetails.PlanOf(job),
        };

    /// <summary>Why a job's message must not leave for its drop-ins; null if it may.</summary>
    public async Task<DropInTrouble?> TroubleOf(Job job, JobContent content, JobSender sender, CancellationToken cancellationToken) =>
        (await dropIns.Expand(job, content, sender, cancellationToken)).Troubles.FirstOrDefault(trouble => trouble.Blocks);
}
