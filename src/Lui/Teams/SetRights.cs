// SPDX-License-Identifier: Apache-2.0
using Tutti.Frame.Words;
using Tutti.Lui.Jobs;
using Tutti.Wiring.Outcomes;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Teams;

/// <summary>The owner decides what somebody else may do with a job.</summary>
internal sealed class SetRights(Database database, JobStore jobs, ReadTeam read, TimeProvider clock)
{
    /// <param name="JobId">The job.</param>
    /// <param name="Who">Who decides.</param>
    /// <param name="Rights">What each of these accounts may do from now on; null: what the group's rule says.</param>
    public sealed record Command(long JobId, Actor Who, IReadOnlyDictionary<string, StepRights?> Rights);

    public async Task<Outcome<Job>> Handle(Command command, CancellationToken cancellationToken)
    {
        if (await jobs.Find(command.JobId, cancellationToken) is not { } job)
        {
            return JobRefusals.NotFound(command.JobId);
        }

        var team = await read.Handle(job, cancellationToken);
        if (command.Rights.Keys.FirstOrDefault(id => team.Members.All(member => member.Person.Id != id)) is { } stranger)
        {
            return stranger == job.Owner.Id ? TeamRefusals.OwnersRights(job) : TeamRefusals.NoSuchPerson(stranger);
        }

        var now = clock.GetUtcNow();
        var names = string.Join(", ", team.Members.Where(member => command.Rights.ContainsKey(member.Person.Id)).Select(member => member.Person.DisplayName));
        return await database.Write(
            async transaction =>
            {
                if (!(await RightsReader.Of(transaction.Connection!, transaction, job, command.Who, cancellationToken)).Manages)
                {
                    return TeamRefusals.NotManager(job);
                }

                var outcome = await jobs.Change(
                    transaction, job.Id, version: null, current => current, _ => new JournalEntry(now, command.Who, "team", SharedWords.Fill(TeamsWords.DidDecide, names)), cancellationToken);
                if (!outcome.IsRefused)
                {
                    foreach (var (person, rights) in command.Rights)
                    {
                        await TeamStore.Set(transaction, job.Id, person, rights, cancellationToken);
                    }
                }

                return outcome;
            },
            cancellationToken);
    }
}
