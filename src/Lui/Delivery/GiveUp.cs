// SPDX-License-Identifier: Apache-2.0
using Microsoft.Extensions.Logging;
using Tutti.Lui.Jobs;

namespace Tutti.Lui.Delivery;

/// <summary>Fails the job of a delivery that a distributor refuses for good: trying again by itself would change nothing, so people decide.</summary>
internal sealed partial class GiveUp(JobStore jobs, TimeProvider clock, ILogger<GiveUp> logger)
{
    public async Task Handle(Delivery delivery, string reason, CancellationToken cancellationToken)
    {
        LogRejected(delivery.Id, reason);
        if (delivery.Kind == DeliveryKind.Job)
        {
            await jobs.Change(
                delivery.JobId,
                version: null,
                job => job.FailDelivery(new JobFailure("rejected", reason)),
                _ => new JournalEntry(clock.GetUtcNow(), Actor.Tutti, "failed", reason),
                cancellationToken);
        }
    }

    [LoggerMessage(4503, LogLevel.Error, "Delivery {Delivery} cannot be handed over: {Reason}", EventName = "lui.delivery.rejected")]
    private partial void LogRejected(long delivery, string reason);
}
