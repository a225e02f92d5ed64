// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Tutti.Lui.Files;
using Tutti.Lui.Jobs;
using Tutti.Lui.Recipients.Csv;
using Tutti.Lui.Recipients.Waterfalls;

namespace Tutti.Lui.Recipients;

/// <summary>Files that go to and come from the recipients page, for people with a cookie.</summary>
internal static class RecipientFiles
{
    public static void MapRecipientFiles(this WebApplication app)
    {
        app.MapWaterfallFiles();
        var files = app.MapGroup("/jobs/{job}/recipients").RequireAuthorization().ExcludeFromDescription();
        files.MapPost("/file", Upload).DisableAntiforgery();
        foreach (var set in RecipientSet.All)
        {
            files.MapGet("/" + set.File, (string job, GetJob get, RecipientSourceStore sources, DownloadRecipients use, CancellationToken stop) => Download(set, job, get, sources, use, stop));
        }
    }

    private static async Task<IResult> Upload(string job, HttpContext context, IAntiforgery forms, GetJob get, UploadRecipients upload, CancellationToken stop)
    {
        // The token comes in a header, so that checking it does not read the file.
        if (!context.Request.Headers.ContainsKey("RequestVerificationToken") || !await forms.IsRequestValidAsync(context))
        {
            return TypedResults.Text(RecipientsWords.PageTooOld, statusCode: StatusCodes.Status400BadRequest);
        }

        return (await get.Find(job, stop)).Is(out var found, out var refusal)
            && (await UploadBody.Open(context.Request, "recipients.csv", stop)).Is(out var body, out refusal)
            && (await upload.Handle(new(found.Id, body.FileName, body.Content, new CsvChoice(), Actor.Of(context.User), CsvQuery.SheetOf(context.Request.Query)), stop)).Is(out _, out refusal)
                ? TypedResults.Ok()
                : TypedResults.Text(refusal.Message, statusCode: StatusCodes.Status422UnprocessableEntity);
    }

    private static async Task<IResult> Download(RecipientSet set, string job, GetJob get, RecipientSourceStore sources, DownloadRecipients use, CancellationToken stop) =>
        (await get.Find(job, stop)).Is(out var found, out _) && found.RecipientsId is { } id && await sources.Find(id, stop) is { } source
            ? set.Of(found, source, use, stop)
            : TypedResults.NotFound();
}
