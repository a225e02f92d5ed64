// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

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
            PlainPage.Document(
                title,
                $"""
                <form method="post" action="{WebUtility.HtmlEncode(target)}"><input type="hidden" name="{WebUtility.HtmlEncode(field)}" value="{WebUtility.HtmlEncode(value)}"><button>{WebUtility.HtmlEncode(button)}</button></form>
                <script>{Script}</script>
                """),
            context.RequestAborted);
    }
}
