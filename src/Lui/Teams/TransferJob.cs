// SPDX-License-Identifier: Apache-2.0
using Tutti.Frame.Words;
using Tutti.Lui.Jobs;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Teams;

/// <summary>Gives a job to another owner. It goes to the owner's group, and the rules of that group count from then on.</summary>
internal sealed class TransferJob(JobStore jobs, PeopleStore people, TimeProvider clock)
{
    /// <param name="JobId">The job.</param>
    /// <param name="Who">Who gives it away.</param>
    /// <param name="Owner">The account of the new owner.</param>
    public sealed record Command(long JobId, Actor Who, string Owner);

    public async Task<Outcome<Job>> Handle(Command command, CancellationToken cancellationToken)
    {
        if ((await people.All(cancellationToken)).FirstOrDefault(person => person.Id == command.Owner && !person.Disabled) is not { } owner)
        {
            return TeamRefusals.NoSuchPerson(command.Owner);
        }

        var now = clock.GetUtcNow();
        return await jobs.Change(
            command.JobId,
            version: null,
            job => job with { Owner = new Actor(owner.Id, owner.DisplayName), FolderId = null },
            _ => new JournalEntry(now, command.Who, "owner", SharedWords.Fill(TeamsWords.DidTransfer, owner.DisplayName)),
            cancellationToken);
    }
}
