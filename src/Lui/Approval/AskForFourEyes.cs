// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Jobs;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Approval;

/// <summary>Decides whether a job needs a second person to authorise it.</summary>
internal sealed class AskForFourEyes(JobStore store, FourEyes fourEyes, TimeProvider clock)
{
    public sealed record Command(long JobId, Actor Who, bool Asked, long? Version = null);

    public async Task<Outcome<Job>> Handle(Command command, CancellationToken cancellationToken)
    {
        if (!command.Asked && fourEyes.AskedByInstallation)
        {
            return ApprovalRefusals.AskedByInstallation();
        }

        var now = clock.GetUtcNow();
        return await store.Change(
            command.JobId,
            command.Version,
            job => job.AskForFourEyes(command.Asked),
            _ => new JournalEntry(now, command.Who, "four-eyes", command.Asked ? ApprovalWords.DidAsk : ApprovalWords.DidNotAsk),
            cancellationToken);
    }
}
