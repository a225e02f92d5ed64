// SPDX-License-Identifier: Apache-2.0
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
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
    private const string ImagesParameter = "images";
    private const string DarkParameter = "dark";

    // Nothing is fetched from elsewhere by itself: whoever looks at a message would tell its author's hosts when and from where.
    private const string Sandbox =
        "sandbox; default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; font-src data:; frame-ancestors 'self'; form-action 'none'; base-uri 'none'";

    private const string SandboxWithImages =
        "sandbox; default-src 'none'; img-src http: https: data:; style-src 'unsafe-inline'; font-src data:; frame-ancestors 'self'; form-action 'none'; base-uri 'none'";

    private static readonly TimeSpan _keep = TimeSpan.FromMinutes(10);
    private readonly byte[] _secret = RandomNumberGenerator.GetBytes(32);
    private readonly MemoryCache _shelf = new(new MemoryCacheOptions { SizeLimit = 64 * 1024 * 1024 });

    /// <summary>Puts a message on the shelf; answers the address for a frame, relative to the component's base.</summary>
    public string Put(string html, string accountId)
    {
        // The same message keeps its address, so that a page which looks again does not load its frame again.
        var key = Convert.ToHexStringLower(HMACSHA256.HashData(_secret, Encoding.UTF8.GetBytes($"{accountId}\n{html}")));
        _shelf.Set(key, (html, accountId), new MemoryCacheEntryOptions { Size = (2 * html.Length) + 256, AbsoluteExpirationRelativeToNow = _keep });
        return $"{Path}/{key}";
    }

    /// <summary>The same message as it is seen with the images of other hosts, or by a reader whose mail program is dark.</summary>
    public static string Seen(string address, bool withImages, bool inTheDark) => (withImages, inTheDark) switch
    {
        (true, true) => $"{address}?{ImagesParameter}=yes&{DarkParameter}=yes",
        (true, false) => $"{address}?{ImagesParameter}=yes",
        (false, true) => $"{address}?{DarkParameter}=yes",
        _ => address,
    };

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
            return PlainPage.Write(context, StatusCodes.Status404NotFound, ShellWords.PreviewGone, ShellWords.PreviewGoneMeaning);
        }

        context.Response.Headers.ContentSecurityPolicy = context.Request.Query.ContainsKey(ImagesParameter) ? SandboxWithImages : Sandbox;
        context.Response.Headers.CacheControl = "no-store";
        context.Response.ContentType = "text/html; charset=utf-8";
        return context.Response.WriteAsync(context.Request.Query.ContainsKey(DarkParameter) ? DarkLook.Of(kept.Html) : kept.Html, context.RequestAborted);
    }
}
