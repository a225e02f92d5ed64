// SPDX-License-Identifier: Apache-2.0
using System.Data;

namespace Tutti.Dst.Journal;

/// <summary>Collects what one transaction moves between the tallies of lanes, and writes one row for each lane it touched.</summary>
internal sealed class TallyChanges
{
    private static readonly Statement _add = new(
        """
        INSERT INTO tally (job_id, lane, waiting, deferred, offered, accepted, refused, expired, suppressed, withdrawn, in_doubt, reply, next_at)
        VALUES (@job, @lane, @waiting, @deferred, @offered, @accepted, @refused, @expired, @suppressed, @withdrawn, @in_doubt, @reply, @next_at)
        ON CONFLICT (job_id, lane) DO UPDATE SET
            waiting = tally.waiting + excluded.waiting,
            deferred = tally.deferred + excluded.deferred,
            offered = tally.offered + excluded.offered,
            accepted = tally.accepted + excluded.accepted,
            refused = tally.refused + excluded.refused,
            expired = tally.expired + excluded.expired,
            suppressed = tally.suppressed + excluded.suppressed,
            withdrawn = tally.withdrawn + excluded.withdrawn,
            in_doubt = tally.in_doubt + excluded.in_doubt,
            reply = COALESCE(excluded.reply, tally.reply),
            next_at = CASE WHEN excluded.reply IS NULL THEN tally.next_at ELSE excluded.next_at END
        """,
        ("job", DbType.Int64), ("lane", DbType.String), ("waiting", DbType.Int64), ("deferred", DbType.Int64), ("offered", DbType.Int64),
        ("accepted", DbType.Int64), ("refused", DbType.Int64), ("expired", DbType.Int64), ("suppressed", DbType.Int64),
        ("withdrawn", DbType.Int64), ("in_doubt", DbType.Int64), ("reply", DbType.String), ("next_at", DbType.Int64));

    private readonly Dictionary<(long Job, string Lane), Change> _changes = [];

    /// <summary>A recipient came in and waits.</summary>
    public void Submitted(long job, string lane) => Of(job, lane).Waiting++;

    /// <summary>A recipient goes from where it stood to where it stands now; while it waits it counts as deferred once it has been tried.</summary>
    public void Moved(long job, string lane, Standing from, bool wasDeferred, Standing to, bool isDeferred)
    {
        var change = Of(job, lane);
        change.At(from, wasDeferred)--;
        change.At(to, isDeferred)++;
    }

    /// <summary>A recipient that waits goes over to another lane.</summary>
    public void Relabelled(long job, string from, string to, bool isDeferred)
    {
        Of(job, from).At(Standing.Waiting, isDeferred)--;
        Of(job, to).At(Standing.Waiting, isDeferred)++;
    }

    /// <summary>A recipient in doubt waits once more, perhaps in another lane.</summary>
    public void Repeated(long job, string from, string to, bool isDeferred)
    {
        Of(job, from).InDoubt--;
        Of(job, to).At(Standing.Waiting, isDeferred)++;
    }

    /// <summary>The receiver's words at a deferral, and when that recipient is tried again.</summary>
    public void Heard(long job, string lane, string reply, long nextAt) => (Of(job, lane).Reply, Of(job, lane).NextAt) = (reply, nextAt);

    /// <summary>Forgets everything.</summary>
    public void Clear() => _changes.Clear();

    /// <summary>Adds the changes to the rows.</summary>
    public void WriteTo(JournalSession session)
    {
        // In one order on all nodes, so that none waits for another in a circle.
        foreach (var ((job, lane), change) in _changes.OrderBy(one => one.Key.Job).ThenBy(one => one.Key.Lane, StringComparer.Ordinal))
        {
            session.Send(
                null, _add, job, lane, change.Waiting, change.Deferred, change.Offered, change.Accepted, change.Refused, change.Expired,
                change.Suppressed, change.Withdrawn, change.InDoubt, change.Reply, change.NextAt);
        }
    }

    private Change Of(long job, string lane)
    {
        if (!_changes.TryGetValue((job, lane), out var change))
        {
            change = new Change();
            _changes.Add((job, lane), change);
        }

        return change;
    }

    private sealed class Change
    {
        public long Waiting;
        public long Deferred;
        public long Offered;
        public long Accepted;
        public long Refused;
        public long Expired;
        public long Suppressed;
        public long Withdrawn;
        public long InDoubt;
        public string? Reply;
        public long NextAt;

        public ref long At(Standing standing, bool isDeferred)
        {
            switch (standing)
            {
                case Standing.Waiting when isDeferred: return ref Deferred;
                case Standing.Waiting: return ref Waiting;
                case Standing.Offered: return ref Offered;
                case Standing.Accepted: return ref Accepted;
                case Standing.Refused: return ref Refused;
                case Standing.Expired: return ref Expired;
                case Standing.Suppressed: return ref Suppressed;
                case Standing.Withdrawn: return ref Withdrawn;
                default: return ref InDoubt;
            }
        }
    }
}
