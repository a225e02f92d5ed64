// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Dst.Rehearsals;

/// <summary>
/// The time of a rehearsal: it goes like any other while there is work, and leaps where all that is left is waiting. Timers are not moved:
/// what they measure (silence on a connection, a glance at the queue) is short.
/// </summary>
/// <param name="clock">The time outside.</param>
/// <param name="start">What it shows now.</param>
internal sealed class RehearsalClock(TimeProvider clock, DateTimeOffset start) : TimeProvider
{
    private long _ahead = (start - clock.GetUtcNow()).Ticks;

    /// <inheritdoc/>
    public override long TimestampFrequency => clock.TimestampFrequency;

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => clock.LocalTimeZone;

    /// <summary>Now, Unix milliseconds.</summary>
    public long Now => GetUtcNow().ToUnixTimeMilliseconds();

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => clock.GetUtcNow().AddTicks(Volatile.Read(ref _ahead));

    /// <inheritdoc/>
    public override long GetTimestamp() => clock.GetTimestamp();

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => clock.CreateTimer(callback, state, dueTime, period);

    /// <summary>Leaps over a wait.</summary>
    public void Leap(TimeSpan wait) => Interlocked.Add(ref _ahead, wait.Ticks);
}
