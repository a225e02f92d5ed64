// SPDX-License-Identifier: Apache-2.0
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Tutti.Frame.Pipeline;
using Tutti.Lui.Jobs;
using Tutti.Lui.Tokens;

namespace Tutti.Lui.Triggers;

/// <summary>Triggers over REST, and the addresses that need no account.</summary>
internal static class TriggerRoutes
{
    private const int SecondsOfAMinute = 60;

    /// <summary>The address that lets a job go. Its token is told here once.</summary>
    internal sealed record AddressDocument(string Address);

    /// <summary>A job that was let go, and since when.</summary>
    internal sealed record TriggeredDocument(string Job, DateTimeOffset At);

    public static RouteGroupBuilder MapTriggers(this RouteGroupBuilder api)
    {
        var jobs = api.MapGroup("/jobs/{job}").WithTags("Triggers").Needs(TokenScope.Send).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        jobs.MapPost("/trigger", (string job, ClaimsPrincipal user, GetJob get, TriggerJob use, CancellationToken stop) => JobRoutes.Change(
            job, get, found => use.Handle(new TriggerJob.Command(found.Id, Actor.Of(user)), stop), stop))
            .WithName("TriggerJob").WithDescription("Lets an authorised job go that waits to be triggered. Doing it again changes nothing.");
        jobs.MapPost("/trigger-address", Make).WithName("MakeTriggerAddress").WithDescription("Makes the address that lets the job go by POST, without an account. A former one is worthless from then on.");
        jobs.MapDelete("/trigger-address", (string job, ClaimsPrincipal user, GetJob get, RevokeTriggerAddress use, CancellationToken stop) => JobRoutes.Change(
            job, get, found => use.Handle(new RevokeTriggerAddress.Command(found.Id, Actor.Of(user)), stop), stop)).WithName("RevokeTriggerAddress");
        return api;
    }

    /// <summary>The addresses that need no account.</summary>
    public static void MapTriggerAddresses(this IEndpointRouteBuilder routes)
    {
        routes.MapPost($"/{TriggerAddress.Path}/{{token}}", Pull).AllowAnonymous().DisableAntiforgery().ExcludeFromDescription();

        // What only looks, such as a mail program that follows links, must not send anything.
        routes.MapGet($"/{TriggerAddress.Path}/{{token}}", (string token, HttpContext context) =>
        {
            Conceal(context);
            return PlainPage.Write(context, StatusCodes.Status200OK, TriggersWords.OnlyByPost, TriggersWords.OnlyByPostMeaning);
        }).AllowAnonymous().ExcludeFromDescription();
    }

    private static async Task<Results<Ok<AddressDocument>, ProblemHttpResult>> Make(
        string job, HttpContext context, ClaimsPrincipal user, GetJob get, MakeTriggerAddress use, CancellationToken stop)
    {
        if (!(await get.Find(job, stop)).Is(out var found, out var refusal)
            || !(await use.Handle(new MakeTriggerAddress.Command(found.Id, Actor.Of(user)), stop)).Is(out var token, out refusal))
        {
            return RefusalResult.Of(refusal);
        }

        Conceal(context);
        return TypedResults.Ok(new AddressDocument($"{context.Request.Scheme}://{context.Request.Host}/{TriggerAddress.Path}/{token}"));
    }

    private static async Task<Results<Ok<TriggeredDocument>, StatusCodeHttpResult, ProblemHttpResult>> Pull(
        string token, HttpContext context, TriggerLimit limit, PullTrigger use, CancellationToken stop)
    {
        Conceal(context);
        if (!limit.Admits(context.Connection.RemoteIpAddress))
        {
            context.Response.Headers.RetryAfter = SecondsOfAMinute.ToString(System.Globalization.CultureInfo.InvariantCulture);
            return TypedResults.StatusCode(StatusCodes.Status429TooManyRequests);
        }

        return (await use.Handle(token, stop)).Is(out var job, out var refusal)
            ? TypedResults.Ok(new TriggeredDocument(job.Code, job.DueAt!.Value))
            : RefusalResult.Of(refusal);
    }

    // The token stands in the address: no cache keeps it, no page that is opened next learns it.
    private static void Conceal(HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers["X-Robots-Tag"] = "noindex";
    }
}
