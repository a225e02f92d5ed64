// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Jobs;
using Tutti.Lui.Jobs.Steps;
using Tutti.Lui.Teams;
using Tutti.Wiring.Outcomes;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.OnDemand;

/// <summary>Lets no more recipients come: the job is completed when everybody who came has a fate.</summary>
internal sealed class EndOnDemand(Database database, JobStore jobs, TimeProvider clock)
{
    public sealed record Command(Job Job, Actor Who);

    public Task<Outcome<Job>> Handle(Command command, CancellationToken cancellationToken) => database.Write<Outcome<Job>>(
        async transaction =>
        {
            await jobs.Lock(transaction, command.Job.Id, cancellationToken);
            if (!(await RightsReader.Of(transaction.Connection!, transaction, command.Job, command.Who, cancellationToken)).MayEdit(JobStep.Authorize))
            {
                return TeamRefusals.NotYours(command.Job, JobStep.Authorize);
            }

            if (!await OnDemandStore.End(transaction, command.Job.Id, cancellationToken))
            {
                return OnDemandRefusals.NotRunning(command.Job);
            }

            await JobStore.Write(transaction, command.Job.Id, new JournalEntry(clock.GetUtcNow(), command.Who, "ended", OnDemandWords.DidEnd), cancellationToken);
            return command.Job;
        },
        cancellationToken);
}
