// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Approval;
using Tutti.Lui.Jobs;

namespace Tutti.Lui.Content;

/// <summary>What an authorisation covers of a job's message: subject and both parts, as written.</summary>
internal sealed class SealedContent(ContentStore contents) : ISealedPart
{
    /// <inheritdoc/>
    public SealedPart Part => SealedPart.Content;

    /// <inheritdoc/>
    public async Task Write(CanonicalForm form, Job job, CancellationToken cancellationToken)
    {
        var content = await contents.Find(job.Id, cancellationToken);
        form.Add("subject", content?.Subject).Add("html", content?.Html).Add("text", content?.Text);
    }
}
