// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Tutti.Lui.Webhooks.Sending;
using Tutti.Wiring.Configuration;

namespace Tutti.Lui.Webhooks;

/// <summary>Other programs are told what happens to jobs and recipients.</summary>
internal static class WebhooksFeature
{
    public static WebApplicationBuilder AddWebhooks(this WebApplicationBuilder builder)
    {
        builder.AddSettings<WebhookSettings>();
        builder.Services
            .AddSingleton<WebhookStore>()
            .AddSingleton<MessageStore>()
            .AddSingleton<WebhookSecrets>()
            .AddSingleton<SaveWebhook>()
            .AddSingleton<TryWebhook>()
            .AddSingleton<SendAgain>()
            .AddSingleton<SpreadEvents>()
            .AddSingleton<PostMessage>(services => new PostMessage(services.GetRequiredService<WebhookSettings>(), services.GetRequiredService<TimeProvider>()))
            .AddSingleton<SendMessages>()
            .AddHostedService<WebhooksWorker>();
        return builder;
    }
}
