// SPDX-License-Identifier: Apache-2.0
using System.Data;
using Microsoft.Extensions.Hosting;
using Tutti.Dst.Journal;
using Tutti.Dst.Smtp.Destinations;
using Tutti.Mail.Addresses;
using Tutti.Wiring.Hosting;

namespace Tutti.Dst.Queue;

/// <summary>When the delivery mode has changed since the last run, those who wait go over to the lanes of the new one.</summary>
internal sealed class Relabel(JournalWorker journal, MailRoutes routes, StoreGroup group) : IHostedService
{
    private const int AtOnce = 1000;

    private static readonly Statement _laneBy = new("SELECT lane_by FROM store WHERE one = 1");
    private static readonly Statement _setLaneBy = new("UPDATE store SET lane_by = @by WHERE one = 1", ("by", DbType.String));
    private static readonly Statement _jobs = new("SELECT DISTINCT job_id FROM tally WHERE waiting + deferred > 0");

    private static readonly Statement _way = new("SELECT way FROM delivery WHERE job_id = @job", ("job", DbType.Int64));
    private static readonly Statement _capture = new("SELECT capture FROM delivery WHERE job_id = @job", ("job", DbType.Int64));

    private static readonly Statement _waiting = new(
        "SELECT id, lane, attempts, address FROM recipient WHERE job_id = @job AND id > @after AND state = 0 ORDER BY id LIMIT @limit",
        ("job", DbType.Int64), ("after", DbType.Int64), ("limit", DbType.Int32));

    private static readonly Statement _move = new(
        "UPDATE recipient SET lane = @lane WHERE job_id = @job AND id = @id", ("lane", DbType.String), ("job", DbType.Int64), ("id", DbType.Int64));

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        // The lane of a domain that nobody has: the same in one mode, different between modes.
        var by = $"{routes.Mode} {routes.LaneOf("lane.invalid")}{(routes.HasListserv ? $" {routes.ListservLane}" : "")}";
        var before = await journal.Write(session => (string)session.Scalar(_laneBy)!);
        if (before == by)
        {
            return;
        }

        if (before.Length > 0 && group.Size > 1)
        {
            throw new ServerStartException(
                $"Other distributors on this database deliver in another way ({before.Trim()}) than this one would ({by.Trim()}). Give Mode and Smarthost in dst/distributor.ini the same values on all of them; to change them, stop all and start one after the other.");
        }

        foreach (var job in before.Length == 0 ? [] : await journal.Write(Jobs))
        {
            for (var after = 0L; after >= 0;)
            {
                var from = after;
                after = await journal.Write(session => MoveSome(session, job, from));
            }
        }

        await journal.Write(session => session.Run(_setLaneBy, by));
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

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

    /// <returns>The last recipient it looked at, or -1 if there are no more.</returns>
    private long MoveSome(JournalSession session, long job, long after)
    {
        var found = new List<(long Id, string Lane, bool IsDeferred, string Address)>();
        using (var rows = session.Query(_waiting, job, after, AtOnce))
        {
            while (rows.Read())
            {
                found.Add((rows.GetInt64(0), rows.GetString(1), rows.GetInt32(2) > 0, rows.GetString(3)));
            }
        }

        var byListserv = Convert.ToInt32(session.Scalar(_way, job), null) != 0;
        var isCaptured = Convert.ToInt32(session.Scalar(_capture, job), null) != 0;
        foreach (var (id, old, isDeferred, address) in found)
        {
            var lane = isCaptured ? routes.CaptureLane : byListserv ? routes.ListservLane : EmailAddress.TryParse(address, out var parsed, out _) ? routes.LaneOf(parsed.Domain.ToString()) : old;
            if (lane != old)
            {
                session.Run(_move, lane, job, id);
                session.Tally.Relabelled(job, old, lane, isDeferred);
            }
        }

        return found.Count < AtOnce ? -1 : found[^1].Id;
    }
}
