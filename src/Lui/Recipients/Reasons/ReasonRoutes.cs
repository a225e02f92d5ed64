// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Tutti.Lui.Jobs;

namespace Tutti.Lui.Recipients.Reasons;

/// <summary>Why and why not, over REST.</summary>
internal static class ReasonRoutes
{
    /// <summary>The answer for an address.</summary>
    /// <param name="Address">As the source has it, or as it was asked for.</param>
    /// <param name="Reason">no-recipients, not-there, set-apart, will-be-suppressed, will-get, waiting, got, refused, not-offered, expired, suppressed, withdrawn or in-doubt.</param>
    /// <param name="Sentence">The same in words, with the time.</param>
    /// <param name="Afterwards">What came back later, a sentence each.</param>
    /// <param name="Time">When it was decided; of a suppression, since when.</param>
    /// <param name="Source">Where the recipients come from, in words.</param>
    /// <param name="Detail">The mail server's answer, or the reason.</param>
    /// <param name="Host">The mail server that answered.</param>
    internal sealed record ReasonDocument(
        string Address, string Reason, string Sentence, IReadOnlyList<string> Afterwards, DateTimeOffset? Time, string? Source, string Detail, string Host);

    public static RouteGroupBuilder MapReasons(this RouteGroupBuilder api)
    {
        api.MapGet("/jobs/{job}/why", Why).WithName("ExplainAddress").WithTags("Recipients")
            .WithDescription("Why an address gets the message of a job, got it, or did not. A value of the column that tells recipients apart will do as well.")
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status400BadRequest);
        return api;
    }

    private static async Task<Results<Ok<ReasonDocument>, ProblemHttpResult>> Why(string job, GetJob get, ExplainAddress use, CancellationToken stop, string address = "")
    {
        if (!(await get.Find(job, stop)).Is(out var found, out var refusal) || !(await use.Handle(new(found, address), stop)).Is(out var reason, out refusal))
        {
            return RefusalResult.Of(refusal);
        }

        return TypedResults.Ok(new ReasonDocument(
            reason.Address,
            Words.Of(reason.Kind),
            ReasonLook.SentenceOf(reason, ReasonLook.Utc),
            [.. ReasonLook.AfterwardsOf(reason, ReasonLook.Utc)],
            reason.At,
            ReasonLook.SourceOf(reason, ReasonLook.Utc),
            reason.Detail,
            reason.Host));
    }
}
