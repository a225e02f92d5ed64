// SPDX-License-Identifier: Apache-2.0
using Dapper;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Delivery.Releases;

/// <summary>
/// Lets the next part of a delivery's recipients go when its time has come. What is released is in the database before
/// anybody is claimed, so that a part is released once, whatever is killed when.
/// </summary>
internal sealed class ReleaseRecipients(Database database, TimeProvider clock)
{
    // A part that is late by less than this share of the interval was only waiting for the next look: the beat stays.
    private const double Slack = 0.1;

    /// <summary>The delivery as it is after what is due was released.</summary>
    public async Task<Delivery> Handle(Delivery delivery, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (delivery.Course != Course.Run || delivery.Pace is not { } pace || delivery.NextReleaseAt is not { } due || due > now)
        {
            return delivery;
        }

        var part = delivery.Releases + 1;
        while (pace.LastOf(part, delivery.LastId) == delivery.ReleasedTo && delivery.ReleasedTo < delivery.LastId)
        {
            part++;
        }

        // After a pause the parts that are overdue do not come at once: that would be the crowd that was to be avoided.
        var to = pace.LastOf(part, delivery.LastId);
        var beat = now - due < pace.Interval * Slack ? due : now;
        var released = delivery with { Releases = part, ReleasedTo = to, NextReleaseAt = to < delivery.LastId ? beat + pace.Interval : null };
        var moved = await database.Write(
            transaction => transaction.Connection!.ExecuteAsync(new CommandDefinition(
                """
                UPDATE delivery SET released_to = @ReleasedTo, releases = @Releases, next_release_at = @next
                WHERE id = @Id AND released_to = @from AND course = 'run'
                """,
                new { released.Id, released.ReleasedTo, released.Releases, next = released.NextReleaseAt?.ToUnixTimeMilliseconds(), from = delivery.ReleasedTo },
                transaction,
                cancellationToken: cancellationToken)),
            cancellationToken);
        return moved == 1 ? released : delivery;
    }
}
