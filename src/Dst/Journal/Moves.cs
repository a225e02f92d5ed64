// SPDX-License-Identifier: Apache-2.0
using System.Data;

namespace Tutti.Dst.Journal;

/// <summary>
/// The only ways a recipient goes from one standing to another. Each is a conditional write: it does nothing, and says so,
/// if the recipient does not stand any more where the mover believed it. What was done is known at the latest at the commit.
/// </summary>
internal static class Moves
{
    private static readonly Statement _offer = new(
        "UPDATE recipient SET state = 1, attempts = @attempts, first_at = @first_at WHERE job_id = @job AND id = @id AND state = 0",
        ("attempts", DbType.Int32), ("first_at", DbType.Int64), ("job", DbType.Int64), ("id", DbType.Int64));

    private static readonly Statement _settle = new(
        "UPDATE recipient SET state = @state, attempts = @attempts WHERE job_id = @job AND id = @id AND state = @from",
        ("state", DbType.Int32), ("attempts", DbType.Int32), ("job", DbType.Int64), ("id", DbType.Int64), ("from", DbType.Int32));

    private static readonly Statement _wait = new(
        """
        UPDATE recipient SET state = 0, attempts = @attempts, first_at = @first_at, next_at = @next_at, reply = COALESCE(@reply, reply)
        WHERE job_id = @job AND id = @id AND state = @from
        """,
        ("attempts", DbType.Int32), ("first_at", DbType.Int64), ("next_at", DbType.Int64), ("reply", DbType.String),
        ("job", DbType.Int64), ("id", DbType.Int64), ("from", DbType.Int32));

    /// <summary>All but the terminator has been written; the terminator comes after the commit, and only if this was done.</summary>
    public static void Offer(JournalSession session, Place place, long now, Action<bool>? done = null) => session.Send(
        rows =>
        {
            if (rows > 0)
            {
                session.Tally.Moved(place.Job, place.Lane, Standing.Waiting, place.IsDeferred, Standing.Offered, isDeferred: false);
            }

            done?.Invoke(rows > 0);
        },
        _offer, place.Attempts + 1, FirstAt(place, now), place.Job, place.Id);

    /// <summary>Gives a recipient its fate, with the event.</summary>
    public static void Settle(
        JournalSession session, Place place, Standing fate, int attempts, string reply, string host, long now, Action<bool>? done = null) => session.Send(
        rows =>
        {
            if (rows > 0)
            {
                session.AddEvent(now, place.Job, place.Id, fate, attempts, reply, host);
                session.Tally.Moved(place.Job, place.Lane, place.Standing, place.IsDeferred, fate, isDeferred: false);
            }

            done?.Invoke(rows > 0);
        },
        _settle, (int)fate, attempts, place.Job, place.Id, (int)place.Standing);

    /// <summary>A receiver asked to come back later.</summary>
    public static void Defer(JournalSession session, Place place, string reply, long nextAt, long now, Action<bool>? done = null) => session.Send(
        rows =>
        {
            if (rows > 0)
            {
                session.Tally.Moved(place.Job, place.Lane, place.Standing, place.IsDeferred, Standing.Waiting, isDeferred: true);
                session.Tally.Heard(place.Job, place.Lane, reply, nextAt);
            }

            done?.Invoke(rows > 0);
        },
        _wait, place.Attempt, FirstAt(place, now), nextAt, reply, place.Job, place.Id, (int)place.Standing);

    /// <summary>Takes an offer back whose terminator certainly never left.</summary>
    public static void Retract(JournalSession session, Place place, long nextAt, Action<bool>? done = null) => session.Send(
        rows =>
        {
            if (rows > 0)
            {
                session.Tally.Moved(place.Job, place.Lane, Standing.Offered, wasDeferred: false, Standing.Waiting, isDeferred: place.Attempts > 1);
            }

            done?.Invoke(rows > 0);
        },
        _wait, place.Attempts - 1, place.FirstAt, nextAt, null, place.Job, place.Id, (int)Standing.Offered);

    private static long FirstAt(Place place, long now) => place.FirstAt == 0 ? now : place.FirstAt;
}
