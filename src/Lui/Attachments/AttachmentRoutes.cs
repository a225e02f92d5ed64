// SPDX-License-Identifier: Apache-2.0
using System.Security.Claims;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Tutti.Lui.Files;
using Tutti.Lui.Jobs;
using Tutti.Lui.Tokens;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Attachments;

/// <summary>Files that travel with messages, over REST, and those that go to and come from their page.</summary>
internal static class AttachmentRoutes
{
    private const string NameWithout = "file";

    /// <summary>A file that travels with a message. An image is named in the HTML part by "cid:" and its contentId; danger says why receivers may refuse it.</summary>
    internal sealed record FileDocument(long Id, string Name, string ContentType, long Size, string Digest, string? ContentId, string? Danger);

    public static RouteGroupBuilder MapAttachments(this RouteGroupBuilder api)
    {
        var files = api.MapGroup("/jobs/{job}/files").WithTags("Content").Needs(TokenScope.Jobs).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        files.MapGet("/", List).WithName("ListFiles");
        files.MapPost("/", Add).WithName("AddFile")
            .WithDescription("The file is the body, then named by the query fileName, or the first file of a multipart form. With as=image it is an image (PNG, JPEG, GIF, WebP) that the HTML part shows by cid:contentId and takes the place of one of the same name; otherwise it is attached.");
        files.MapDelete("/{file:long}", (string job, long file, ClaimsPrincipal user, GetJob get, RemoveFile use, CancellationToken stop) =>
            JobRoutes.Change(job, get, found => use.Handle(new(found.Id, Actor.Of(user), file), stop), stop)).WithName("RemoveFile");
        return api;
    }

    /// <summary>For people with a cookie.</summary>
    public static void MapAttachmentFiles(this WebApplication app)
    {
        var files = app.MapGroup("/jobs/{job}/files").RequireAuthorization().ExcludeFromDescription();
        files.MapPost("/upload", Upload).DisableAntiforgery();
        files.MapGet("/{file:long}", Download);
    }

    private static FileDocument Document(JobFile file) => new(
        file.Id, file.File.Name, file.File.ContentType, file.File.Size, file.File.Digest, file.File.ContentId, file.Danger is { } danger ? Words.Of(danger) : null);

    private static async Task<Results<Ok<FileDocument[]>, ProblemHttpResult>> List(string job, GetJob get, JobFileStore files, CancellationToken stop) =>
        (await get.Find(job, stop)).Is(out var found, out var refusal)
            ? TypedResults.Ok((await files.List(found.Id, stop)).Select(Document).ToArray())
            : RefusalResult.Of(refusal);

    private static async Task<Results<Ok<FileDocument>, ProblemHttpResult>> Add(
        string job, HttpRequest request, ClaimsPrincipal user, GetJob get, AddFile use, CancellationToken stop) =>
        (await Take(job, request, user, get, use, stop)).Is(out var file, out var refusal) ? TypedResults.Ok(Document(file)) : RefusalResult.Of(refusal);

    private static async Task<IResult> Upload(string job, HttpContext context, IAntiforgery forms, GetJob get, AddFile use, CancellationToken stop)
    {
        // The token comes in a header, so that checking it does not read the file.
        if (!context.Request.Headers.ContainsKey("RequestVerificationToken") || !await forms.IsRequestValidAsync(context))
        {
            return TypedResults.Text(AttachmentsWords.PageTooOld, statusCode: StatusCodes.Status400BadRequest);
        }

        return (await Take(job, context.Request, context.User, get, use, stop)).Is(out _, out var refusal)
            ? TypedResults.Ok()
            : TypedResults.Text(refusal.Message, statusCode: StatusCodes.Status422UnprocessableEntity);
    }

    private static async Task<Outcome<JobFile>> Take(string job, HttpRequest request, ClaimsPrincipal user, GetJob get, AddFile use, CancellationToken stop)
    {
        var name = UploadBody.CleanName(request.Query["fileName"].ToString(), NameWithout);
        return (await get.Find(job, stop)).Is(out var found, out var refusal) && (await UploadBody.Open(request, name, stop)).Is(out var body, out refusal)
            ? await use.Handle(new(found.Id, Actor.Of(user), body.FileName, body.Content, request.Query["as"] == "image"), stop)
            : refusal;
    }

    private static async Task<IResult> Download(string job, long file, HttpContext context, GetJob get, JobFileStore files, StoredFileStore store, CancellationToken stop)
    {
        if (!(await get.Find(job, stop)).Is(out var found, out _)
            || (await files.List(found.Id, stop)).FirstOrDefault(one => one.Id == file) is not { } there
            || await store.Read(there.File.Digest, stop) is not { } bytes)
        {
            return TypedResults.NotFound();
        }

        // Always as a download, and nothing of it may run here: what people upload is not ours.
        context.Response.Headers.ContentSecurityPolicy = "sandbox; default-src 'none'";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return TypedResults.File(bytes, "application/octet-stream", there.File.Name);
    }
}
