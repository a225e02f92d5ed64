// SPDX-License-Identifier: Apache-2.0
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Tutti.Lui.Files;
using Tutti.Lui.Jobs;
using Tutti.Lui.Recipients.Import;
using Tutti.Lui.Recipients.Queries;
using Tutti.Lui.Recipients.Reactions;
using Tutti.Lui.Recipients.Reasons;
using Tutti.Lui.Recipients.Waterfalls;
using Tutti.Lui.Tokens;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Recipients;

/// <summary>Recipients over REST: a file comes in, is imported in the background, and can be taken out again as three sets.</summary>
internal static class RecipientRoutes
{
    public static RouteGroupBuilder MapRecipients(this RouteGroupBuilder api)
    {
        var recipients = api.MapGroup("/jobs/{job}/recipients").WithTags("Recipients").Needs(TokenScope.Recipients)
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        recipients.MapPost("/", Upload).WithName("UploadRecipients")
            .WithDescription("The file, separated values or a workbook (.xlsx), is the body or the first file of a multipart form. How it is read may be given in the query: encoding, delimiter, quote, header, names, adaptNames, addressColumn, nameColumn, fileName, types (born:date dd.MM.yyyy;fee:number), identification, duplicates (address, columns with duplicateColumns, none), misfits (keep, apart), and sheet for a workbook, otherwise its first sheet with something in it is read. It is imported at once unless preview=true.");
        recipients.MapGet("/", Get).WithName("GetRecipients");
        recipients.MapDelete("/", Discard).WithName("DiscardUpload");
        recipients.MapPost("/import", Import).WithName("ImportRecipients");
        recipients.MapPost("/stop", Stop).WithName("StopImport");
        foreach (var set in RecipientSet.All)
        {
            recipients.MapGet("/" + set.File, (string job, GetJob get, RecipientSourceStore sources, DownloadRecipients use, CancellationToken stop) => Download(set, job, get, sources, use, stop))
                .WithName(set.Operation).Produces(StatusCodes.Status200OK, contentType: RecipientSet.MediaType);
        }

        return api.MapWaterfalls().MapReasons().MapReactions().MapQueries();
    }

    private static async Task<Results<Ok<SourceDocument>, Accepted<SourceDocument>, ProblemHttpResult>> Upload(
        string job, HttpRequest request, ClaimsPrincipal user, GetJob get, UploadRecipients upload, StartImport import, ImportRunStore runs, CancellationToken stop)
    {
        if (!(await get.Find(job, stop)).Is(out var found, out var refusal)
            || !CsvQuery.Read(request.Query).Is(out var choice, out refusal)
            || !(await UploadBody.Open(request, FileNameOf(request), stop)).Is(out var body, out refusal)
            || !(await upload.Handle(new UploadRecipients.Command(found.Id, body.FileName, body.Content, choice, Actor.Of(user), CsvQuery.SheetOf(request.Query)), stop)).Is(out var result, out refusal))
        {
            return RefusalResult.Of(refusal);
        }

        if (request.Query["preview"] == "true")
        {
            return TypedResults.Ok(SourceDocument.Of(result.Source, found, null) with { Preview = result.Analysis.Rows });
        }

        return (await import.Handle(new StartImport.Command(result.Source.Id, choice, Actor.Of(user)), stop)).Is(out var importing, out refusal)
            ? TypedResults.Accepted($"{RestApi.Path}/jobs/{found.Code}/recipients", SourceDocument.Of(importing, found, await runs.ProgressOf(importing, stop)))
            : RefusalResult.Of(refusal);
    }

    private static async Task<Results<Ok<SourceDocument>, ProblemHttpResult>> Get(
        string job, GetJob get, RecipientSourceStore sources, ImportRunStore runs, CancellationToken stop) =>
        (await Newest(job, get, sources, stop)).Is(out var newest, out var refusal)
            ? TypedResults.Ok(SourceDocument.Of(newest.Source, newest.Job, await runs.ProgressOf(newest.Source, stop)))
            : RefusalResult.Of(refusal);

    private static async Task<Results<Accepted<SourceDocument>, ProblemHttpResult>> Import(
        string job, HttpRequest request, ClaimsPrincipal user, GetJob get, RecipientSourceStore sources, StartImport use, ImportRunStore runs, CancellationToken stop)
    {
        if (!(await Newest(job, get, sources, stop)).Is(out var newest, out var refusal)
            || !CsvQuery.Read(request.Query).Is(out var choice, out refusal)
            || !(await use.Handle(new StartImport.Command(newest.Source.Id, choice, Actor.Of(user)), stop)).Is(out var importing, out refusal))
        {
            return RefusalResult.Of(refusal);
        }

        return TypedResults.Accepted(
            $"{RestApi.Path}/jobs/{newest.Job.Code}/recipients", SourceDocument.Of(importing, newest.Job, await runs.ProgressOf(importing, stop)));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Stop(string job, GetJob get, RecipientSourceStore sources, StopImport use, CancellationToken stop) =>
        (await Newest(job, get, sources, stop)).Is(out var newest, out var refusal)
        && (await use.Handle(new StopImport.Command(newest.Source.Id), stop)).Is(out _, out refusal)
            ? TypedResults.NoContent()
            : RefusalResult.Of(refusal);

    private static async Task<Results<NoContent, ProblemHttpResult>> Discard(string job, GetJob get, RecipientSourceStore sources, StopImport use, CancellationToken stop) =>
        (await Newest(job, get, sources, stop)).Is(out var newest, out var refusal)
        && (await use.Discard(new StopImport.Command(newest.Source.Id), stop)).Is(out _, out refusal)
            ? TypedResults.NoContent()
            : RefusalResult.Of(refusal);

    private static async Task<Results<PushStreamHttpResult, ProblemHttpResult>> Download(
        RecipientSet set, string job, GetJob get, RecipientSourceStore sources, DownloadRecipients use, CancellationToken stop) =>
        (await Newest(job, get, sources, stop)).Is(out var newest, out var refusal) ? set.Of(newest.Job, newest.Source, use, stop) : RefusalResult.Of(refusal);

    private static async Task<Outcome<(Job Job, RecipientSource Source)>> Newest(string job, GetJob get, RecipientSourceStore sources, CancellationToken stop)
    {
        if (!(await get.Find(job, stop)).Is(out var found, out var refusal))
        {
            return refusal;
        }

        if (await sources.Newest(found.Id, stop) is not { } newest)
        {
            return RecipientRefusals.None(found.Code);
        }

        // Again, now that the source is known: an import that ended in between has changed both, in one transaction.
        return (await get.Find(job, stop)).Is(out found, out refusal) ? (found, newest) : refusal;
    }

    private static string FileNameOf(HttpRequest request) => UploadBody.CleanName(request.Query["fileName"].ToString(), "recipients.csv");
}
