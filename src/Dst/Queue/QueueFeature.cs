// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Tutti.Wiring.Configuration;

namespace Tutti.Dst.Queue;

/// <summary>The queue on disk.</summary>
internal static class QueueFeature
{
    /// <summary>Registers the slice; comes after the journal and the routes.</summary>
    public static WebApplicationBuilder AddQueue(this WebApplicationBuilder builder)
    {
        builder.AddSettings<QueueSettings>();
        builder.Services.AddSingleton<DeliveryStore>();
        builder.Services.AddSingleton<RecipientStore>();
        builder.Services.AddSingleton<TallyStore>();
        builder.Services.AddSingleton<Courses>();
        builder.Services.AddSingleton<QueueSignal>();
        builder.Services.AddHostedService<Relabel>();
        builder.Services.AddHostedService<ClearWorker>();
        return builder;
    }
}
