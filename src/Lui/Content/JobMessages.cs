// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Attachments;
using Tutti.Lui.Jobs;
using Tutti.Mail.Composing;

namespace Tutti.Lui.Content;

/// <summary>A job's message with everything that belongs to it: what was written, and the files that travel with it.</summary>
internal sealed class JobMessages(JobFileStore files)
{
    /// <summary>The message of a job.</summary>
    /// <param name="job">The job.</param>
    /// <param name="content">What was written, saved or not.</param>
    /// <param name="sender">Who sends.</param>
    /// <param name="tracking">How much leads back to recipients.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<MessageSource> SourceOf(Job job, JobContent content, JobSender sender, JobTracking tracking, CancellationToken cancellationToken) =>
        MessageSources.Of(content, sender, tracking) with { Files = [.. (await files.List(job.Id, cancellationToken)).Select(file => file.File)] };
}
