// SPDX-License-Identifier: Apache-2.0
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Jobs.Sending;

/// <summary>Takes back the authorization of a mail job that waits; it is open again, as if it had never been authorized.</summary>
internal sealed class RevokeAuthorization(JobStore store, TimeProvider clock)
{
    public sealed record Command(long JobId, Actor Who, long? Version = null);

    public Task<Outcome<Job>> Handle(Command command, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return store.Change(
            command.JobId,
            command.Version,
            job => job.Revoke(),
            _ => new JournalEntry(now, command.Who, "revoked", JobsWords.DidRevoke),
            cancellationToken);
    }
}
