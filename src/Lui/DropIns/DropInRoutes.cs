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

namespace Tutti.Lui.DropIns;

/// <summary>Drop-ins over REST, and the files that go to their page.</summary>
internal static class DropInRoutes
{
    /// <summary>A drop-in. kind: text, file, url or database; place: the file's name, the address, or the name of the database; body: what was written or uploaded, or the statement.</summary>
    internal sealed record DropInDocument(string Name, string? Description, string Kind, bool IsHtml, bool IsEnabled, string? Place, string? Body);

    /// <summary>Whether a job fetches its drop-ins anew when it leaves.</summary>
    internal sealed record Fetching(bool WhenLeaving);

    public static RouteGroupBuilder MapDropIns(this RouteGroupBuilder api)
    {
        var dropIns = api.MapGroup("/drop-ins").WithTags("Drop-ins").Needs(TokenScope.Jobs).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        dropIns.MapGet("/", async (DropInStore store, CancellationToken stop) => TypedResults.Ok((await store.List(stop)).Select(Document).ToArray())).WithName("ListDropIns");
        dropIns.MapPut("/{name}", Save).WithName("SaveDropIn").WithDescription("Makes a drop-in of this name or changes it; another name in the body renames it. What has to be fetched is fetched once first.");
        dropIns.MapPut("/{name}/file", Upload).WithName("UploadDropIn").WithDescription("A text file in UTF-8 as the content: the body, then named by the query fileName, or the first file of a multipart form.");
        dropIns.MapDelete("/{name}", Remove).WithName("RemoveDropIn");
        var jobs = api.MapGroup("/jobs/{job}/drop-ins").WithTags("Drop-ins").Needs(TokenScope.Jobs).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        jobs.MapPut("/fetching", (string job, Fetching fetching, ClaimsPrincipal user, GetJob get, ChooseFetching use, CancellationToken stop) =>
            JobRoutes.Change(job, get, found => use.Late(found.Id, fetching.WhenLeaving, Actor.Of(user), stop), stop)).WithName("ChooseFetching");
        jobs.MapPost("/fetch", (string job, ClaimsPrincipal user, GetJob get, ChooseFetching use, CancellationToken stop) =>
            JobRoutes.Change(job, get, found => use.Now(found.Id, Actor.Of(user), stop), stop)).WithName("FetchDropIns");
        return api;
    }

    /// <summary>For people with a cookie.</summary>
    public static void MapDropInFiles(this WebApplication app) =>
        app.MapPost("/drop-ins/upload", UploadFromPage).RequireAuthorization().ExcludeFromDescription().DisableAntiforgery();

    private static DropInDocument Document(DropIn dropIn) => new(dropIn.Name, dropIn.Description, Words.Of(dropIn.Kind), dropIn.IsHtml, dropIn.IsEnabled, dropIn.Place, dropIn.Body);

    private static async Task<Results<Ok<DropInDocument>, ProblemHttpResult>> Save(
        string name, DropInDocument document, ClaimsPrincipal user, DropInStore store, SaveDropIn use, CancellationToken stop)
    {
        if (!Words.TryTo<DropInKind>(document.Kind ?? "", out var kind))
        {
            return RefusalResult.Of(DropInRefusals.Kind(document.Kind ?? ""));
        }

        var before = (await store.Find(name, stop))?.Name;
        var command = new SaveDropIn.Command(
            before, document.Name ?? name, document.Description ?? "", kind, document.IsHtml, document.IsEnabled, document.Place ?? "", document.Body, Actor.Of(user));
        return (await use.Handle(command, stop)).Is(out var saved, out var refusal) ? TypedResults.Ok(Document(saved)) : RefusalResult.Of(refusal);
    }

    private static async Task<Results<Ok<DropInDocument>, ProblemHttpResult>> Upload(string name, HttpRequest request, ClaimsPrincipal user, SaveDropIn use, CancellationToken stop) =>
        (await Take(name, request, user, use, stop)).Is(out var saved, out var refusal) ? TypedResults.Ok(Document(saved)) : RefusalResult.Of(refusal);

    private static async Task<Results<NoContent, ProblemHttpResult>> Remove(string name, DropInStore store, CancellationToken stop) =>
        await store.Remove(name, stop) ? TypedResults.NoContent() : RefusalResult.Of(DropInRefusals.NotFound(name));

    private static async Task<IResult> UploadFromPage(HttpContext context, IAntiforgery forms, SaveDropIn use, CancellationToken stop)
    {
        // The token comes in a header, so that checking it does not read the file.
        if (!context.Request.Headers.ContainsKey("RequestVerificationToken") || !await forms.IsRequestValidAsync(context))
        {
            return TypedResults.Text(DropInsWords.PageTooOld, statusCode: StatusCodes.Status400BadRequest);
        }

        return (await Take(context.Request.Query["name"].ToString(), context.Request, context.User, use, stop)).Is(out _, out var refusal)
            ? TypedResults.Ok()
            : TypedResults.Text(refusal.Message, statusCode: StatusCodes.Status422UnprocessableEntity);
    }

    private static async Task<Outcome<DropIn>> Take(string name, HttpRequest request, ClaimsPrincipal user, SaveDropIn use, CancellationToken stop) =>
        (await UploadBody.Open(request, UploadBody.CleanName(request.Query["fileName"].ToString(), "file.txt"), stop)).Is(out var body, out var refusal)
            ? await use.Upload(name, body.FileName, body.Content, Actor.Of(user), stop)
            : refusal;
}
