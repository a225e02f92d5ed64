// SPDX-License-Identifier: Apache-2.0
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Tutti.Lui.Jobs;
using Tutti.Lui.Tokens;

namespace Tutti.Lui.Tracking;

/// <summary>Tracking over REST.</summary>
internal static class TrackingRoutes
{
    /// <summary>personal, blind or off; and the host name of a tracker, where there are several.</summary>
    internal sealed record TrackingDocument(string Type, string? TrackerHost = null);

    /// <summary>A tracker of the installation.</summary>
    internal sealed record TrackerDocument(long Id, string Tracker, string PublicUrl, bool InService, string? Problem);

    public static RouteGroupBuilder MapTracking(this RouteGroupBuilder api)
    {
        var jobs = api.MapGroup("/jobs/{job}").WithTags("Tracking").Needs(TokenScope.Jobs).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        jobs.MapPut("/tracking", Choose).WithName("ChooseTracking");
        jobs.MapGet("/links", Links).WithName("ListLinks");
        var trackers = api.MapGroup("/trackers").WithTags("Tracking").Needs(TokenScope.Send).ProducesProblem(StatusCodes.Status404NotFound);
        trackers.MapGet("/", Trackers).WithName("ListTrackers");
        trackers.MapPost("/{tracker}/release", Release).WithName("ReleaseTracker")
            .WithDescription("Lets jobs leave without a tracker that does not answer. It is out of service until it answers and has caught up.");
        return api;
    }

    private static async Task<Results<Ok<JobDocument>, ProblemHttpResult>> Choose(
        string job, TrackingDocument tracking, ClaimsPrincipal user, GetJob get, ChooseTracking use, CancellationToken stop) =>
        Words.TryTo<JobTracking>(tracking.Type ?? "", out var type)
            ? await JobRoutes.Change(job, get, found => use.Handle(new ChooseTracking.Command(found.Id, Actor.Of(user), type, tracking.TrackerHost), stop), stop)
            : RefusalResult.Of(TrackingRefusals.Type(tracking.Type ?? ""));

    private static async Task<Results<Ok<FoundLink[]>, ProblemHttpResult>> Links(string job, GetJob get, ListLinks use, CancellationToken stop) =>
        (await get.Find(job, stop)).Is(out var found, out var refusal) && (await use.Handle(found.Id, stop)).Is(out var links, out refusal)
            ? TypedResults.Ok(links)
            : RefusalResult.Of(refusal);

    private static async Task<Ok<List<TrackerDocument>>> Trackers(Components.ComponentStore components, CancellationToken stop) =>
        TypedResults.Ok((await components.List(Components.Component.Trackers, stop))
            .Select(one => new TrackerDocument(one.Id, one.Title, one.PublicUrl, one.InService, one.Problem)).ToList());

    private static async Task<Results<NoContent, ProblemHttpResult>> Release(long tracker, ClaimsPrincipal user, ReleaseTracker use, CancellationToken stop) =>
        (await use.Handle(new ReleaseTracker.Command(tracker, Actor.Of(user)), stop)).Is(out _, out var refusal) ? TypedResults.NoContent() : RefusalResult.Of(refusal);
}
