// SPDX-License-Identifier: Apache-2.0
using System.Data;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Tutti.Dst.Journal;

/// <summary>Before anything is sent: whatever the journal calls offered from the last run is in doubt, and says so in the feed.</summary>
internal sealed partial class RecoverAtStart(JournalWorker journal, TimeProvider clock, ILogger<RecoverAtStart> logger) : IHostedService
{
    private const string Reason = "The distributor was interrupted while it waited for the reply to this message.";

    private static readonly Statement _jobs = new("SELECT DISTINCT job_id FROM tally WHERE offered > 0");

    private static readonly Statement _offered = new(
        "SELECT id, lane, attempts, first_at FROM recipient WHERE job_id = @job AND state = 1", ("job", DbType.Int64));

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var count = await journal.Write(Recover);
        if (count > 0)
        {
            LogInDoubt(count);
        }
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private int Recover(JournalSession session)
    {
        var places = new List<Place>();
        foreach (var job in Jobs(session))
        {
            using var rows = session.Query(_offered, job);
            while (rows.Read())
            {
                places.Add(new Place(job, rows.GetInt64(0), rows.GetString(1), Standing.Offered, rows.GetInt32(2), rows.GetInt64(3)));
            }
        }

        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (var place in places)
        {
            // Which host it was is not written before an offer, only whose: the lane.
            Moves.Settle(session, place, Standing.InDoubt, place.Attempts, Reason, place.Lane, now);
        }

        return places.Count;
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

    [LoggerMessage(5502, LogLevel.Warning, "{Count} messages were on the wire when the distributor was interrupted; they are in doubt", EventName = "dst.journal.in-doubt")]
    private partial void LogInDoubt(int count);
}
