// SPDX-License-Identifier: Apache-2.0
using System.Security.Claims;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using Tutti.Lui.Components;
using Tutti.Lui.Files;
using Tutti.Lui.Jobs;
using Tutti.Lui.Tokens;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Media;

/// <summary>The library over REST, its uploads from the page, and the images for everybody who reads a message.</summary>
internal static class MediaRoutes
{
    private const string NameWithout = "image";

    /// <summary>An image of the library; url is what an HTML part shows.</summary>
    internal sealed record MediaDocument(string Key, string Name, string Alt, string ContentType, long Size, string Url, DateTimeOffset AddedAt);

    /// <summary>A page of images, and how many there are.</summary>
    internal sealed record MediaList(IReadOnlyList<MediaDocument> Images, long Total);

    /// <summary>What an image shows.</summary>
    internal sealed record ImageWords(string Alt);

    public static RouteGroupBuilder MapMedia(this RouteGroupBuilder api)
    {
        var media = api.MapGroup("/media").WithTags("Media").Needs(TokenScope.Jobs).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        media.MapGet("/", List).WithName("ListMedia");
        media.MapPost("/", Add).WithName("AddMedia")
            .WithDescription("The image (PNG, JPEG, GIF, WebP) is the body, then named by the query fileName, or the first file of a multipart form. The query alt says what it shows. The same bytes keep their address.");
        media.MapPut("/{key}", Describe).WithName("DescribeMedia");
        media.MapDelete("/{key}", Remove).WithName("RemoveMedia").WithDescription("Refused while a message shows the image or has shown it.");
        return api;
    }

    /// <summary>The page's uploads, for people with a cookie, and the images, for everybody.</summary>
    public static void MapMediaFiles(this WebApplication app)
    {
        app.MapPost("/media/upload", Upload).RequireAuthorization().ExcludeFromDescription().DisableAntiforgery();
        app.MapMethods(Picture.Root + "{key}/{name}", [HttpMethods.Get, HttpMethods.Head], Serve).AllowAnonymous().ExcludeFromDescription();
    }

    private static MediaDocument Document(Picture picture, HubCaller self) =>
        new(picture.Key, picture.Name, picture.Alt, picture.ContentType, picture.Size, self.PublicUrl + picture.Path, picture.At);

    private static async Task<Ok<MediaList>> List(PictureStore store, HubCaller self, CancellationToken stop, string? search = null, int skip = 0, int take = 50)
    {
        var (pictures, total) = await store.Find(search ?? "", Math.Max(skip, 0), Math.Clamp(take, 1, 500), stop);
        return TypedResults.Ok(new MediaList([.. pictures.Select(picture => Document(picture, self))], total));
    }

    private static async Task<Results<Ok<MediaDocument>, ProblemHttpResult>> Add(HttpRequest request, ClaimsPrincipal user, AddPicture use, HubCaller self, CancellationToken stop) =>
        (await Take(request, user, use, stop)).Is(out var picture, out var refusal) ? TypedResults.Ok(Document(picture, self)) : RefusalResult.Of(refusal);

    private static async Task<Results<Ok<MediaDocument>, ProblemHttpResult>> Describe(string key, ImageWords words, DescribePicture use, HubCaller self, CancellationToken stop) =>
        (await use.Handle(key, words.Alt ?? "", stop)).Is(out var picture, out var refusal) ? TypedResults.Ok(Document(picture, self)) : RefusalResult.Of(refusal);

    private static async Task<Results<NoContent, ProblemHttpResult>> Remove(string key, RemovePicture use, CancellationToken stop) =>
        (await use.Handle(key, stop)).Is(out _, out var refusal) ? TypedResults.NoContent() : RefusalResult.Of(refusal);

    private static async Task<IResult> Upload(HttpContext context, IAntiforgery forms, AddPicture use, CancellationToken stop)
    {
        // The token comes in a header, so that checking it does not read the file.
        if (!context.Request.Headers.ContainsKey("RequestVerificationToken") || !await forms.IsRequestValidAsync(context))
        {
            return TypedResults.Text(MediaWords.PageTooOld, statusCode: StatusCodes.Status400BadRequest);
        }

        return (await Take(context.Request, context.User, use, stop)).Is(out _, out var refusal)
            ? TypedResults.Ok()
            : TypedResults.Text(refusal.Message, statusCode: StatusCodes.Status422UnprocessableEntity);
    }

    private static async Task<Outcome<Picture>> Take(HttpRequest request, ClaimsPrincipal user, AddPicture use, CancellationToken stop) =>
        (await UploadBody.Open(request, UploadBody.CleanName(request.Query["fileName"].ToString(), NameWithout), stop)).Is(out var body, out var refusal)
            ? await use.Handle(new(Actor.Of(user), body.FileName, body.Content, request.Query["alt"].ToString()), stop)
            : refusal;

    private static async Task<IResult> Serve(string key, HttpContext context, PictureStore store, StoredFileStore files, CancellationToken stop)
    {
        if (await store.Get(key, stop) is not { } picture || await files.Read(picture.Digest, stop) is not { } bytes)
        {
            context.Response.Headers.CacheControl = "no-store";
            return TypedResults.NotFound();
        }

        // Other bytes have another address: whoever has fetched it never has to ask again. Readers' programs stand on any origin.
        context.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers.ContentSecurityPolicy = "sandbox; default-src 'none'";
        context.Response.Headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        return TypedResults.File(bytes, picture.ContentType, entityTag: new EntityTagHeaderValue($"\"{picture.Digest}\""));
    }
}
