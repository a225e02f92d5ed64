// SPDX-License-Identifier: Apache-2.0
using System.Data.Common;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tutti.Wiring.Configuration;

namespace Tutti.Trk.Outages;

/// <summary>
/// Notices the times in which the tracker was not there. While it runs a file is touched every second; at the next start
/// its time tells until when. After a loss of power that may be a few seconds too early, never too late.
/// </summary>
internal sealed partial class OutageWatch(OutageStore store, ComponentFolder folder, TimeProvider clock, ILogger<OutageWatch> logger) : IHostedService, IDisposable
{
    /// <summary>Outages are told to LUI and shown for so long.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromDays(30);

    /// <summary>Most outages that are told at once.</summary>
    public const int Most = 50;

    private static readonly TimeSpan _beat = TimeSpan.FromSeconds(1);
    private ITimer? _timer;
    private volatile IReadOnlyList<Outage> _known = [];

    /// <summary>The newest outages, the oldest of them first.</summary>
    public IReadOnlyList<Outage> Known => _known;

    private string Alive => Path.Combine(folder.Data, "alive");

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        try
        {
            if (File.Exists(Alive))
            {
                var last = new DateTimeOffset(File.GetLastWriteTimeUtc(Alive), TimeSpan.Zero);
                if (last < now)
                {
                    await store.Add(new Outage(last, now), cancellationToken);
                    LogWasAway(last, now);
                }
            }

            _known = await store.Since(now - KeptFor, Most, cancellationToken);
            Touch();
        }
        catch (Exception problem) when (problem is DbException or IOException or UnauthorizedAccessException)
        {
            // A disk that refuses keeps no reader from a link.
            LogNotKept(problem);
        }

        _timer = clock.CreateTimer(_ => TouchOrLeave(), null, _beat, _beat);
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        _timer?.Dispose();
        TouchOrLeave();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public void Dispose() => _timer?.Dispose();

    private void Touch()
    {
        if (!File.Exists(Alive))
        {
            File.WriteAllBytes(Alive, []);
        }

        File.SetLastWriteTimeUtc(Alive, clock.GetUtcNow().UtcDateTime);
    }

    private void TouchOrLeave()
    {
        try
        {
            Touch();
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            // The spool says what is wrong with the disk; a gap that is too long is better than none.
            return;
        }
    }

    [LoggerMessage(3301, LogLevel.Warning, "The tracker was not there from {From:O} to {To:O}: links were dead, opens and clicks of that time were not counted", EventName = "trk.outage.over")]
    private partial void LogWasAway(DateTimeOffset from, DateTimeOffset to);

    [LoggerMessage(3302, LogLevel.Error, "The disk did not say or keep when the tracker was there last", EventName = "trk.outage.not-kept")]
    private partial void LogNotKept(Exception problem);
}
