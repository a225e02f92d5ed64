// SPDX-License-Identifier: Apache-2.0
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Tutti.Lui.Jobs;
using Tutti.Lui.Tokens;

namespace Tutti.Lui.Preflight;

/// <summary>The preflight over REST.</summary>
internal static class PreflightRoutes
{
    public static RouteGroupBuilder MapPreflight(this RouteGroupBuilder api)
    {
        var jobs = api.MapGroup("/jobs/{job}/preflight").WithTags("Preflight").Needs(TokenScope.Jobs).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        jobs.MapPost("/", Run).WithName("RunPreflight")
            .WithDescription("Looks at the job as it would leave and answers what was found. With many recipients it takes a while; a call that is given up does not end it.");
        jobs.MapGet("/", Get).WithName("GetPreflight").WithDescription("What was found the last time.");
        jobs.MapPost("/ticks", (string job, ClaimsPrincipal user, GetJob get, TickWarnings use, PreflightGate gate, CancellationToken stop, [FromQuery] string[]? finding = null) =>
            Tick(job, finding is { Length: > 0 } ? finding : null, on: true, user, get, use, gate, stop)).WithName("TickWarnings")
            .WithDescription("Lets warnings pass: those that the query names (finding, as often as needed), or all of the last look. The journal says who did so.");
        jobs.MapDelete("/ticks/{finding}", (string job, string finding, ClaimsPrincipal user, GetJob get, TickWarnings use, PreflightGate gate, CancellationToken stop) =>
            Tick(job, [finding], on: false, user, get, use, gate, stop)).WithName("UntickWarning");
        return api;
    }

    private static async Task<Results<Ok<PreflightDocument>, ProblemHttpResult>> Run(string job, GetJob get, RunPreflight use, CancellationToken stop) =>
        (await get.Find(job, stop)).Is(out var found, out var refusal) && (await use.Handle(found.Id, stop)).Is(out var report, out refusal)
            ? TypedResults.Ok(PreflightDocument.Of(report, current: true))
            : RefusalResult.Of(refusal);

    private static async Task<Results<Ok<PreflightDocument>, ProblemHttpResult>> Get(string job, GetJob get, PreflightStore store, PreflightGate gate, CancellationToken stop)
    {
        if (!(await get.Find(job, stop)).Is(out var found, out var refusal))
        {
            return RefusalResult.Of(refusal);
        }

        return await store.Find(found.Id, stop) is { } report
            ? TypedResults.Ok(PreflightDocument.Of(report, await gate.Current(found, stop) is not null))
            : RefusalResult.Of(PreflightRefusals.NotLooked(found));
    }

    private static async Task<Results<Ok<PreflightDocument>, ProblemHttpResult>> Tick(
        string job, string[]? findings, bool on, ClaimsPrincipal user, GetJob get, TickWarnings use, PreflightGate gate, CancellationToken stop) =>
        (await get.Find(job, stop)).Is(out var found, out var refusal)
        && (await use.Handle(new TickWarnings.Command(found.Id, Actor.Of(user), findings, on), stop)).Is(out var report, out refusal)
            ? TypedResults.Ok(PreflightDocument.Of(report, await gate.Current(found, stop) is not null))
            : RefusalResult.Of(refusal);
}
