// SPDX-License-Identifier: Apache-2.0
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Tutti.Lui.Jobs;
using Tutti.Lui.Tokens;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Copies;

/// <summary>Copies over REST.</summary>
internal static class CopyRoutes
{
    /// <summary>A copy of a job.</summary>
    /// <param name="Title">Its title; without one, made from the old.</param>
    /// <param name="Parts">recipients, content, tracking, sender, schedule, team; without it, all.</param>
    internal sealed record NewCopy(string? Title, IReadOnlyList<string>? Parts);

    /// <summary>Parts of another job.</summary>
    /// <param name="From">Code or number of the other job.</param>
    /// <param name="Parts">recipients, content, tracking, sender, schedule, team.</param>
    internal sealed record PartsOfJob(string From, IReadOnlyList<string> Parts);

    /// <summary>What was there and was copied.</summary>
    internal sealed record CopiedParts(IReadOnlyList<string> Parts);

    public static RouteGroupBuilder MapCopies(this RouteGroupBuilder api)
    {
        var jobs = api.MapGroup("/jobs/{job}").WithTags("Copies").Needs(TokenScope.Jobs).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status400BadRequest);
        jobs.MapPost("/copy", Copy).WithName("CopyJob").WithDescription("Makes a new job out of this one.");
        jobs.MapPost("/parts", Take).WithName("CopyParts").WithDescription("Copies parts of another job into this one.").ProducesProblem(StatusCodes.Status409Conflict);
        return api;
    }

    private static async Task<Results<Created<JobDocument>, ProblemHttpResult>> Copy(string job, NewCopy copy, ClaimsPrincipal user, CopyJob use, CancellationToken stop) =>
        Read(copy.Parts ?? [.. Enum.GetValues<JobPart>().Select(Words.Of)]).Is(out var parts, out var refusal)
        && (await use.Handle(new CopyJob.Command(job, copy.Title ?? "", parts, Actor.Of(user)), stop)).Is(out var made, out refusal)
            ? TypedResults.Created($"{RestApi.Path}/jobs/{made.Code}", JobDocument.Of(made))
            : RefusalResult.Of(refusal);

    private static async Task<Results<Ok<CopiedParts>, ProblemHttpResult>> Take(string job, PartsOfJob other, ClaimsPrincipal user, CopyParts use, CancellationToken stop) =>
        Read(other.Parts).Is(out var parts, out var refusal)
        && (await use.Handle(new CopyParts.Command(other.From, job, parts, Actor.Of(user)), stop)).Is(out var copied, out refusal)
            ? TypedResults.Ok(new CopiedParts([.. copied.Select(Words.Of)]))
            : RefusalResult.Of(refusal);

    private static Outcome<IReadOnlyList<JobPart>> Read(IReadOnlyList<string> words)
    {
        var parts = new List<JobPart>();
        foreach (var word in words)
        {
            if (!Words.TryTo<JobPart>(word, out var part))
            {
                return CopyRefusals.UnknownPart(word);
            }

            parts.Add(part);
        }

        return parts;
    }
}
