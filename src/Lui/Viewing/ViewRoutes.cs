// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Tutti.Frame.Words;
using Tutti.Wiring.Configuration;

namespace Tutti.Lui.Viewing;

/// <summary>Messages in the browser: for whoever has the link, without an account.</summary>
internal static class ViewRoutes
{
    // Nothing of a message runs, and it may not pass as a page of this server; its links open, as they do from a mail.
    private const string Policy =
        "sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation; default-src 'none'; img-src http: https: data:; "
        + "style-src 'unsafe-inline' http: https:; font-src http: https: data:; frame-ancestors 'none'; form-action 'none'; base-uri 'none'";

    public static WebApplicationBuilder AddViewing(this WebApplicationBuilder builder)
    {
        builder.AddSettings<ViewSettings>();
        builder.Services.AddSingleton<ViewLinks>().AddSingleton<ViewMessage>();
        return builder;
    }

    public static void MapViewing(this WebApplication app) =>
        app.MapMethods(ViewLinks.Root + "{token}", [HttpMethods.Get, HttpMethods.Head], Show).AllowAnonymous().ExcludeFromDescription();

    private static async Task Show(string token, HttpContext context, ViewMessage use)
    {
        var headers = context.Response.Headers;
        headers["X-Robots-Tag"] = "noindex, nofollow, noarchive";
        headers["Referrer-Policy"] = "no-referrer";
        if (await use.Handle(token, context.RequestAborted) is not { } message)
        {
            headers.CacheControl = "no-store";
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            context.Response.ContentType = "text/html; charset=utf-8";
            await context.Response.WriteAsync(Page(ViewWords.Gone, ViewWords.GoneMeaning), context.RequestAborted);
            return;
        }

        headers.CacheControl = "private, no-store";
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        context.Response.ContentType = "text/html; charset=utf-8";
        await context.Response.WriteAsync(message.Html ?? Page(message.Subject, message.Text ?? ""), context.RequestAborted);
    }

    private static string Page(string title, string text) =>
        $"""
        <!doctype html>
        <html lang="{WebUtility.HtmlEncode(FrameWords.Language)}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">
        <title>{WebUtility.HtmlEncode(title)}</title></head>
        <body style="margin:16px auto;max-width:70ch;padding:0 16px;font:16px/1.5 system-ui,sans-serif"><h1 style="font-size:20px">{WebUtility.HtmlEncode(title)}</h1>
        <pre style="white-space:pre-wrap;overflow-wrap:anywhere;font:inherit">{WebUtility.HtmlEncode(text)}</pre></body></html>
        """;
}
