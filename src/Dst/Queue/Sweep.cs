// SPDX-License-Identifier: Apache-2.0
using System.Data;
using Tutti.Dst.Journal;

namespace Tutti.Dst.Queue;

/// <summary>Gives recipients that wait a fate without sending anything, a few in one transaction, so that nobody waits long for the journal.</summary>
internal static class Sweep
{
    private static readonly Statement _waiting = new(
        "SELECT id, lane, attempts, first_at, reply FROM recipient WHERE job_id = @job AND state = 0 LIMIT @limit",
        ("job", DbType.Int64), ("limit", DbType.Int32));

    /// <summary>Settles some; the words of the event are made of the recipient's lane and the receiver's last reply, if there was one.</summary>
    /// <returns>How many it settled; 0 if none waits any more.</returns>
    public static int Some(JournalSession session, long job, Standing fate, Func<string, string?, string> words, long now, int limit)
    {
        var found = new List<(Place Place, string? Reply)>();
        using (var rows = session.Query(_waiting, job, limit))
        {
            while (rows.Read())
            {
                var place = new Place(job, rows.GetInt64(0), rows.GetString(1), Standing.Waiting, rows.GetInt32(2), rows.GetInt64(3));
                found.Add((place, rows.IsDBNull(4) ? null : rows.GetString(4)));
            }
        }

        foreach (var (place, reply) in found)
        {
            Moves.Settle(session, place, fate, place.Attempts, words(place.Lane, reply), "", now);
        }

        return found.Count;
    }
}
