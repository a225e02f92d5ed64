// SPDX-License-Identifier: Apache-2.0
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tutti.Dst.Queue;

namespace Tutti.Dst.Lanes;

/// <summary>
/// Opens a lane for every destination somebody waits for, up to so many at a time. When the distributor stops no new message
/// is begun, and those whose terminator is out are waited for as long as the host allows; then the rest is in doubt.
/// </summary>
internal sealed partial class LanesWorker(LaneParts parts, DeliveryStore deliveries, QueueSignal signal, ILogger<LanesWorker> logger) : BackgroundService
{
    private const int LookedAtOnce = 1000;
    private static readonly TimeSpan _tick = TimeSpan.FromMilliseconds(250);

    private readonly Dictionary<string, (Lane Lane, Task Run)> _running = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _resting = new(StringComparer.Ordinal);
    private readonly Dictionary<long, string> _cursors = [];
    private readonly CancellationTokenSource _lifetime = new();

    /// <summary>How many lanes are at work.</summary>
    public int Running => _running.Count;

    /// <inheritdoc/>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var (job, course) in await deliveries.Directed(cancellationToken))
        {
            parts.Courses.Set(job, course);
        }

        await base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await using var patience = cancellationToken.Register(() =>
        {
            LogCut();
            _lifetime.Cancel();
        });
        await base.StopAsync(CancellationToken.None);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _lifetime.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                await TryLook(stoppingToken);
                await signal.Wait(_tick, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            LogStopping(_running.Count);
        }

        await Task.WhenAll(_running.Values.Select(running => running.Run));
    }

    private async Task TryLook(CancellationToken stoppingToken)
    {
        try
        {
            await Look(stoppingToken);
        }
        catch (System.Data.Common.DbException failure)
        {
            LogQueueUnreadable(failure);
        }
    }

    private async Task Look(CancellationToken stoppingToken)
    {
        Reap();
        Wake();
        var pending = await deliveries.Pending(stoppingToken);
        parts.Messages.KeepOnly(pending.Select(delivery => delivery.Job).ToHashSet());
        foreach (var (lane, _) in _running.Values)
        {
            lane.Queue.Serve(pending);
        }

        foreach (var delivery in pending)
        {
            if (parts.Courses.Of(delivery.Job) == Course.Run)
            {
                await OpenLanes(delivery, pending, stoppingToken);
            }
        }

        var crowded = _running.Count >= parts.Settings.Destinations / 2;
        foreach (var (lane, _) in _running.Values)
        {
            lane.Lingers = !crowded;
        }
    }

    private void Reap()
    {
        foreach (var (name, (lane, run)) in _running)
        {
            if (!run.IsCompleted)
            {
                continue;
            }

            _running.Remove(name);
            var until = lane.Queue.EmptyUntil;
            if (run.IsFaulted)
            {
                // The recipients still wait on disk; a pause keeps a lasting fault from spinning.
                LogLaneFailed(run.Exception!.InnerException!, name);
                until = parts.Clock.GetUtcNow().AddSeconds(5).ToUnixTimeMilliseconds();
            }

            if (parts.Troubles.Of(name) is { } trouble)
            {
                until = trouble.Until;
            }

            _resting[name] = until;
            lane.Dispose();
        }
    }

    private void Wake()
    {
        var arrived = signal.TakeLanes();
        if (arrived is null)
        {
            _resting.Clear();
            foreach (var (lane, _) in _running.Values)
            {
                lane.LookAgain();
            }

            return;
        }

        foreach (var name in arrived)
        {
            _resting.Remove(name);
            if (_running.TryGetValue(name, out var running))
            {
                running.Lane.LookAgain();
            }
        }
    }

    private async Task OpenLanes(PendingDelivery delivery, IReadOnlyList<PendingDelivery> pending, CancellationToken stoppingToken)
    {
        if (_running.Count >= parts.Settings.Destinations)
        {
            return;
        }

        // So many lanes at a look, the next ones at the next: a delivery may have a hundred thousand of them.
        var lanes = await parts.Recipients.Lanes(delivery.Job, _cursors.GetValueOrDefault(delivery.Job, ""), LookedAtOnce, stoppingToken);
        _cursors[delivery.Job] = lanes.Count == LookedAtOnce ? lanes[^1] : "";
        var now = parts.Clock.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (var name in lanes)
        {
            if (_running.Count >= parts.Settings.Destinations)
            {
                return;
            }

            if (!_running.ContainsKey(name) && !IsResting(name, now))
            {
                var lane = new Lane(name, parts, stoppingToken, _lifetime.Token);
                lane.Queue.Serve(pending);
                _running.Add(name, (lane, Task.Run(lane.Run, CancellationToken.None)));
            }
        }
    }

    private bool IsResting(string lane, long now)
    {
        // A destination that cannot be reached keeps its pause, whatever comes in meanwhile.
        if (parts.Troubles.Of(lane) is { } trouble && trouble.Until > now)
        {
            return true;
        }

        if (!_resting.TryGetValue(lane, out var until))
        {
            return false;
        }

        if (until > now)
        {
            return true;
        }

        _resting.Remove(lane);
        return false;
    }

    [LoggerMessage(5510, LogLevel.Information, "Stopping: {Lanes} destinations finish what is on the wire", EventName = "dst.lanes.stopping")]
    private partial void LogStopping(int lanes);

    [LoggerMessage(5511, LogLevel.Warning, "Connections are cut; messages without a reply are in doubt", EventName = "dst.lanes.cut")]
    private partial void LogCut();

    [LoggerMessage(5512, LogLevel.Error, "The queue cannot be read", EventName = "dst.lanes.queue-unreadable")]
    private partial void LogQueueUnreadable(Exception failure);

    [LoggerMessage(5513, LogLevel.Error, "The lane of {Destination} failed; it is tried again", EventName = "dst.lanes.failed")]
    private partial void LogLaneFailed(Exception failure, string destination);
}
