// SPDX-License-Identifier: Apache-2.0
using System.Data.Common;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tutti.Lui.Delivery;
using Tutti.Wiring.Transport;

namespace Tutti.Lui.Components;

/// <summary>Asks HUB for the components and link keys, soon at first, then every few seconds.</summary>
internal sealed partial class ComponentsWorker(RefreshComponents refresh, DeliverySettings settings, TimeProvider clock, ILogger<ComponentsWorker> logger) : BackgroundService
{
    private static readonly TimeSpan _soon = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var reached = false;
        var suffices = false;
        var first = true;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                (var answered, suffices) = await refresh.Handle(stoppingToken);
                if (answered != reached || first)
                {
                    Log(answered);
                }

                (reached, first) = (answered, false);
            }
            catch (DbException problem)
            {
                LogNotKept(problem);
                reached = suffices = false;
            }
            catch (Exception end) when (CalledOff.Is(end, stoppingToken))
            {
                return;
            }

            await Task.Delay(suffices || settings.HubEvery < _soon ? settings.HubEvery : _soon, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Log(bool answered)
    {
        if (answered)
        {
            LogReached();
        }
        else
        {
            LogAway();
        }
    }

    [LoggerMessage(4520, LogLevel.Information, "HUB answers: the list of components and the link keys are up to date", EventName = "lui.hub.reached")]
    private partial void LogReached();

    [LoggerMessage(4521, LogLevel.Warning, "HUB does not answer: work goes on with the components and link keys last known", EventName = "lui.hub.away")]
    private partial void LogAway();

    [LoggerMessage(4522, LogLevel.Error, "What HUB answered could not be kept", EventName = "lui.hub.not-kept")]
    private partial void LogNotKept(DbException problem);
}
