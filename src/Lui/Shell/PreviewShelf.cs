// SPDX-License-Identifier: Apache-2.0
using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Caching.Memory;
using Tutti.Frame.Pipeline;

namespace Tutti.Lui.Shell;

/// <summary>
/// Rendered messages that somebody looks at: put here by a page, fetched by its frame. They go out in a sandbox, so that
/// nothing in a message can run on the staff's origin.
/// </summary>
internal sealed class PreviewShelf : IDisposable
{
    private const string Path = "previews";
    private const string Sandbox =
        "sandbox; default-src 'none'; img-src * data:; style-src * 'unsafe-inline'; font-src *; media-src *; frame-ancestors 'self'; form-action 'none'; base-uri 'none'";

    private static readonly TimeSpan _keep = TimeSpan.FromMinutes(10);
    private readonly MemoryCache _shelf = new(new MemoryCacheOptions { SizeLimit = 64 * 1024 * 1024 });

    /// <summary>Puts a message on the shelf; answers the address for a frame, relative to the component's base.</summary>
    public string Put(string html, string accountId)
    {
        var key = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        _shelf.Set(key, (html, accountId), new MemoryCacheEntryOptions { Size = (2 * html.Length) + 256, AbsoluteExpirationRelativeToNow = _keep });
        return $"{Path}/{key}";
    }

    /// <summary>Maps the address of the frames.</summary>
    public static void Map(WebApplication app) => app.MapGet(
        $"/{Path}/{{key}}",
        (string key, HttpContext context, PreviewShelf shelf) => shelf.Write(key, context)).RequireAuthorization();

    /// <inheritdoc/>
    public void Dispose() => _shelf.Dispose();

    private Task Write(string key, HttpContext context)
    {
        var asker = context.User.FindFirstValue(ClaimTypes.NameIdentifier);
        if (!_shelf.TryGetValue<(string Html, string AccountId)>(key, out var kept) || kept.AccountId != asker)
        {
            return PlainPage.Write(context, StatusCodes.Status404NotFound, "The preview is gone", "Previews are kept for ten minutes. Load the page again.");
        }

        context.Response.Headers.ContentSecurityPolicy = Sandbox;
        context.Response.Headers.CacheControl = "no-store";
        context.Response.ContentType = "text/html; charset=utf-8";
        return context.Response.WriteAsync(kept.Html, context.RequestAborted);
    }
}
