// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Tutti.Lui.Delivery;
using Tutti.Lui.Jobs;
using Tutti.Lui.Tokens;

namespace Tutti.Lui.Content.Translating;

/// <summary>Messages that were written for LISTSERV's merge language, translated over REST.</summary>
internal static class TranslateRoutes
{
    /// <summary>What was written for LISTSERV's merge language; parts may be left out.</summary>
    internal sealed record ForeignContent(string? Subject = null, string? Preheader = null, string? Html = null, string? Text = null);

    /// <summary>The same in Liquid, as far as it could be translated.</summary>
    /// <param name="Subject">The subject.</param>
    /// <param name="Preheader">The preheader.</param>
    /// <param name="Html">The HTML part.</param>
    /// <param name="Text">The text part.</param>
    /// <param name="Changes">Number of places that were translated.</param>
    /// <param name="Left">What could not be; it stands there as it was.</param>
    internal sealed record TranslatedContent(string Subject, string Preheader, string Html, string Text, int Changes, IReadOnlyList<LeftDocument> Left);

    /// <summary>Something that could not be translated: in which part (subject, preheader, html, text), in which line of it, what stands there and why it stayed.</summary>
    internal sealed record LeftDocument(string Part, int Line, string Written, string Reason);

    public static void MapTranslating(this RouteGroupBuilder jobs) => jobs.MapPost("/content/translate", Run).WithName("TranslateContent").Needs(TokenScope.Jobs)
        .WithDescription("Changes nothing: what comes back may be saved as the content.");

    private static async Task<Results<Ok<TranslatedContent>, ProblemHttpResult>> Run(
        string job, ForeignContent content, GetJob get, SnapshotStore snapshots, CancellationToken stop)
    {
        if (!(await get.Find(job, stop)).Is(out var found, out var refusal))
        {
            return RefusalResult.Of(refusal);
        }

        var columns = found.RecipientsId is { } set && await snapshots.Find(set, stop) is { } snapshot ? snapshot.Columns : [];
        var left = new List<LeftDocument>();
        var changes = 0;
        string Part(string name, string? written)
        {
            var translation = Translate.Of(written ?? "", columns);
            changes += translation.Changes;
            left.AddRange(translation.Left.Select(one => new LeftDocument(name, one.Line, one.Written, one.Reason)));
            return translation.Text;
        }

        var (subject, preheader) = (Part("subject", content.Subject), Part("preheader", content.Preheader));
        var (html, text) = (Part("html", content.Html), Part("text", content.Text));
        return TypedResults.Ok(new TranslatedContent(subject, preheader, html, text, changes, left));
    }
}
