// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Jobs;
using Tutti.Wiring.Outcomes;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Triggers;

/// <summary>Makes the address that lets a job go. Its token is told once; a former address is worthless from then on.</summary>
internal sealed class MakeTriggerAddress(Database database, JobStore jobs, TimeProvider clock)
{
    public sealed record Command(long JobId, Actor Who);

    /// <summary>The token of the new address.</summary>
    public async Task<Outcome<string>> Handle(Command command, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var token = TriggerAddress.NewToken();
        return await database.Write<Outcome<string>>(
            async transaction =>
            {
                var changed = await jobs.Change(
                    transaction,
                    command.JobId,
                    version: null,
                    job => job.WaitsForTrigger ? job : TriggerRefusals.NotWaiting(job),
                    _ => new JournalEntry(now, command.Who, "trigger-made", TriggersWords.DidMake),
                    cancellationToken);
                if (!changed.Is(out _, out var refusal))
                {
                    return refusal;
                }

                await TriggerStore.Save(transaction, new TriggerAddress(command.JobId, now, command.Who), TriggerAddress.HashOf(token), cancellationToken);
                return token;
            },
            cancellationToken);
    }
}
