// SPDX-License-Identifier: Apache-2.0
using System.Data.Common;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tutti.Dst.Journal;
using Tutti.Dst.Returns;
using Tutti.Dst.Returns.Rules;
using Tutti.Mail.Listserv;

namespace Tutti.Dst.Listserv;

/// <summary>Reads the change log to which LISTSERV writes bounces; what it finds about recipients of ours goes into the feed, each line once.</summary>
internal sealed partial class ReadBounceLogWorker(
    ListservSettings settings, ListservDesk desk, BounceRules rules, JournalWorker journal, TimeProvider clock, ILogger<ReadBounceLogWorker> logger) : BackgroundService
{
    private const int DroppedAtOnce = 1000;
    private static readonly TimeSpan _kept = TimeSpan.FromDays(30);

    // The log comes whole every time. What was looked at in this run and told nothing new is passed over; after a restart it is looked at again.
    private readonly HashSet<ChangeLogLine> _seen = [];

    /// <summary>Reads the log once.</summary>
    /// <returns>How many bounces were new.</returns>
    public async Task<int> ReadAll(CancellationToken cancellationToken)
    {
        if (!(await desk.ChangeLog(settings.ListservBounceList, cancellationToken)).Is(out var log, out var refusal))
        {
            LogUnread(refusal.Message);
            return 0;
        }

        var count = 0;
        foreach (var line in log.Where(line => line.Event is ChangeLogLine.Bounce or ChangeLogLine.SoftBounce or ChangeLogLine.AutoDelete && !_seen.Contains(line)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
            count += await journal.Write(session => ListservBounceStore.Settle(session, settings.ListservBounceList, line, to => Finding(to, line), now)) ? 1 : 0;
            _seen.Add(line);
        }

        // A log that was begun anew lets go of the lines of the old one.
        _seen.IntersectWith(log);
        if (count > 0)
        {
            LogRead(count);
        }

        return count;
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (settings is { IsSetUp: true, ListservBounceList.Length: > 0 } && !stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ReadAll(stoppingToken);
                var before = (clock.GetUtcNow() - _kept).ToUnixTimeMilliseconds();
                while (await journal.Write(session => ListservBounceStore.DropOld(session, before, DroppedAtOnce)))
                {
                    // The journal serves others between two calls.
                }
            }
            catch (DbException failure)
            {
                LogFailed(failure);
            }

            await Task.Delay(settings.ListservBounceEvery, clock, stoppingToken);
        }
    }

    private ReturnFinding Finding(ReturnedTo to, ChangeLogLine line)
    {
        var words = line.Rest.Length > 0 ? $"{line.Event} {line.Rest}" : line.Event;
        var found = line.Event == ChangeLogLine.AutoDelete ? BounceClass.Hard : rules.Classify(line.Rest);
        return found == BounceClass.Complaint
            ? new ReturnFinding(to, CameBack.Complained, BounceClass.None, words, settings.Domain)
            : new ReturnFinding(to, CameBack.Bounced, Mild(line.Event, found), words, settings.Domain);
    }

    /// <summary>What LISTSERV calls soft is never held against the address for good; and whatever the code, it has given up.</summary>
    private static BounceClass Mild(string what, BounceClass found) => found switch
    {
        BounceClass.Hard when what == ChangeLogLine.SoftBounce => BounceClass.Soft,
        BounceClass.Transient => BounceClass.Soft,
        _ => found,
    };

    [LoggerMessage(5950, LogLevel.Information, "LISTSERV's change log told of {Count} bounces", EventName = "dst.listserv.bounces")]
    private partial void LogRead(int count);

    [LoggerMessage(5951, LogLevel.Warning, "LISTSERV's change log was not read: {Reason}", EventName = "dst.listserv.log-unread")]
    private partial void LogUnread(string reason);

    [LoggerMessage(5952, LogLevel.Error, "Bounces that LISTSERV told of could not be written; it is tried again", EventName = "dst.listserv.not-written")]
    private partial void LogFailed(Exception failure);
}
