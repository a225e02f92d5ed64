// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Approval;
using Tutti.Lui.Jobs;

namespace Tutti.Lui.Attachments;

/// <summary>What an authorisation covers of the files that travel with a message: each by name, type, place and the digest of its bytes. Nothing where there are none.</summary>
internal sealed class SealedFiles(JobFileStore files) : ISealedPart
{
    /// <inheritdoc/>
    public SealedPart Part => SealedPart.Content;

    /// <inheritdoc/>
    public async Task Write(CanonicalForm form, Job job, CancellationToken cancellationToken)
    {
        foreach (var file in await files.List(job.Id, cancellationToken))
        {
            form.Add("file", file.File.Name).Add("type", file.File.ContentType).Add("digest", file.File.Digest).Add("content-id", file.File.ContentId);
        }
    }
}
