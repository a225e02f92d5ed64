// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Tutti.Frame.Look;

namespace Tutti.Frame.Pipeline;

/// <summary>A page that sends one value on to another host by POST, by itself or, without script, by its button.</summary>
public static class PostOnPage
{
    private const string Script = "document.forms[0].submit()";
    private static readonly string _scriptHash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Script)));

    /// <summary>Writes the page.</summary>
    /// <param name="context">The request.</param>
    /// <param name="title">Where it goes.</param>
    /// <param name="button">The words on the button.</param>
    /// <param name="target">Where the form posts to: an address, or a path of this host.</param>
    /// <param name="field">The field's name.</param>
    /// <param name="value">The field's value: a secret, in the body only.</param>
    public static Task Write(HttpContext context, string title, string button, string target, string field, string value)
    {
        ArgumentNullException.ThrowIfNull(context);
        var response = context.Response;
        var origin = Uri.TryCreate(target, UriKind.Absolute, out var address) && address.Scheme.StartsWith("http", StringComparison.Ordinal) ? address.GetLeftPart(UriPartial.Authority) : "'self'";
        response.ContentType = "text/html; charset=utf-8";
        response.Headers.CacheControl = "no-store";
        response.Headers.ContentSecurityPolicy =
            $"default-src 'none'; script-src 'sha256-{_scriptHash}'; style-src 'unsafe-inline'; form-action {origin}; base-uri 'none'; frame-ancestors 'none'";
        return response.WriteAsync(
            $$"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">
            <title>{{WebUtility.HtmlEncode(title)}}</title>
            <style>{{FrameTheme.Css}}
            body{margin:0;min-height:100vh;display:grid;place-items:center;background:var(--ground);color:var(--ink);font:1rem/1.5 var(--sans)}
            main{max-width:480px;padding:24px}h1{font-size:1.5rem;margin:0 0 16px}
            button{min-height:44px;padding:8px 20px;border:0;border-radius:6px;background:var(--accent);color:var(--on-accent);font:inherit;cursor:pointer}</style>
            </head>
            <body><main><h1>{{WebUtility.HtmlEncode(title)}}</h1>
            <form method="post" action="{{WebUtility.HtmlEncode(target)}}"><input type="hidden" name="{{WebUtility.HtmlEncode(field)}}" value="{{WebUtility.HtmlEncode(value)}}"><button>{{WebUtility.HtmlEncode(button)}}</button></form>
            </main><script>{{Script}}</script></body>
            </html>
            """,
            context.RequestAborted);
    }
}
