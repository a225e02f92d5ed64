// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Content;
using Tutti.Lui.Jobs;

namespace Tutti.Lui.DropIns;

/// <summary>Fetches what a job's drop-ins hold anew when it leaves, where people chose that.</summary>
internal sealed class FetchLate(DropInStore store, ContentStore contents, JobDropIns dropIns)
{
    /// <summary>True if it was done.</summary>
    public async Task<bool> Handle(Job job, CancellationToken cancellationToken)
    {
        if (!await store.FetchesLate(job.Id, cancellationToken) || await contents.Find(job.Id, cancellationToken) is not { } content)
        {
            return false;
        }

        await dropIns.Refresh(job, content, job.Sender ?? PreviewContent.AnySender, cancellationToken);
        return true;
    }
}
