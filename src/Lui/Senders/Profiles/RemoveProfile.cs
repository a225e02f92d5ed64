// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Jobs;
using Tutti.Lui.Teams;
using Tutti.Wiring.Outcomes;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Senders.Profiles;

/// <summary>Takes a sender profile away that no job needs any more.</summary>
internal sealed class RemoveProfile(Database database, SenderProfileStore profiles)
{
    public sealed record Command(long Id, Actor Who);

    public Task<Outcome<SenderProfile>> Handle(Command command, CancellationToken cancellationToken) => database.Write<Outcome<SenderProfile>>(
        async transaction =>
        {
            var scope = await RightsReader.ScopeOf(transaction.Connection!, command.Who, cancellationToken, transaction);
            if (await profiles.Hold(transaction, command.Id, cancellationToken) is not { } profile || !profile.IsSeenBy(scope))
            {
                return ProfileRefusals.NotFound(command.Id);
            }

            if (!SenderProfile.MayEdit(profile.GroupId, scope))
            {
                return ProfileRefusals.NotYours();
            }

            if (await SenderProfileStore.Uses(transaction.Connection!, transaction, profile.Id, cancellationToken) is { Count: > 0 } uses)
            {
                return ProfileRefusals.Used(profile, uses);
            }

            await SenderProfileStore.Remove(transaction, profile.Id, cancellationToken);
            return profile;
        },
        cancellationToken);
}
