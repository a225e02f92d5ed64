// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Delivery.Releases;
using Tutti.Lui.Delivery.Starting;
using Tutti.Lui.Jobs;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Delivery;

/// <summary>
/// Looks what is to be done: jobs that are due, jobs that people stopped, resumed or closed, deliveries that can go on.
/// Everything it decides is read from the database, so it does not matter when it was killed. Of several nodes the one with
/// a job's lease looks after it.
/// </summary>
internal sealed class AdvanceDeliveries(
    JobStore jobs, DeliveryStore deliveries, StartDelivery start, FinishDelivery finish, ReleaseRecipients release, Leases leases, TimeProvider clock)
{
    /// <summary>The deliveries that can be moved on now.</summary>
    public async Task<IReadOnlyList<Delivery>> Handle(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        foreach (var job in await jobs.InState(JobState.Waiting, cancellationToken))
        {
            if (job.DueAt <= now && await leases.Keep(LeaseOf(job.Id), cancellationToken))
            {
                await start.Begin(job.Id, cancellationToken);
            }
        }

        foreach (var job in await jobs.InState(JobState.Processing, cancellationToken))
        {
            if (await leases.Keep(LeaseOf(job.Id), cancellationToken) && await start.Handle(job, cancellationToken) is { State: DeliveryState.Closed } ended)
            {
                await finish.Handle(ended, cancellationToken);
            }
        }

        var own = new List<Delivery>();
        foreach (var delivery in await deliveries.Open(cancellationToken))
        {
            if (await leases.Keep(LeaseOf(delivery.JobId), cancellationToken))
            {
                own.Add(await release.Handle(await Follow(delivery, cancellationToken), cancellationToken));
            }
        }

        return own;
    }

    /// <summary>The lease of a job's deliveries.</summary>
    public static string LeaseOf(long jobId) => $"job {jobId}";

    /// <summary>A job's delivery runs while the job is in processing, is held while it has failed, and is withdrawn once it was closed.</summary>
    private async Task<Delivery> Follow(Delivery delivery, CancellationToken cancellationToken)
    {
        if (delivery.Kind == DeliveryKind.Test || await jobs.Find(delivery.JobId, cancellationToken) is not { } job)
        {
            return delivery;
        }

        var course = job.State switch
        {
            JobState.Failed => Course.Hold,
            JobState.Completed or JobState.Archived => Course.Withdraw,
            JobState.Processing or JobState.Waiting or JobState.Open => Course.Run,
        };
        if (course == delivery.Course)
        {
            return delivery;
        }

        await deliveries.SetCourse(delivery.Id, course, cancellationToken);
        return await deliveries.Find(delivery.Id, cancellationToken) ?? delivery;
    }
}
