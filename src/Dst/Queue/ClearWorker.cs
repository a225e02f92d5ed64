// SPDX-License-Identifier: Apache-2.0
using System.Data;
using System.Data.Common;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tutti.Dst.Files;
using Tutti.Dst.Journal;

namespace Tutti.Dst.Queue;

/// <summary>Removes what is known about the people of a delivery, once all of them have a fate and LUI has confirmed every event; and files that no message needs any more.</summary>
internal sealed partial class ClearWorker(JournalWorker journal, TimeProvider clock, ILogger<ClearWorker> logger) : BackgroundService
{
    private const int AtOnce = 1000;
    private static readonly TimeSpan _every = TimeSpan.FromMinutes(10);

    // Batches of a delivery follow each other; one that was quiet for an hour is probably complete, and if not it is cleared again.
    private static readonly TimeSpan _quiet = TimeSpan.FromHours(1);

    // LUI was told that they stay for two weeks after it has asked for them.
    private static readonly TimeSpan _keepFiles = TimeSpan.FromDays(15);

    private static readonly Statement _done = new(
        """
        SELECT job_id FROM delivery
        WHERE cleared_at IS NULL AND touched_at <= @before
          AND NOT EXISTS (SELECT 1 FROM tally WHERE tally.job_id = delivery.job_id AND tally.waiting + tally.deferred + tally.offered > 0)
          AND NOT EXISTS (SELECT 1 FROM event, store WHERE event.number > store.confirmed AND event.job_id = delivery.job_id)
        """,
        ("before", DbType.Int64));

    private static readonly Statement _values = new(
        "DELETE FROM recipient_values WHERE job_id = @job AND id IN (SELECT id FROM recipient_values WHERE job_id = @job LIMIT @limit)",
        ("job", DbType.Int64), ("limit", DbType.Int32));

    private static readonly Statement _names = new(
        """
        UPDATE recipient SET address = '', display_name = '', reply = NULL, token = NULL
        WHERE job_id = @job AND id IN (SELECT id FROM recipient WHERE job_id = @job AND id > @after ORDER BY id LIMIT @limit)
        """,
        ("job", DbType.Int64), ("after", DbType.Int64), ("limit", DbType.Int32));

    private static readonly Statement _last = new(
        "SELECT MAX(id) FROM (SELECT id FROM recipient WHERE job_id = @job AND id > @after ORDER BY id LIMIT @limit) AS page",
        ("job", DbType.Int64), ("after", DbType.Int64), ("limit", DbType.Int32));

    private static readonly Statement _cleared = new(
        "UPDATE delivery SET cleared_at = @now WHERE job_id = @job AND touched_at <= @before",
        ("now", DbType.Int64), ("job", DbType.Int64), ("before", DbType.Int64));

    /// <summary>Clears what can be cleared now.</summary>
    /// <returns>How many deliveries.</returns>
    public async Task<int> Clear(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var before = (now - _quiet).ToUnixTimeMilliseconds();
        var jobs = await journal.Write(session => Done(session, before));
        foreach (var job in jobs)
        {
            while (await journal.Write(session => session.Run(_values, job, AtOnce)) == AtOnce)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            for (var after = 0L; after >= 0;)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var from = after;
                after = await journal.Write(session => ClearNames(session, job, from));
            }

            await journal.Write(session => session.Run(_cleared, now.ToUnixTimeMilliseconds(), job, before));
        }

        await journal.Write(session => FileStore.RemoveOld(session, (now - _keepFiles).ToUnixTimeMilliseconds()));
        return jobs.Count;
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(_every, clock, stoppingToken);
            try
            {
                await Clear(stoppingToken);
            }
            catch (DbException failure)
            {
                LogFailed(failure);
            }
        }
    }

    private static List<long> Done(JournalSession session, long before)
    {
        var jobs = new List<long>();
        using var rows = session.Query(_done, before);
        while (rows.Read())
        {
            jobs.Add(rows.GetInt64(0));
        }

        return jobs;
    }

    private static long ClearNames(JournalSession session, long job, long after)
    {
        if (session.Scalar(_last, job, after, AtOnce) is not { } last)
        {
            return -1;
        }

        session.Run(_names, job, after, AtOnce);
        return Convert.ToInt64(last, null);
    }

    [LoggerMessage(5520, LogLevel.Warning, "Deliveries that are over could not be cleared; it is tried again", EventName = "dst.queue.clear-failed")]
    private partial void LogFailed(Exception failure);
}
