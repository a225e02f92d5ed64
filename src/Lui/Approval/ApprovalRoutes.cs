// SPDX-License-Identifier: Apache-2.0
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Tutti.Lui.Jobs;
using Tutti.Lui.Tokens;

namespace Tutti.Lui.Approval;

/// <summary>Approvals over REST.</summary>
internal static class ApprovalRoutes
{
    /// <summary>A part that was approved: content, audience, sender, links or schedule; its SHA-256; and whether it is still the same.</summary>
    internal sealed record PartDocument(string Part, string Hash, bool AsApproved);

    /// <summary>What was approved. It holds if the job is exactly that; if not, the job does not leave.</summary>
    internal sealed record SealDocument(string Hash, string By, DateTimeOffset At, bool Holds, IReadOnlyList<PartDocument> Parts);

    /// <summary>Whether a second person has to authorise the job.</summary>
    internal sealed record FourEyesDocument(bool Asked);

    public static RouteGroupBuilder MapApproval(this RouteGroupBuilder api)
    {
        var jobs = api.MapGroup("/jobs/{job}").WithTags("Approval").Needs(TokenScope.Jobs).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        jobs.MapGet("/seal", Get).WithName("GetSeal").WithDescription("What was approved by whom, and whether the job is still exactly that.");
        jobs.MapPut("/four-eyes", (string job, FourEyesDocument document, ClaimsPrincipal user, GetJob get, AskForFourEyes use, CancellationToken stop) => JobRoutes.Change(
            job, get, found => use.Handle(new AskForFourEyes.Command(found.Id, Actor.Of(user), document.Asked), stop), stop)).WithName("AskForFourEyes");
        return api;
    }

    private static async Task<Results<Ok<SealDocument>, ProblemHttpResult>> Get(string job, GetJob get, CheckSeal check, CancellationToken stop)
    {
        if (!(await get.Find(job, stop)).Is(out var found, out var refusal))
        {
            return RefusalResult.Of(refusal);
        }

        var verdict = found.AuthorizedBy is null ? SealVerdict.None : await check.Handle(found, stop);
        if (verdict.Seal is not { } seal)
        {
            return RefusalResult.Of(found.AuthorizedBy is null ? JobRefusals.NotWaiting(found) : ApprovalRefusals.Of(found, verdict)!);
        }

        return TypedResults.Ok(new SealDocument(
            seal.Hash, seal.Who.Name, seal.At, verdict.Holds, [.. seal.Parts.OrderBy(part => part.Key).Select(part => new PartDocument(Words.Of(part.Key), part.Value, !verdict.Differing.Contains(part.Key)))]));
    }
}
