// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tutti.Wiring.Storage;
using Tutti.Wiring.Transport;

namespace Tutti.Lui.Webhooks.Sending;

/// <summary>Looks once a second what happened, and sends for every webhook beside the others: one that is slow keeps no other waiting.</summary>
internal sealed partial class WebhooksWorker(
    SpreadEvents spread, SendMessages send, WebhookStore webhooks, MessageStore messages, WebhookSettings settings, Leases leases, TimeProvider clock, ILogger<WebhooksWorker> logger)
    : BackgroundService
{
    private const int MostForgotten = 2000;

    private static readonly TimeSpan _every = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _tidyEvery = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<long, Task> _sending = new();
    private DateTimeOffset _tidied;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                await Look(stoppingToken);
                await Task.Delay(_every, clock, stoppingToken);
            }
        }
        catch (Exception end) when (CalledOff.Is(end, stoppingToken))
        {
            await Task.WhenAll(_sending.Values).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task Look(CancellationToken cancellationToken)
    {
        try
        {
            if (!await leases.Keep("webhooks", cancellationToken))
            {
                return;
            }

            while (await spread.Handle(cancellationToken))
            {
                if (!await leases.Keep("webhooks", cancellationToken))
                {
                    return;
                }
            }

            foreach (var webhook in await webhooks.List(cancellationToken))
            {
                if (webhook.IsOn && (!_sending.TryGetValue(webhook.Id, out var task) || task.IsCompleted))
                {
                    _sending[webhook.Id] = Send(webhook.Id, cancellationToken);
                }
            }

            await Tidy(cancellationToken);
        }
        catch (DbException problem)
        {
            LogDatabase(problem);
        }
    }

    private async Task Send(long webhook, CancellationToken cancellationToken)
    {
        await Task.Yield();
        try
        {
            while (await send.Handle(webhook, cancellationToken) && await leases.Keep("webhooks", cancellationToken))
            {
            }
        }
        catch (DbException problem)
        {
            LogDatabase(problem);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // What was on its way is sent again after the next start, with the ids it had.
        }
    }

    private async Task Tidy(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (now - _tidied >= _tidyEvery && await messages.Forget(now - TimeSpan.FromDays(settings.WebhookLogDays), MostForgotten, cancellationToken) < MostForgotten)
        {
            _tidied = now;
        }
    }

    [LoggerMessage(4571, LogLevel.Error, "The database did not say what webhooks are to be told; it is asked again", EventName = "lui.webhook.database")]
    private partial void LogDatabase(DbException problem);
}
