// SPDX-License-Identifier: Apache-2.0
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Tutti.Lui.Content.Translating;
using Tutti.Lui.Jobs;
using Tutti.Lui.Tokens;

namespace Tutti.Lui.Content;

/// <summary>What jobs say, over REST.</summary>
internal static class ContentRoutes
{
    /// <summary>What a job says; with automatic text the text part is made from the HTML part; empty parts are left out of the message. A version in a save is that which was read: if somebody saved since, the save is refused.</summary>
    internal sealed record ContentDocument(
        string Subject, string? Html, string? Text, long? Version = null, string? Preheader = null, bool AutomaticText = false,
        string? Language = null, string? LanguageField = null);

    public static RouteGroupBuilder MapContent(this RouteGroupBuilder api)
    {
        var jobs = api.MapGroup("/jobs/{job}").WithTags("Content").Needs(TokenScope.Jobs).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        jobs.MapGet("/content", Get).WithName("GetContent");
        jobs.MapPut("/content", (string job, ContentDocument content, ClaimsPrincipal user, GetJob get, SaveContent use, CancellationToken stop) => JobRoutes.Change(
            job,
            get,
            found => use.Handle(
                new SaveContent.Command(found.Id, Actor.Of(user), content.Subject ?? "", content.Html ?? "", content.Text ?? "", BasedOn: content.Version)
                {
                    Preheader = content.Preheader ?? "",
                    IsTextAutomatic = content.AutomaticText,
                    Language = content.Language ?? "",
                    LanguageField = content.LanguageField ?? "",
                },
                stop),
            stop)).WithName("SaveContent");
        jobs.MapGet("/preview", Preview).WithName("PreviewContent")
            .WithDescription("The message as one recipient gets it; without the query recipient, as the first one.");
        jobs.MapTranslating();
        return api;
    }

    private static async Task<Results<Ok<ContentDocument>, ProblemHttpResult>> Get(string job, GetJob get, ContentStore store, CancellationToken stop)
    {
        if (!(await get.Find(job, stop)).Is(out var found, out var refusal))
        {
            return RefusalResult.Of(refusal);
        }

        return await store.Find(found.Id, stop) is { } content
            ? TypedResults.Ok(new ContentDocument(
                content.Subject, content.Html, content.Text, await store.Version(found.Id, stop), content.Preheader, content.IsTextAutomatic, content.Language, content.LanguageField))
            : RefusalResult.Of(ContentRefusals.Missing());
    }

    private static async Task<Results<Ok<ContentPreview>, ProblemHttpResult>> Preview(
        string job, GetJob get, PreviewContent use, CancellationToken stop, long? recipient = null) =>
        (await get.Find(job, stop)).Is(out var found, out var refusal)
        && (await use.Handle(new PreviewContent.Query(found.Id, recipient), stop)).Is(out var preview, out refusal)
            ? TypedResults.Ok(preview)
            : RefusalResult.Of(refusal);
}
