// SPDX-License-Identifier: Apache-2.0
using System.Data;

namespace Tutti.Dst.Journal;

/// <summary>
/// The moves of a recipient between its standings. Each is conditional: where the recipient does not stand, or is not held, as the mover
/// believed, it does nothing. That is the fence of a distributor that slept while others took its work over. What was done is known at the
/// latest at the commit.
/// </summary>
internal static class Moves
{
    private static readonly Statement _offer = new(
        """
        UPDATE recipient SET state = 1, attempts = @attempts, first_at = @first_at, host = @host
        WHERE job_id = @job AND id = @id AND state = 0 AND node = @node AND attempts = @attempts - 1
        """,
        ("attempts", DbType.Int32), ("first_at", DbType.Int64), ("host", DbType.Int32), ("job", DbType.Int64), ("id", DbType.Int64), ("node", DbType.Int32));

    private static readonly Statement _isOffered = new(
        "UPDATE recipient SET attempts = @attempts WHERE job_id = @job AND id = @id AND state = 1 AND node = @node AND attempts = @attempts",
        ("attempts", DbType.Int32), ("job", DbType.Int64), ("id", DbType.Int64), ("node", DbType.Int32));

    private static readonly Statement _settle = new(
        "UPDATE recipient SET state = @state, attempts = @attempts WHERE job_id = @job AND id = @id AND state = 0",
        ("state", DbType.Int32), ("attempts", DbType.Int32), ("job", DbType.Int64), ("id", DbType.Int64));

    private static readonly Statement _settleOwn = new(
        "UPDATE recipient SET state = @state, attempts = @attempts WHERE job_id = @job AND id = @id AND state = @from AND node = @node",
        ("state", DbType.Int32), ("attempts", DbType.Int32), ("job", DbType.Int64), ("id", DbType.Int64), ("from", DbType.Int32), ("node", DbType.Int32));

    private static readonly Statement _wait = new(
        """
        UPDATE recipient SET state = 0, attempts = @attempts, first_at = @first_at, next_at = @next_at, reply = COALESCE(@reply, reply), node = @to
        WHERE job_id = @job AND id = @id AND state = @from AND node = @node
        """,
        ("attempts", DbType.Int32), ("first_at", DbType.Int64), ("next_at", DbType.Int64), ("reply", DbType.String), ("to", DbType.Int32),
        ("job", DbType.Int64), ("id", DbType.Int64), ("from", DbType.Int32), ("node", DbType.Int32));

    /// <summary>All but the terminator has been written; the terminator comes after the commit, and only if this was done.</summary>
    /// <param name="session">Where.</param>
    /// <param name="place">Where the recipient stands.</param>
    /// <param name="now">Unix milliseconds.</param>
    /// <param name="done">Hears whether it was done.</param>
    /// <param name="host">The number of the host it is offered to; 0 if that is not known.</param>
    /// <param name="isRepeated">A commit with this very offer has failed before, and may have come through all the same.</param>
    public static void Offer(JournalSession session, Place place, long now, Action<bool>? done = null, int host = 0, bool isRepeated = false) => session.Send(
        rows =>
        {
            if (rows > 0)
            {
                session.Tally.Moved(place.Job, place.Lane, Standing.Waiting, place.IsDeferred, Standing.Offered, isDeferred: false);
            }
            else if (isRepeated)
            {
                session.Send(again => done?.Invoke(again > 0), _isOffered, place.Attempts + 1, place.Job, place.Id, place.Node);
                return;
            }

            done?.Invoke(rows > 0);
        },
        _offer, place.Attempts + 1, FirstAt(place, now), host, place.Job, place.Id, place.Node);

    /// <summary>Gives a recipient its fate, with the event.</summary>
    public static void Settle(
        JournalSession session, Place place, Standing fate, int attempts, string reply, string host, long now, Action<bool>? done = null)
    {
        if (place.Standing == Standing.Waiting)
        {
            session.Send(rows => Settled(rows, Standing.Waiting), _settle, (int)fate, attempts, place.Job, place.Id);
            return;
        }

        session.Send(
            rows =>
            {
                if (rows == 0 && place.Node != 0 && fate != Standing.InDoubt)
                {
                    // Another distributor took this one for gone and called the message in doubt; here is the answer after all.
                    session.Send(late => Settled(late, Standing.InDoubt), _settleOwn, (int)fate, attempts, place.Job, place.Id, (int)Standing.InDoubt, place.Node);
                    return;
                }

                Settled(rows, place.Standing);
            },
            _settleOwn, (int)fate, attempts, place.Job, place.Id, (int)place.Standing, place.Node);

        void Settled(int rows, Standing from)
        {
            if (rows > 0)
            {
                session.AddEvent(now, place.Job, place.Id, fate, attempts, reply, host);
                session.Tally.Moved(place.Job, place.Lane, from, place.IsDeferred, fate, isDeferred: false);
            }

            done?.Invoke(rows > 0);
        }
    }

    /// <summary>A receiver asked to come back later; whoever is free then does.</summary>
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
        _wait, place.Attempt, FirstAt(place, now), nextAt, reply, 0, place.Job, place.Id, (int)place.Standing, place.Node);

    /// <summary>Takes an offer back whose terminator certainly never left; the recipient is still held.</summary>
    public static void Retract(JournalSession session, Place place, long nextAt, Action<bool>? done = null) => session.Send(
        rows =>
        {
            if (rows > 0)
            {
                session.Tally.Moved(place.Job, place.Lane, Standing.Offered, wasDeferred: false, Standing.Waiting, isDeferred: place.Attempts > 1);
            }

            done?.Invoke(rows > 0);
        },
        _wait, place.Attempts - 1, place.FirstAt, nextAt, null, place.Node, place.Job, place.Id, (int)Standing.Offered, place.Node);

    private static long FirstAt(Place place, long now) => place.FirstAt == 0 ? now : place.FirstAt;
}
