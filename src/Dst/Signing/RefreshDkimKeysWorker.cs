// SPDX-License-Identifier: Apache-2.0
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Tutti.Dst.Signing;

/// <summary>Looks for new DKIM keys every two seconds.</summary>
internal sealed partial class RefreshDkimKeysWorker(DkimKeys keys, TimeProvider clock, ILogger<RefreshDkimKeysWorker> logger) : BackgroundService
{
    private static readonly TimeSpan _every = TimeSpan.FromSeconds(2);

    /// <summary>Loads the keys before anything is sent.</summary>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        Refresh();
        return base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(_every, clock, stoppingToken);
            Refresh();
        }
    }

    private void Refresh()
    {
        try
        {
            keys.Refresh();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            LogFailed(failure.Message);
        }
    }

    [LoggerMessage(5303, LogLevel.Warning, "The folder of DKIM keys cannot be read: {Problem}", EventName = "dst.signing.folder")]
    private partial void LogFailed(string problem);
}
