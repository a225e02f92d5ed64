// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Dst.Lanes.Pacing;

/// <summary>Spaces messages evenly, so that no second holds more than the rate.</summary>
internal sealed class RateLimit(TimeProvider clock)
{
    private readonly Lock _gate = new();
    private long _ticks;
    private long _next;

    /// <summary>A limit that holds from now on.</summary>
    /// <param name="perSecond">Messages a second; 0 for no limit.</param>
    /// <param name="clock">Measures.</param>
    public RateLimit(double perSecond, TimeProvider clock)
        : this(clock) => PerSecond = perSecond;

    /// <summary>Whether there is a rate to keep.</summary>
    public bool IsLimited => Volatile.Read(ref _ticks) > 0;

    /// <summary>Messages a second; 0 for no limit. May be changed at any time.</summary>
    public double PerSecond
    {
        get => IsLimited ? (double)TimeSpan.TicksPerSecond / Volatile.Read(ref _ticks) : 0;
        set => Volatile.Write(ref _ticks, value > 0 ? (long)(TimeSpan.TicksPerSecond / value) : 0);
    }

    /// <summary>Waits for this message's turn.</summary>
    public ValueTask Turn(CancellationToken cancellationToken)
    {
        var ticks = Volatile.Read(ref _ticks);
        if (ticks == 0)
        {
            return ValueTask.CompletedTask;
        }

        var now = clock.GetUtcNow().UtcTicks;
        TimeSpan wait;
        lock (_gate)
        {
            var turn = Math.Max(now, _next);
            _next = turn + ticks;
            wait = TimeSpan.FromTicks(turn - now);
        }

        return wait > TimeSpan.Zero ? new ValueTask(Task.Delay(wait, clock, cancellationToken)) : ValueTask.CompletedTask;
    }
}
