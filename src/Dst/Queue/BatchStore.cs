// SPDX-License-Identifier: Apache-2.0
using System.Data;
using Tutti.Dst.Journal;
using Tutti.Wiring.Storage;

namespace Tutti.Dst.Queue;

/// <summary>What a submitted batch met here.</summary>
internal enum BatchReception
{
    /// <summary>It is stored now.</summary>
    Stored,

    /// <summary>It was here already; nothing changed.</summary>
    Repeated,

    /// <summary>Its delivery was never opened here.</summary>
    Unknown,
}

/// <summary>Takes batches of recipients into the queue, each once.</summary>
internal static class BatchStore
{
    // A delivery that was cleared has something to clear again once this batch is done.
    private static readonly Statement _touch = new(
        "UPDATE delivery SET touched_at = @now, cleared_at = NULL, arrivals = arrivals + 1 WHERE job_id = @job", ("now", DbType.Int64), ("job", DbType.Int64));

    private static readonly Statement _batch = new(
        "INSERT INTO batch (job_id, number) VALUES (@job, @number) ON CONFLICT (job_id, number) DO NOTHING",
        ("job", DbType.Int64), ("number", DbType.Int64));

    private static readonly Statement _recipient = new(
        """
        INSERT INTO recipient (job_id, id, state, attempts, next_at, first_at, token, lane, address, display_name)
        VALUES (@job, @id, 0, 0, 0, 0, @token, @lane, @address, @name)
        ON CONFLICT (job_id, id) DO NOTHING
        """,
        ("job", DbType.Int64), ("id", DbType.Int64), ("token", DbType.Int64), ("lane", DbType.String), ("address", DbType.String), ("name", DbType.String));

    private static readonly Statement _values = new(
        "INSERT INTO recipient_values (job_id, id, slot_values) VALUES (@job, @id, @values)",
        ("job", DbType.Int64), ("id", DbType.Int64), ("values", DbType.Binary));

    // One round trip for a whole batch; the rows that were new come back, and only they get values.
    private static readonly Statement _recipientsAtOnce = new(
        """
        WITH given AS (
            SELECT * FROM unnest(@ids, @tokens, @lanes, @addresses, @names, @packed)
                AS row (id, token, lane, address, display_name, slot_values)
        ), stored AS (
            INSERT INTO recipient (job_id, id, state, attempts, next_at, first_at, token, lane, address, display_name)
            SELECT @job, id, 0, 0, 0, 0, token, lane, address, display_name FROM given
            ON CONFLICT (job_id, id) DO NOTHING
            RETURNING id, lane
        ), kept AS (
            INSERT INTO recipient_values (job_id, id, slot_values)
            SELECT @job, given.id, given.slot_values FROM given JOIN stored ON stored.id = given.id WHERE given.slot_values IS NOT NULL
        )
        SELECT lane FROM stored
        """,
        ("job", DbType.Int64));

    /// <summary>Stores a batch together with the mark that it is here.</summary>
    /// <param name="session">The transaction.</param>
    /// <param name="job">The delivery.</param>
    /// <param name="number">The batch.</param>
    /// <param name="recipients">Who is in it.</param>
    /// <param name="now">Unix milliseconds.</param>
    /// <param name="repeats">Whether people decided to send to them again after a doubt.</param>
    public static BatchReception Add(JournalSession session, long job, long number, IReadOnlyList<NewRecipient> recipients, long now, bool repeats = false)
    {
        if (session.Run(_touch, now, job) == 0)
        {
            return BatchReception.Unknown;
        }

        if (session.Run(_batch, job, number) == 0)
        {
            return BatchReception.Repeated;
        }

        if (repeats)
        {
            // Who is not known here, because this store was restored, comes in below as anybody else.
            recipients = [.. recipients.Where(recipient => !RepeatStore.Again(session, job, recipient))];
            RepeatStore.CountFrom(session, job, now);
        }

        if (session.Dialect == Dialect.Postgres)
        {
            AddAtOnce(session, job, recipients);
        }
        else
        {
            AddOneByOne(session, job, recipients);
        }

        foreach (var recipient in recipients)
        {
            if (recipient.Problem is not null)
            {
                var place = new Place(job, recipient.Id, recipient.Lane, Standing.Waiting, Attempts: 0, FirstAt: 0);
                Moves.Settle(session, place, Standing.Refused, attempts: 0, recipient.Problem, host: "", now);
            }
        }

        return BatchReception.Stored;
    }

    private static void AddOneByOne(JournalSession session, long job, IReadOnlyList<NewRecipient> recipients)
    {
        foreach (var recipient in recipients)
        {
            if (session.Run(_recipient, job, recipient.Id, recipient.Token, recipient.Lane, recipient.Address, recipient.DisplayName) == 0)
            {
                continue;
            }

            session.Tally.Submitted(job, recipient.Lane);
            if (recipient.Values is not null)
            {
                session.Run(_values, job, recipient.Id, recipient.Values);
            }
        }
    }

    private static void AddAtOnce(JournalSession session, long job, IReadOnlyList<NewRecipient> recipients)
    {
        using var lanes = session.QueryArrays(
            _recipientsAtOnce,
            [job],
            ("ids", recipients.Select(recipient => recipient.Id).ToArray()),
            ("tokens", recipients.Select(recipient => recipient.Token).ToArray()),
            ("lanes", recipients.Select(recipient => recipient.Lane).ToArray()),
            ("addresses", recipients.Select(recipient => recipient.Address).ToArray()),
            ("names", recipients.Select(recipient => recipient.DisplayName).ToArray()),
            ("packed", recipients.Select(recipient => recipient.Values).ToArray()));
        while (lanes.Read())
        {
            session.Tally.Submitted(job, lanes.GetString(0));
        }
    }
}
