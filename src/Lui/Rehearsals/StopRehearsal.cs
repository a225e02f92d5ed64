// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Jobs;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Rehearsals;

/// <summary>Stops a rehearsal; what it has shown so far stays.</summary>
internal sealed class StopRehearsal(RehearsalStore rehearsals)
{
    public async Task<Outcome<Job>> Handle(Job job, CancellationToken cancellationToken) =>
        await rehearsals.OfJob(job.Id, cancellationToken) is { } rehearsal && await rehearsals.Stop(rehearsal.Id, cancellationToken) ? job : RehearsalRefusals.NotRunning(job);
}
