// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Tutti.Trk.Clicks;
using Tutti.Trk.Opens;
using Tutti.Trk.Unsubscribes;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Hosting;

namespace Tutti.Trk.PublicPages;

/// <summary>Registers what recipients reach.</summary>
internal static class PublicPagesFeature
{
    public static WebApplicationBuilder AddPublicPages(this WebApplicationBuilder builder)
    {
        builder.AddSettings<TrackerSettings>();
        builder.Services
            .AddSingleton<ClientAddresses>()
            .AddSingleton<TokenReader>()
            .AddSingleton<FollowLink>()
            .AddSingleton<ShowImage>()
            .AddSingleton<Unsubscribe>()
            .AddSingleton<IStatusSource, PublicAddress>();
        return builder;
    }

    /// <summary>Answers opens, clicks and unsubscribes in front of all routing: there is nothing to choose from.</summary>
    public static WebApplication UsePublicPages(this WebApplication app)
    {
        var opens = app.Services.GetRequiredService<ShowImage>();
        var clicks = app.Services.GetRequiredService<FollowLink>();
        var unsubscribes = app.Services.GetRequiredService<Unsubscribe>();
        app.Use(next => context => context.Request.Path.Value switch
        {
            ['/', 'o', '/', ..] path => opens.Answer(context, path),
            ['/', 'c', '/', ..] path => clicks.Answer(context, path),
            ['/', 'u', '/', ..] path => unsubscribes.Answer(context, path),
            _ => next(context),
        });
        return app;
    }

    /// <summary>Everything else: crawlers are told to stay away, people that nothing is here.</summary>
    public static WebApplication MapOtherPages(this WebApplication app)
    {
        app.MapGet("/robots.txt", () => Results.Text("User-agent: *\nDisallow: /\n"));
        app.MapFallback(Answers.NotFound);
        return app;
    }

    private sealed class PublicAddress(TrackerSettings settings, ServerSettings server) : IStatusSource
    {
        private readonly string _url = settings.PublicUrl.Length > 0 ? settings.PublicUrl.TrimEnd('/') : $"{server.PublicScheme}://{server.HostName}:{server.TrackerWebPort}";

        public ValueTask<ComponentReport> Report(CancellationToken cancellationToken) => ValueTask.FromResult(new ComponentReport(Ready: true, [], [], _url));
    }
}
