// SPDX-License-Identifier: Apache-2.0
using System.Data;
using Tutti.Wiring.Storage;

namespace Tutti.Dst.Journal;

/// <summary>
/// What becomes of the work of distributors that are gone: whom they held waits for anybody again, and what they had offered is in doubt,
/// and says so in the feed.
/// </summary>
internal static class Recovery
{
    private const string Reason = "The distributor was interrupted while it waited for the reply to this message.";

    private static readonly Statement _jobs = new("SELECT DISTINCT job_id FROM tally WHERE waiting + deferred + offered > 0");

    private static readonly Statement _free = new(
        "UPDATE recipient SET node = 0 WHERE job_id = @job AND state = 0 AND node <> 0 AND node NOT IN (SELECT number FROM node)", ("job", DbType.Int64));

    private static readonly Statement _offered = new(
        """
        SELECT recipient.id, recipient.lane, recipient.attempts, recipient.first_at, recipient.node, mail_host.name
        FROM recipient LEFT JOIN mail_host ON mail_host.number = recipient.host
        WHERE recipient.job_id = @job AND recipient.state = 1 AND recipient.node NOT IN (SELECT number FROM node)
        """,
        ("job", DbType.Int64));

    /// <summary>Takes over from everybody who holds something and stands in the list of nodes no more; on a file, where nobody does, from the run before.</summary>
    /// <returns>How many messages are in doubt now.</returns>
    public static int Run(JournalSession session, long now)
    {
        var offers = new List<(Place Place, string Host)>();
        foreach (var job in Jobs(session))
        {
            if (session.Dialect == Dialect.Postgres)
            {
                // First: from here on none of them can be offered any more, so that what is offered is seen below.
                session.Run(_free, job);
            }

            using var rows = session.Query(_offered, job);
            while (rows.Read())
            {
                var place = new Place(job, rows.GetInt64(0), rows.GetString(1), Standing.Offered, rows.GetInt32(2), rows.GetInt64(3), rows.GetInt32(4));

                // What an older release has offered says only whose host it was: the lane.
                offers.Add((place, rows.IsDBNull(5) ? place.Lane : rows.GetString(5)));
            }
        }

        foreach (var (place, host) in offers)
        {
            Moves.Settle(session, place, Standing.InDoubt, place.Attempts, Reason, host, now);
        }

        if (session.Dialect == Dialect.Sqlite)
        {
            // Nobody sends yet: the hosts of this run get numbers of their own, so that the list does not grow for ever.
            HostNumbers.Drop(session);
        }

        return offers.Count;
    }

    private static List<long> Jobs(JournalSession session)
    {
        var jobs = new List<long>();
        using var rows = session.Query(_jobs);
        while (rows.Read())
        {
            jobs.Add(rows.GetInt64(0));
        }

        return jobs;
    }
}
