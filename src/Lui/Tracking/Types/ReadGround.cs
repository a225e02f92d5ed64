// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Jobs;
using Tutti.Lui.OnDemand;
using Tutti.Lui.Recipients;
using Tutti.Lui.Senders;

namespace Tutti.Lui.Tracking.Types;

/// <summary>Finds out what decides which tracking types a job may have.</summary>
internal sealed class ReadGround(RecipientSourceStore sources, OnDemandStore demands, ListAmongRecipients lists)
{
    public async Task<TrackingGround> Handle(Job job, CancellationToken cancellationToken)
    {
        var source = job.RecipientsId is { } id ? await sources.Find(id, cancellationToken) : null;
        return new TrackingGround(
            job.Way,
            await demands.IsChosen(job.Id, cancellationToken),
            job.Way == JobWay.Engine ? null : await lists.Find(job, cancellationToken),
            source?.Columns,
            source is null ? [] : [source.Columns[source.AddressColumn], .. source.NameColumn is { } name ? [source.Columns[name]] : (IReadOnlyList<string>)[]]);
    }
}
