// SPDX-License-Identifier: Apache-2.0
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Tutti.Lui.Jobs;
using Tutti.Lui.Tokens;

namespace Tutti.Lui.Rehearsals;

/// <summary>Dress rehearsals over REST.</summary>
internal static class RehearsalRoutes
{
    /// <summary>How the receivers shall behave: providers (without a word) or accept.</summary>
    internal sealed record NewRehearsal(string? Manner);

    public static RouteGroupBuilder MapRehearsals(this RouteGroupBuilder api)
    {
        var jobs = api.MapGroup("/jobs/{job}/rehearsal").WithTags("Rehearsal").Needs(TokenScope.Jobs).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        jobs.MapPost("/", Begin).WithName("BeginRehearsal");
        jobs.MapGet("/", Get).WithName("GetRehearsal");
        jobs.MapPost("/stop", Stop).WithName("StopRehearsal");
        jobs.MapGet("/messages/{number:long}", Message).WithName("GetOddMessage").Produces(StatusCodes.Status200OK, contentType: "message/rfc822");
        return api;
    }

    private static async Task<Results<Accepted<RehearsalDocument>, ProblemHttpResult>> Begin(
        string job, NewRehearsal? rehearsal, ClaimsPrincipal user, GetJob get, BeginRehearsal use, CancellationToken stop)
    {
        if (!(await get.Find(job, stop)).Is(out var found, out var refusal)
            || !(await use.Handle(new BeginRehearsal.Command(found.Id, Actor.Of(user), rehearsal?.Manner ?? BeginRehearsal.Manners[0]), stop)).Is(out var begun, out refusal))
        {
            return RefusalResult.Of(refusal);
        }

        return TypedResults.Accepted($"{RestApi.Path}/jobs/{found.Code}/rehearsal", RehearsalDocument.Of(begun, found));
    }

    private static async Task<Results<Ok<RehearsalDocument>, ProblemHttpResult>> Get(string job, GetJob get, RehearsalStore store, CancellationToken stop) =>
        !(await get.Find(job, stop)).Is(out var found, out var refusal)
            ? RefusalResult.Of(refusal)
            : await store.OfJob(found.Id, stop) is { } rehearsal
                ? TypedResults.Ok(RehearsalDocument.Of(rehearsal, found))
                : RefusalResult.Of(RehearsalRefusals.None(found));

    private static async Task<Results<NoContent, ProblemHttpResult>> Stop(string job, GetJob get, StopRehearsal use, CancellationToken stop) =>
        (await get.Find(job, stop)).Is(out var found, out var refusal) && (await use.Handle(found, stop)).Is(out _, out refusal)
            ? TypedResults.NoContent()
            : RefusalResult.Of(refusal!);

    private static async Task<Results<FileContentHttpResult, ProblemHttpResult>> Message(string job, long number, GetJob get, RehearsalStore store, CancellationToken stop) =>
        !(await get.Find(job, stop)).Is(out var found, out var refusal)
            ? RefusalResult.Of(refusal)
            : await store.OfJob(found.Id, stop) is { } rehearsal && await store.OddMessage(rehearsal.Id, number, stop) is { } message
                ? TypedResults.File(message, "message/rfc822", $"{found.Code}-{number}.eml")
                : RefusalResult.Of(RehearsalRefusals.NoMessage(found));
}
