// SPDX-License-Identifier: Apache-2.0
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Tutti.Trk.Publications;

/// <summary>Brings all published links into memory before the first request is answered.</summary>
internal sealed partial class LoadPublications(PublicationStore store, PublishLinks publish, PublishedJobs jobs, CatchUp catchUp, ILogger<LoadPublications> logger) : IHostedService
{
    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await foreach (var kept in store.All().WithCancellation(cancellationToken))
        {
            publish.Remember(kept);
        }

        if (jobs.Count > 0)
        {
            catchUp.Begin();
        }

        LogLoaded(jobs.Count);
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(3102, LogLevel.Information, "The links of {Jobs} jobs are known", EventName = "trk.publications.loaded")]
    private partial void LogLoaded(int jobs);
}
