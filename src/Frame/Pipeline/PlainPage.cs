// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Microsoft.AspNetCore.Http;
using Tutti.Frame.Look;
using Tutti.Frame.Words;

namespace Tutti.Frame.Pipeline;

/// <summary>A page that needs nothing: neither database, nor files, nor script.</summary>
public static class PlainPage
{
    /// <summary>Writes the page; callers that want JSON get only the status.</summary>
    public static Task Write(HttpContext context, int status, string title, string text)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.Response.StatusCode = status;
        if (!context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase))
        {
            return Task.CompletedTask;
        }

        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        var home = context.Request.PathBase.HasValue ? context.Request.PathBase.Value : "/";
        return context.Response.WriteAsync(Document(
            title,
            $"<p>{WebUtility.HtmlEncode(text)}</p><p><a href=\"{WebUtility.HtmlEncode(home)}\">{WebUtility.HtmlEncode(FrameWords.ToFirstPage)}</a></p>"));
    }

    /// <summary>A whole document in the look of the frame; its style stands in it.</summary>
    /// <param name="title">Title and heading, not encoded yet.</param>
    /// <param name="body">HTML below the heading.</param>
    internal static string Document(string title, string body) => $$"""
        <!DOCTYPE html>
        <html lang="{{FrameWords.Language}}">
        <head>
        <meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">
        <title>{{WebUtility.HtmlEncode(title)}}</title>
        <style>{{FrameTheme.Css}}
        body{margin:0;min-height:100vh;display:grid;place-items:center;background:var(--ground);color:var(--ink);font:1rem/1.5 var(--sans)}
        main{max-width:480px;padding:24px}h1{font-size:1.5rem;margin:0 0 8px}a{color:var(--accent)}
        button{min-height:44px;padding:8px 20px;border:0;border-radius:6px;background:var(--accent);color:var(--on-accent);font:inherit;cursor:pointer}</style>
        </head>
        <body><main><h1>{{WebUtility.HtmlEncode(title)}}</h1>{{body}}</main></body>
        </html>
        """;
}
