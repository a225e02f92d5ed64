// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Dst.Lanes;

/// <summary>Spaces messages evenly, so that no second holds more than the rate.</summary>
internal sealed class RateLimit(LaneSettings settings, TimeProvider clock)
{
    private readonly Lock _gate = new();
    private readonly long _ticks = settings.Rate > 0 ? (long)(TimeSpan.TicksPerSecond / settings.Rate) : 0;
    private long _next;

    /// <summary>Whether there is a rate to keep.</summary>
    public bool IsLimited => _ticks > 0;

    /// <summary>Waits for this message's turn.</summary>
    public ValueTask Turn(CancellationToken cancellationToken)
    {
        if (_ticks == 0)
        {
            return ValueTask.CompletedTask;
        }

        var now = clock.GetUtcNow().UtcTicks;
        TimeSpan wait;
        lock (_gate)
        {
            var turn = Math.Max(now, _next);
            _next = turn + _ticks;
            wait = TimeSpan.FromTicks(turn - now);
        }

        return wait > TimeSpan.Zero ? new ValueTask(Task.Delay(wait, clock, cancellationToken)) : ValueTask.CompletedTask;
    }
}
