// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Jobs;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Triggers;

/// <summary>Lets the job go that belongs to a token. A token that is wrong or revoked does nothing, and the answer is the same for both.</summary>
internal sealed class PullTrigger(TriggerStore store, TriggerJob trigger)
{
    public async Task<Outcome<Job>> Handle(string token, CancellationToken cancellationToken) =>
        await store.JobOf(TriggerAddress.HashOf(token), cancellationToken) is { } jobId
            ? await trigger.Handle(new TriggerJob.Command(jobId, new Actor("trigger", TriggersWords.ByAddress)), cancellationToken)
            : TriggerRefusals.NoAddress();
}
