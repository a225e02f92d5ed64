// SPDX-License-Identifier: Apache-2.0
using System.Data.Common;
using Tutti.Frame.Words;
using Tutti.Lui.Jobs;
using Tutti.Lui.Teams;
using Tutti.Wiring.Outcomes;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Senders.Profiles;

/// <summary>
/// Makes a sender profile, or changes one. The jobs that use it change with it: an open one is edited by it, with what its rule about tests says; in the
/// journal of one that was authorised stands whether it counts.
/// </summary>
internal sealed class SaveProfile(Database database, JobStore jobs, SenderProfileStore profiles, LateSenders late, TimeProvider clock)
{
    /// <param name="Id">The profile to change; null for a new one.</param>
    /// <param name="Title">As people choose it.</param>
    /// <param name="GroupId">Whose jobs may use it; null: everybody's.</param>
    /// <param name="Sender">Who the recipients see, as written.</param>
    /// <param name="Who">Who saves it.</param>
    /// <param name="Version">The version that people saw; null for whatever is there.</param>
    public sealed record Command(long? Id, string Title, long? GroupId, JobSender Sender, Actor Who, long? Version = null);

    public async Task<Outcome<SenderProfile>> Handle(Command command, CancellationToken cancellationToken)
    {
        var title = command.Title.Trim();
        if (title.Length is 0 or > SenderProfile.MaxTitle || title.Any(char.IsControl))
        {
            return ProfileRefusals.Title();
        }

        if (!ReadSender.Of(command.Sender).Is(out var sender, out var refusal))
        {
            return refusal;
        }

        var now = clock.GetUtcNow();
        return await database.Write<Outcome<SenderProfile>>(
            async transaction =>
            {
                var scope = await RightsReader.ScopeOf(transaction.Connection!, command.Who, cancellationToken, transaction);
                var before = command.Id is { } id ? await profiles.Hold(transaction, id, cancellationToken) : null;
                if (command.Id is { } asked && before?.IsSeenBy(scope) is not true)
                {
                    return ProfileRefusals.NotFound(asked);
                }

                if ((before is not null && !SenderProfile.MayEdit(before.GroupId, scope)) || !SenderProfile.MayEdit(command.GroupId, scope))
                {
                    return ProfileRefusals.NotYours();
                }

                if (before is not null && command.Version is { } seen && seen != before.Version)
                {
                    return ProfileRefusals.Changed(before);
                }

                var profile = new SenderProfile(before?.Id ?? 0, title, command.GroupId, sender, command.Who, now, (before?.Version ?? 0) + 1);
                if (await SenderProfileStore.IsTaken(transaction, profile, cancellationToken))
                {
                    return ProfileRefusals.TitleTaken(title);
                }

                if (before is not null && before.GroupId != profile.GroupId && profile.GroupId is not null
                    && await SenderProfileStore.Uses(transaction.Connection!, transaction, profile.Id, cancellationToken) is { Count: > 0 } uses)
                {
                    return ProfileRefusals.Used(before, uses);
                }

                var saved = await SenderProfileStore.Save(transaction, profile, cancellationToken);
                if (before is not null && before.Sender != saved.Sender)
                {
                    await Tell(transaction, saved, now, cancellationToken);
                }

                return saved;
            },
            cancellationToken);
    }

    private async Task Tell(DbTransaction transaction, SenderProfile profile, DateTimeOffset now, CancellationToken cancellationToken)
    {
        foreach (var id in await SenderProfileStore.JobsOf(transaction, profile.Id, cancellationToken))
        {
            // It is the profile that changes the job, so nobody needs a right to the job; who changed the profile counts as its last editor all the same.
            _ = await jobs.Change(
                transaction,
                id,
                version: null,
                job => job.ProfileChanged(profile.By, now),
                job => new JournalEntry(now, Actor.Tutti, "sender-profile", WordsFor(job, profile)),
                cancellationToken);
        }
    }

    private string WordsFor(Job job, SenderProfile profile) => SharedWords.Fill(
        job.State == JobState.Open ? ProfilesWords.DidChangeOpen : late.Count(job) ? ProfilesWords.DidChangeLate : ProfilesWords.DidChangeSealed,
        profile.Title,
        profile.By.Name,
        profile.Sender.Address);
}
