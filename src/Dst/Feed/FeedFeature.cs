// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Tutti.Dst.Journal;

namespace Tutti.Dst.Feed;

/// <summary>The way of delivery events to LUI.</summary>
internal static class FeedFeature
{
    /// <summary>Registers the slice.</summary>
    public static WebApplicationBuilder AddFeed(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<FeedStore>();
        builder.Services.AddSingleton(services =>
        {
            var signal = new FeedSignal();
            services.GetRequiredService<JournalWorker>().EventsWritten += _ => signal.Raise();
            return signal;
        });
        builder.Services.AddHostedService<RetentionWorker>();
        return builder;
    }

    /// <summary>Opens the door.</summary>
    public static WebApplication MapFeed(this WebApplication app)
    {
        app.MapGrpcService<EventsService>();
        return app;
    }
}
