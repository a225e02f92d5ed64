// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Delivery.Starting;
using Tutti.Lui.Jobs;

namespace Tutti.Lui.Delivery;

/// <summary>
/// Looks what is to be done: jobs that are due, jobs that people stopped, resumed or closed, deliveries that can go on.
/// Everything it decides is read from the database, so it does not matter when it was killed.
/// </summary>
internal sealed class AdvanceDeliveries(JobStore jobs, DeliveryStore deliveries, StartDelivery start, FinishDelivery finish, TimeProvider clock)
{
    /// <summary>The deliveries that can be moved on now.</summary>
    public async Task<IReadOnlyList<Delivery>> Handle(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        foreach (var job in await jobs.InState(JobState.Waiting, cancellationToken))
        {
            if (job.DueAt <= now)
            {
                await start.Begin(job.Id, cancellationToken);
            }
        }

        foreach (var job in await jobs.InState(JobState.Processing, cancellationToken))
        {
            if (await start.Handle(job, cancellationToken) is { State: DeliveryState.Closed } ended)
            {
                await finish.Handle(ended, cancellationToken);
            }
        }

        foreach (var delivery in await deliveries.Open(cancellationToken))
        {
            await Follow(delivery, cancellationToken);
        }

        return await deliveries.Open(cancellationToken);
    }

    /// <summary>A job's delivery runs while the job is in processing, is held while it has failed, and is withdrawn once it was closed.</summary>
    private async Task Follow(Delivery delivery, CancellationToken cancellationToken)
    {
        if (delivery.Kind == DeliveryKind.Test || await jobs.Find(delivery.JobId, cancellationToken) is not { } job)
        {
            return;
        }

        var course = job.State switch
        {
            JobState.Failed => Course.Hold,
            JobState.Completed => Course.Withdraw,
            JobState.Processing or JobState.Waiting or JobState.Open => Course.Run,
        };
        if (course != delivery.Course)
        {
            await deliveries.SetCourse(delivery.Id, course, cancellationToken);
        }
    }
}
