// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Jobs.Listing;

namespace Tutti.Lui.Jobs;

/// <summary>The list of mail jobs, page by page.</summary>
internal sealed class ListJobs(JobStore store)
{
    /// <summary>Most jobs on one page.</summary>
    public const int MaxTake = 500;

    public Task<JobListing> Handle(JobQuery query, CancellationToken cancellationToken) =>
        store.List(query with { Skip = Math.Max(0, query.Skip), Take = Math.Clamp(query.Take, 1, MaxTake) }, cancellationToken);
}
