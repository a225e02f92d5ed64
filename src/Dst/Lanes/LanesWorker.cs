// SPDX-License-Identifier: Apache-2.0
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tutti.Dst.Lanes.Live;
using Tutti.Dst.Lanes.Pacing;
using Tutti.Dst.Lanes.Policies;
using Tutti.Dst.Queue;
using Tutti.Dst.Smtp.Destinations;

namespace Tutti.Dst.Lanes;

/// <summary>
/// Opens a lane for every operator somebody waits for, up to so many at a time, and brings destinations into it. When the distributor stops no
/// new message is begun, and those whose terminator is out are waited for as long as the host allows; then the rest is in doubt.
/// </summary>
internal sealed partial class LanesWorker(LaneParts parts, DeliveryStore deliveries, QueueSignal signal, LaneBoard board, ILogger<LanesWorker> logger) : BackgroundService
{
    private const int LookedAtOnce = 1000;
    private static readonly TimeSpan _tick = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan _heldAgain = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan _afterFault = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, (Lane Lane, Task Run)> _running = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Lane> _laneOf = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _resting = new(StringComparer.Ordinal);
    private readonly Dictionary<long, string> _cursors = [];
    private readonly WaysFound _ways = new(parts.Routes, signal);
    private readonly CancellationTokenSource _lifetime = new();
    private Dictionary<string, IReadOnlyList<PendingDelivery>> _pending = new(StringComparer.Ordinal);
    private Dictionary<long, long> _arrivals = [];
    private long _group;
    private int _share = 1;

    private IEnumerable<Lane> Lanes => _running.Values.Select(running => running.Lane);

    /// <inheritdoc/>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var (job, course) in await deliveries.Directed(cancellationToken))
        {
            parts.Courses.Set(job, course);
        }

        await parts.Holds.Restore(PaceOf, cancellationToken);
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
        Shed();
        await KeepPaces(stoppingToken);
        var pending = await deliveries.Pending(stoppingToken);
        if (parts.Group.Number != 0)
        {
            await Follow(pending, stoppingToken);
        }

        Wake();
        _pending = parts.Departures.Sort(pending);
        parts.Messages.KeepOnly(pending.Select(delivery => delivery.Job).ToHashSet());
        foreach (var lane in Lanes)
        {
            foreach (var destination in lane.Destinations)
            {
                destination.Queue.Serve(PendingIn(destination.Pool));
            }
        }

        if (!parts.Group.MaySend)
        {
            return;
        }

        foreach (var (name, route) in _ways.TakeFound())
        {
            foreach (var pool in _pending.Keys)
            {
                Bring(name, pool, route, stoppingToken);
            }
        }

        foreach (var delivery in pending)
        {
            if (parts.Courses.Of(delivery.Job) == Course.Run)
            {
                await Open(delivery, stoppingToken);
            }
        }

        var crowded = _running.Count >= parts.Settings.Destinations / 2;
        foreach (var lane in Lanes)
        {
            lane.Lingers = !crowded;
        }
    }

    /// <summary>Takes up what the other distributors on this store were told, and what they left.</summary>
    private async Task Follow(IReadOnlyList<PendingDelivery> pending, CancellationToken stoppingToken)
    {
        await parts.Suppression.LookAgain(stoppingToken);
        foreach (var delivery in pending)
        {
            parts.Courses.Set(delivery.Job, delivery.Course);
        }

        var arrivals = pending.ToDictionary(delivery => delivery.Job, delivery => delivery.Arrivals);
        if (parts.Group.Version != _group || arrivals.Any(now => _arrivals.GetValueOrDefault(now.Key) != now.Value))
        {
            (_group, _arrivals) = (parts.Group.Version, arrivals);
            signal.Ring();
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
            if (run.IsFaulted)
            {
                LogLaneFailed(run.Exception!.InnerException!, name);
            }

            foreach (var destination in lane.Destinations)
            {
                // After a fault recipients still wait on disk; a pause keeps a lasting one from spinning.
                Rest(destination.Key, run.IsFaulted ? (parts.Clock.GetUtcNow() + _afterFault).ToUnixTimeMilliseconds() : destination.Queue.EmptyUntil);
                if (lane.Pace.IsPaused)
                {
                    Pause(destination.Key, lane.Pace);
                }
            }

            lane.Dispose();
        }
    }

    /// <summary>Takes destinations out of lanes that go on without them.</summary>
    private void Shed()
    {
        foreach (var lane in Lanes)
        {
            foreach (var destination in lane.Shed())
            {
                Rest(destination.Key, destination.Queue.EmptyUntil);
                destination.Dispose();
            }
        }
    }

    private void Rest(string destination, long until)
    {
        _laneOf.Remove(destination);
        _resting[destination] = parts.Troubles.Of(destination) is { } trouble ? trouble.Until : until;
    }

    private void Pause(string destination, Pace pace) => parts.Troubles.SetBehind(destination, pace.Held is { } hold
        ? new LaneTrouble($"{hold.By} paused this lane.", 0, (parts.Clock.GetUtcNow() + _heldAgain).ToUnixTimeMilliseconds())
        : new LaneTrouble(pace.Reason, pace.Pauses, pace.Until));

    private void Wake()
    {
        if (signal.TakeLanes() is not { } arrived)
        {
            _resting.Clear();
            foreach (var (key, lane) in _laneOf)
            {
                lane.LookAgain(LaneName.OperatorOf(key));
            }

            return;
        }

        foreach (var name in arrived)
        {
            foreach (var pool in parts.Departures.Pools)
            {
                var key = LaneName.Of(name, pool);
                _resting.Remove(key);
                if (_laneOf.TryGetValue(key, out var lane))
                {
                    lane.LookAgain(name);
                }
            }
        }
    }

    private async Task KeepPaces(CancellationToken cancellationToken)
    {
        var now = parts.Clock.GetUtcNow();
        var size = parts.Group.Size;
        if (parts.Policies.LookAgain(now))
        {
            parts.Paces.Follow(PolicyOf);
        }

        if (size != _share)
        {
            _share = size;
            parts.Paces.Follow(PolicyOf);
            parts.Rate.PerSecond = parts.Settings.Rate / size;
            parts.Group.Applied = size;
        }

        if (parts.Departures.LookAgain(now))
        {
            // Other addresses may carry what had to wait for these.
            _resting.Clear();
            parts.Paces.EndRests();
            parts.Troubles.ForgetPauses();
        }

        await parts.Holds.Keep(cancellationToken);
        board.Look(now);
        parts.Troubles.Forget(now.ToUnixTimeMilliseconds());
        parts.Paces.Forget(_running.ContainsKey);
    }

    private async Task Open(PendingDelivery delivery, CancellationToken stoppingToken)
    {
        // So many destinations at a look, the next ones at the next: a delivery may have a hundred thousand of them.
        var names = await parts.Recipients.Lanes(delivery.Job, _cursors.GetValueOrDefault(delivery.Job, ""), LookedAtOnce, stoppingToken);
        _cursors[delivery.Job] = names.Count == LookedAtOnce ? names[^1] : "";
        var now = parts.Clock.GetUtcNow().ToUnixTimeMilliseconds();
        var pool = parts.Departures.PoolOf(delivery.Job);
        foreach (var name in names)
        {
            if (IsFree(LaneName.Of(name, pool), now) && _ways.Find(name, stoppingToken) is { } route)
            {
                Bring(name, pool, route, stoppingToken);
            }
        }
    }

    /// <summary>Brings a destination into its lane, if the lane runs or may begin; otherwise another look does.</summary>
    private void Bring(string name, string pool, Route route, CancellationToken stoppingToken)
    {
        var key = LaneName.Of(name, pool);
        if (!IsFree(key, parts.Clock.GetUtcNow().ToUnixTimeMilliseconds()) || stoppingToken.IsCancellationRequested)
        {
            return;
        }

        List<string> hosts = [.. route.Hosts.Select(host => host.Name)];
        var laneName = LaneName.Of(parts.Routes.OwnHostOf(name) is not null || hosts.Count == 0 ? name : parts.Policies.Now.LaneOf(hosts), pool);
        var pace = PaceOf(laneName);
        board.Note(key, laneName);
        if (!pace.Resume())
        {
            Pause(key, pace);
            return;
        }

        var isNew = !_running.TryGetValue(laneName, out var running);
        if (isNew && _running.Count >= parts.Settings.Destinations)
        {
            return;
        }

        var lane = isNew ? new Lane(laneName, pace, parts, stoppingToken, _lifetime.Token) : running.Lane;
        var queue = new LaneQueue(name, parts.Recipients, parts.Suppression, parts.Courses, parts.Journal, parts.Queue, parts.Clock, parts.Group, parts.Messages.CanShare);
        queue.Serve(PendingIn(pool));
        var destination = new Destination(name, pool, hosts, queue);
        if (!lane.Admit(destination))
        {
            destination.Dispose();
            return;
        }

        _laneOf.Add(key, lane);
        if (isNew)
        {
            _running[laneName] = (lane, Task.Run(lane.Run, CancellationToken.None));
        }
    }

    private Pace PaceOf(string lane)
    {
        var pace = parts.Paces.Of(lane, PolicyOf(lane));
        pace.Held = parts.Holds.Of(lane);
        return pace;
    }

    private IReadOnlyList<PendingDelivery> PendingIn(string pool) => _pending.GetValueOrDefault(pool) ?? [];

    private LanePolicy PolicyOf(string lane) => parts.Routes.OwnHostOf(LaneName.OperatorOf(lane)) is { } host
        ? parts.Policies.Now.OfOwnHost(host, parts.Settings, _share)
        : parts.Policies.Now.Of(LaneName.OperatorOf(lane)).ShareOf(_share);

    private bool IsFree(string destination, long now) => !_laneOf.ContainsKey(destination) && !IsResting(destination, now);

    private bool IsResting(string destination, long now)
    {
        // One that cannot be reached keeps its pause, whatever comes in meanwhile.
        if (parts.Troubles.Behind(destination, now) is { } trouble && trouble.Until > now)
        {
            return true;
        }

        if (!_resting.TryGetValue(destination, out var until))
        {
            return false;
        }

        if (until > now)
        {
            return true;
        }

        _resting.Remove(destination);
        return false;
    }

    [LoggerMessage(5510, LogLevel.Information, "Stopping: {Lanes} lanes finish what is on the wire", EventName = "dst.lanes.stopping")]
    private partial void LogStopping(int lanes);

    [LoggerMessage(5511, LogLevel.Warning, "Connections are cut; messages without a reply are in doubt", EventName = "dst.lanes.cut")]
    private partial void LogCut();

    [LoggerMessage(5512, LogLevel.Error, "The queue cannot be read", EventName = "dst.lanes.queue-unreadable")]
    private partial void LogQueueUnreadable(Exception failure);

    [LoggerMessage(5513, LogLevel.Error, "The lane {Lane} failed; it is tried again", EventName = "dst.lanes.failed")]
    private partial void LogLaneFailed(Exception failure, string lane);
}
