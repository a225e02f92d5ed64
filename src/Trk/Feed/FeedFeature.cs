// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Tutti.Trk.Feed;

/// <summary>Registers the feed.</summary>
internal static class FeedFeature
{
    public static WebApplicationBuilder AddFeed(this WebApplicationBuilder builder)
    {
        builder.Services
            .AddSingleton<FeedReader>()
            .AddSingleton<BeginAnew>()
            .AddSingleton<ConfirmEvents>();
        return builder;
    }

    public static WebApplication MapFeed(this WebApplication app)
    {
        app.MapGrpcService<EventsService>();
        return app;
    }
}
