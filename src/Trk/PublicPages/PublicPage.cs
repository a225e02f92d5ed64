// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Http;

namespace Tutti.Trk.PublicPages;

/// <summary>The few pages that recipients see here: one column, no script, nothing from elsewhere.</summary>
internal static class PublicPage
{
    private const string Style =
        """
        :root{color-scheme:light dark;--ink:#1b2426;--paper:#fbfbf9;--soft:#566366;--accent:#0b5d63;--on:#fff}
        @media(prefers-color-scheme:dark){:root{--ink:#e8ecec;--paper:#14191a;--soft:#a3b0b2;--accent:#6fc3c8;--on:#0c1213}}
        body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
        main{box-sizing:border-box;max-width:34rem;margin:0 auto;padding:3rem 1.25rem;overflow-wrap:anywhere}
        h1{font-size:1.4rem;line-height:1.3;margin:0 0 1rem}p{margin:0 0 1rem}.why{color:var(--soft);font-size:.9rem}
        button{min-height:44px;padding:.5rem 1.25rem;border:0;border-radius:6px;background:var(--accent);color:var(--on);font:inherit;cursor:pointer}
        button:focus-visible,a:focus-visible{outline:3px solid var(--accent);outline-offset:3px}
        """;

    // Built from the style itself: a page with another style would not be shown in its colours.
    private static readonly string _policy =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    /// <summary>Text for between tags.</summary>
    public static string Escape(string text) => HtmlEncoder.Default.Encode(text);

    /// <summary>Answers with a page.</summary>
    /// <param name="context">The request.</param>
    /// <param name="status">HTTP status.</param>
    /// <param name="title">Title and heading, not escaped yet.</param>
    /// <param name="body">HTML below the heading.</param>
    /// <param name="refresh">What the browser asks for by itself after a while: <c>5;url=?again</c>; null for nothing.</param>
    public static Task Write(HttpContext context, int status, string title, string body, string? refresh = null)
    {
        var heading = Escape(title);
        var html = Encoding.UTF8.GetBytes(
            $"""
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex">{(refresh is null ? "" : $"<meta http-equiv=\"refresh\" content=\"{refresh}\">")}<title>{heading}</title><style>{Style}</style></head>
            <body><main><h1>{heading}</h1>{body}</main></body></html>
            """);
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = "text/html; charset=utf-8";
        response.ContentLength = html.Length;
        var headers = response.Headers;
        headers.CacheControl = "no-store";
        headers.ContentSecurityPolicy = _policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : response.Body.WriteAsync(html, context.RequestAborted).AsTask();
    }
}
