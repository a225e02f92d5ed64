// SPDX-License-Identifier: Apache-2.0
using System.Data.Common;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Tutti.Frame.People;
using Tutti.Frame.Words;

namespace Tutti.Frame.Pipeline;

/// <summary>What every component with pages does with a request before and after its own endpoints.</summary>
public static class FramePipeline
{
    private const string Manifest = "tutti.staticwebassets.endpoints.json";

    /// <summary>Lets the component find the files of the pages, also when run from a build.</summary>
    public static WebApplicationBuilder AddFrameFiles(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.WebHost.UseStaticWebAssets();
        return builder;
    }

    /// <summary>Puts errors, headers, routing, people and forms in front of the endpoints. Call it before anything is mapped.</summary>
    /// <param name="app">The component.</param>
    /// <param name="probe">Throws what the database throws when it is away. A page's document needs nothing of it, so it is asked for.</param>
    public static WebApplication UseFrame(this WebApplication app, Func<CancellationToken, Task> probe)
    {
        app.UseExceptionHandler(branch => branch.Run(SayWhatFailed));
        app.UseMiddleware<SecurityHeaders>();
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseAntiforgery();
        app.Use(async (context, next) =>
        {
            if (context.GetEndpoint()?.Metadata.GetMetadata<ComponentTypeMetadata>() is not null)
            {
                await probe(context.RequestAborted);
            }

            await next(context);
        });
        return app;
    }

    /// <summary>Maps files, pages, the way out, and an answer for addresses that nobody knows.</summary>
    /// <typeparam name="TApp">The component's document.</typeparam>
    public static WebApplication MapFrame<TApp>(this WebApplication app)
    {
        var pages = app.MapRazorComponents<TApp>()
            .AddInteractiveServerRenderMode(options => options.ContentSecurityFrameAncestorsPolicy = "'none'")
            .RequireAuthorization();

        // The manifest comes with the executable; test hosts have none.
        var manifest = Path.Combine(AppContext.BaseDirectory, Manifest);
        if (File.Exists(manifest))
        {
            app.MapStaticAssets(manifest).AllowAnonymous();
            pages.WithStaticAssets(manifest);
        }

        app.MapSignOut();
        app.MapFallback(context => PlainPage.Write(context, StatusCodes.Status404NotFound, FrameWords.NoSuchPage, FrameWords.NoSuchPageMeaning))
            .AllowAnonymous();
        return app;
    }

    private static Task SayWhatFailed(HttpContext context)
    {
        var failure = context.Features.Get<IExceptionHandlerFeature>()?.Error;
        if (failure is DbException)
        {
            context.Response.Headers.RetryAfter = "10";
            return PlainPage.Write(context, StatusCodes.Status503ServiceUnavailable, FrameWords.DatabaseAway, FrameWords.DatabaseAwayMeaning);
        }

        return PlainPage.Write(context, StatusCodes.Status500InternalServerError, FrameWords.PageFailed, FrameWords.PageFailedMeaning);
    }
}
