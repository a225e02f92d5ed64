// SPDX-License-Identifier: Apache-2.0
using Tutti.Frame.Words;
using Tutti.Lui.Jobs;
using Tutti.Wiring.Outcomes;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Senders.Profiles;

/// <summary>Makes a profile the sender of a job.</summary>
internal sealed class UseProfile(Database database, JobStore jobs, SenderProfileStore profiles, TimeProvider clock)
{
    /// <param name="JobId">The job.</param>
    /// <param name="Who">Who chooses.</param>
    /// <param name="Profile">The profile's number.</param>
    /// <param name="Way">How the messages leave.</param>
    /// <param name="Version">The version of the job that people saw.</param>
    public sealed record Command(long JobId, Actor Who, long Profile, JobWay Way, long? Version);

    public Task<Outcome<Job>> Handle(Command command, CancellationToken cancellationToken) => database.Write<Outcome<Job>>(
        async transaction =>
        {
            // The profile before the job, as where a profile is changed: two who wait for each other would wait for ever.
            var profile = await profiles.Hold(transaction, command.Profile, cancellationToken);
            if (await jobs.Find(command.JobId, cancellationToken) is not { } job)
            {
                return JobRefusals.NotFound(command.JobId);
            }

            if (profile is null || !profile.IsFor(await SenderProfileStore.GroupOf(transaction.Connection!, transaction, job.Owner.Id, cancellationToken)))
            {
                return ProfileRefusals.NotFound(command.Profile);
            }

            var now = clock.GetUtcNow();
            return await jobs.Change(
                transaction,
                command.JobId,
                command.Version,
                current => current.SendAs(profile.Sender, command.Way, command.Who, now, profile.Id),
                _ => new JournalEntry(now, command.Who, "sender", SharedWords.Fill(ProfilesWords.DidUse, profile.Title, NameSender.DidName(command.Way, profile.Sender.Address))),
                cancellationToken);
        },
        cancellationToken);
}
