// SPDX-License-Identifier: Apache-2.0
using System.Security.Claims;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Tutti.Lui.Archives.Format;
using Tutti.Lui.Archives.TakingIn;
using Tutti.Lui.Files;
using Tutti.Lui.Jobs;
using Tutti.Lui.Jobs.Steps;
using Tutti.Lui.Teams;
using Tutti.Lui.Tokens;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Archives;

/// <summary>Archives over REST, and the files that go to and come from their pages.</summary>
internal static class ArchiveRoutes
{
    private const string ZipType = "application/zip";
    private const string NameWithout = "archive.zip";

    /// <summary>How far the archive of a job is: wanted, kept, removed (its rows are in the file only), wanted-back, or back (they are in the database again). Problem says why it does not go on.</summary>
    internal sealed record ArchiveDocument(string Job, string Title, string State, string? File, long Size, string? Sha256, ArchiveTotals? Totals, string? Problem, string By, DateTimeOffset At);

    /// <summary>A page of archived jobs, the latest first.</summary>
    internal sealed record ArchiveList(IReadOnlyList<ArchiveDocument> Jobs, long Total);

    /// <summary>After how many days a job is archived by itself, from 1; null for never.</summary>
    internal sealed record NewArchiveAfter(int? Days);

    public static RouteGroupBuilder MapArchives(this RouteGroupBuilder api)
    {
        api.MapGet("/archives", async (ClaimsPrincipal user, ArchiveStore store, CancellationToken stop, string? search = null, int skip = 0, int take = 50) =>
        {
            var (jobs, total) = await store.List(Actor.Of(user), search ?? "", Math.Max(skip, 0), Math.Clamp(take, 1, 500), stop);
            return TypedResults.Ok(new ArchiveList([.. jobs.Select(job => Document(job.Code, job.Title, job.Archive))], total));
        }).WithName("ListArchives").WithTags("Archives");
        api.MapPost("/archives", TakeIn).WithName("TakeInArchive").WithTags("Archives").Needs(TokenScope.Recipients).ProducesProblem(StatusCodes.Status409Conflict)
            .WithDescription("The file is the body, or the first file of a multipart form. That of a job which is archived here brings it back; any other becomes a job of the caller that is over. All of the file is checked before the answer; its rows are put into the database behind it.");
        var jobs = api.MapGroup("/jobs/{job}").WithTags("Archives").Needs(TokenScope.Jobs).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        jobs.MapPost("/archive", (string job, ClaimsPrincipal user, GetJob get, ArchiveJob use, CancellationToken stop) => Begin(
            job, get, found => use.Handle(new ArchiveJob.Command(found.Id, Actor.Of(user)), stop), stop)).WithName("ArchiveJob")
            .WithDescription("Its state becomes archived once the file is on disk and was read back; then its recipients, their fates and reactions are taken out of the database. Ask for the archive to see how far it is.");
        jobs.MapGet("/archive", Get).WithName("GetArchive");
        jobs.MapGet("/archive/file", Download).WithName("DownloadArchive").Produces(StatusCodes.Status200OK, contentType: ZipType);
        jobs.MapPost("/archive/bring-back", (string job, ClaimsPrincipal user, GetJob get, BringBack use, CancellationToken stop) => Begin(
            job, get, found => use.Handle(new BringBack.Command(found.Id, Actor.Of(user)), stop), stop)).WithName("BringBack").WithDescription("Its state becomes completed once all rows are back. Nothing is sent.");
        jobs.MapPut("/archive-after", (string job, NewArchiveAfter after, ClaimsPrincipal user, GetJob get, ChooseArchiveAfter use, CancellationToken stop) => JobRoutes.Change(
            job, get, found => use.Handle(new ChooseArchiveAfter.Command(found.Id, Actor.Of(user), after.Days), stop), stop)).WithName("ChooseArchiveAfter");
        return api;
    }

    /// <summary>For people with a cookie.</summary>
    public static void MapArchiveFiles(this WebApplication app)
    {
        app.MapPost("/archives/upload", Upload).RequireAuthorization().ExcludeFromDescription().DisableAntiforgery();
        app.MapGet("/jobs/{job}/archive/file", Download).RequireAuthorization().ExcludeFromDescription();
    }

    private static ArchiveDocument Document(string code, string title, JobArchive archive) => new(
        code, title, Words.Of(archive.State), archive.File.Length > 0 ? archive.File : null, archive.Size, archive.Digest.Length > 0 ? archive.Digest : null,
        archive.Totals, archive.Problem, archive.Who.Name, archive.At);

    private static async Task<Results<Accepted<JobDocument>, ProblemHttpResult>> Begin(string job, GetJob get, Func<Job, Task<Outcome<Job>>> use, CancellationToken stop)
    {
        if (!(await get.Find(job, stop)).Is(out var found, out var refusal))
        {
            return RefusalResult.Of(refusal);
        }

        return (await use(found)).Is(out var begun, out refusal) ? TypedResults.Accepted($"{RestApi.Path}/jobs/{begun.Code}/archive", JobDocument.Of(begun)) : RefusalResult.Of(refusal);
    }

    private static async Task<Results<Ok<ArchiveDocument>, ProblemHttpResult>> Get(string job, GetJob get, ArchiveStore store, CancellationToken stop)
    {
        if (!(await get.Find(job, stop)).Is(out var found, out var refusal))
        {
            return RefusalResult.Of(refusal);
        }

        return await store.Find(found.Id, stop) is { } archive ? TypedResults.Ok(Document(found.Code, found.Title, archive)) : RefusalResult.Of(ArchiveRefusals.NotArchived(found));
    }

    private static async Task<Results<Accepted<JobDocument>, ProblemHttpResult>> TakeIn(HttpRequest request, ClaimsPrincipal user, TakeInArchive use, CancellationToken stop) =>
        (await Take(request, user, use, stop)).Is(out var job, out var refusal)
            ? TypedResults.Accepted($"{RestApi.Path}/jobs/{job.Code}/archive", JobDocument.Of(job))
            : RefusalResult.Of(refusal);

    private static async Task<IResult> Upload(HttpContext context, IAntiforgery forms, TakeInArchive use, CancellationToken stop)
    {
        // The token comes in a header, so that checking it does not read the file.
        if (!context.Request.Headers.ContainsKey("RequestVerificationToken") || !await forms.IsRequestValidAsync(context))
        {
            return TypedResults.Text(ArchivesWords.PageTooOld, statusCode: StatusCodes.Status400BadRequest);
        }

        return (await Take(context.Request, context.User, use, stop)).Is(out var job, out var refusal)
            ? TypedResults.Text(job.Code)
            : TypedResults.Text(refusal.Message, statusCode: StatusCodes.Status422UnprocessableEntity);
    }

    private static async Task<Outcome<Job>> Take(HttpRequest request, ClaimsPrincipal user, TakeInArchive use, CancellationToken stop) =>
        (await UploadBody.Open(request, NameWithout, stop)).Is(out var body, out var refusal) ? await use.Handle(new(body.Content, Actor.Of(user)), stop) : refusal;

    // The whole job is in it, so it is for those who see all of it.
    private static async Task<IResult> Download(string job, ClaimsPrincipal user, GetJob get, RightsReader rights, ArchiveStore store, ArchiveFolder folder, CancellationToken stop)
    {
        if (!(await get.Find(job, stop)).Is(out var found, out var refusal))
        {
            return RefusalResult.Of(refusal);
        }

        var theirs = await rights.Of(found, Actor.Of(user), stop);
        if (Enum.GetValues<JobStep>().FirstOrDefault(step => !theirs.MaySee(step), (JobStep)(-1)) is var hidden && Enum.IsDefined(hidden))
        {
            return RefusalResult.Of(TeamRefusals.NotSeen(found, hidden));
        }

        if (await store.Find(found.Id, stop) is not { File.Length: > 0 } archive)
        {
            return RefusalResult.Of(ArchiveRefusals.NotArchived(found));
        }

        var path = folder.PathOf(archive.File);
        return File.Exists(path) ? TypedResults.PhysicalFile(path, ZipType, archive.File) : RefusalResult.Of(ArchiveRefusals.FileGone(path));
    }
}
