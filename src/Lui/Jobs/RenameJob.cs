// SPDX-License-Identifier: Apache-2.0
using Tutti.Frame.Words;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Jobs;

/// <summary>Gives a mail job another title.</summary>
internal sealed class RenameJob(JobStore store, TimeProvider clock)
{
    public sealed record Command(long JobId, string Title, Actor Who, long? Version = null);

    public Task<Outcome<Job>> Handle(Command command, CancellationToken cancellationToken) => store.Change(
        command.JobId,
        command.Version,
        job => job.Rename(command.Title),
        job => new JournalEntry(clock.GetUtcNow(), command.Who, "renamed", SharedWords.Fill(JobsWords.DidRename, job.Title)),
        cancellationToken);
}
