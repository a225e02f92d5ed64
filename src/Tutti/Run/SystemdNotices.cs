// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Microsoft.Extensions.Hosting.Systemd;

namespace Tutti.Commands.Run;

/// <summary>
/// What a service manager hears of this process (sd_notify(3)): that it is up, that it is stopping, and, as long as work gets
/// its turn in it, that it is alive. Says nothing where nobody listens.
/// </summary>
internal sealed class SystemdNotices : IAsyncDisposable
{
    private static readonly ServiceState _alive = new("WATCHDOG=1");

    private readonly SystemdNotifier _notifier = new();
    private readonly CancellationTokenSource _end = new();
    private readonly TimeProvider _clock;
    private Task _watch = Task.CompletedTask;

    /// <summary>Nothing is said yet.</summary>
    public SystemdNotices(TimeProvider clock) => _clock = clock;

    /// <summary>All components run; from now on a sign of life comes twice as often as the manager asks for.</summary>
    public void Ready(string home)
    {
        _notifier.Notify(ServiceState.Ready);
        _notifier.Notify(new ServiceState($"STATUS=Running {home}"));
        StartWatch();
    }

    /// <summary>Nothing runs yet, and that may take a person an hour: no reason to end the process.</summary>
    public void Waiting()
    {
        _notifier.Notify(ServiceState.Ready);
        _notifier.Notify(new ServiceState("STATUS=Waiting to be let into an installation"));
        StartWatch();
    }

    /// <summary>Work is being finished.</summary>
    public void Stopping()
    {
        _notifier.Notify(ServiceState.Stopping);
        _notifier.Notify(new ServiceState("STATUS=Finishing what is on the wire"));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _watch.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
    }

    private void StartWatch()
    {
        if (_watch.IsCompleted && _notifier.IsEnabled && long.TryParse(Environment.GetEnvironmentVariable("WATCHDOG_USEC"), NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds) && microseconds > 0)
        {
            _watch = Watch(TimeSpan.FromMicroseconds(microseconds) / 2);
        }
    }

    // Runs on the threads that the components work on: if they hang, it hangs, and the manager starts the process again.
    private async Task Watch(TimeSpan every)
    {
        using var timer = new PeriodicTimer(every, _clock);
        while (await timer.WaitForNextTickAsync(_end.Token))
        {
            _notifier.Notify(_alive);
        }
    }
}
