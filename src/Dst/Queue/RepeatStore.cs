// SPDX-License-Identifier: Apache-2.0
using System.Data;
using Tutti.Dst.Journal;

namespace Tutti.Dst.Queue;

/// <summary>Sends again to recipients in doubt, because people decided so: the one way out of a fate.</summary>
internal static class RepeatStore
{
    private static readonly Statement _find = new(
        "SELECT state, lane, attempts FROM recipient WHERE job_id = @job AND id = @id", ("job", DbType.Int64), ("id", DbType.Int64));

    // The time of the first attempt stays: the message carries the same Date and Message-ID, by which a receiver may know the second copy.
    private static readonly Statement _again = new(
        """
        UPDATE recipient SET state = 0, node = 0, next_at = 0, token = @token, lane = @lane, address = @address, display_name = @name, reply = NULL
        WHERE job_id = @job AND id = @id AND state = 7
        """,
        ("token", DbType.Int64), ("lane", DbType.String), ("address", DbType.String), ("name", DbType.String), ("job", DbType.Int64), ("id", DbType.Int64));

    private static readonly Statement _values = new(
        """
        INSERT INTO recipient_values (job_id, id, slot_values) VALUES (@job, @id, @values)
        ON CONFLICT (job_id, id) DO UPDATE SET slot_values = excluded.slot_values
        """,
        ("job", DbType.Int64), ("id", DbType.Int64), ("values", DbType.Binary));

    private static readonly Statement _countFrom = new(
        "UPDATE delivery SET due_at = @now WHERE job_id = @job AND due_at < @now", ("now", DbType.Int64), ("job", DbType.Int64));

    /// <summary>Lets a recipient in doubt wait once more.</summary>
    /// <returns>False if the recipient is not known here.</returns>
    public static bool Again(JournalSession session, long job, NewRecipient recipient)
    {
        Standing standing;
        string lane;
        int attempts;
        using (var row = session.Query(_find, job, recipient.Id))
        {
            if (!row.Read())
            {
                return false;
            }

            (standing, lane, attempts) = ((Standing)row.GetInt32(0), row.GetString(1), row.GetInt32(2));
        }

        if (standing == Standing.InDoubt && recipient.Problem is null)
        {
            session.Run(_again, recipient.Token, recipient.Lane, recipient.Address, recipient.DisplayName, job, recipient.Id);
            if (recipient.Values is not null)
            {
                session.Run(_values, job, recipient.Id, recipient.Values);
            }

            session.Tally.Repeated(job, lane, recipient.Lane, isDeferred: attempts > 0);
        }

        return true;
    }

    /// <summary>The retry period of a delivery counts from now.</summary>
    public static void CountFrom(JournalSession session, long job, long now) => session.Run(_countFrom, now, job);
}
