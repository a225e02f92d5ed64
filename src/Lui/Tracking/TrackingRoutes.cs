// SPDX-License-Identifier: Apache-2.0
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Tutti.Lui.Jobs;
using Tutti.Lui.Tokens;
using Tutti.Lui.Tracking.MessageLinks;
using Tutti.Mail.Links.Parameters;

namespace Tutti.Lui.Tracking;

/// <summary>Tracking over REST.</summary>
internal static class TrackingRoutes
{
    /// <summary>How a job is tracked.</summary>
    /// <param name="Type">personal, permission, anonymous, unique, blind or off.</param>
    /// <param name="TrackerHost">The host name of a tracker, where there are several.</param>
    /// <param name="PermissionField">For permission: the column that says of each recipient yes or no.</param>
    /// <param name="ProfileFields">For anonymous: the columns of a profile. For permission: the same for those who do not permit; none: they are tracked blind.</param>
    internal sealed record TrackingDocument(string Type, string? TrackerHost = null, string? PermissionField = null, string[]? ProfileFields = null);

    /// <summary>How a job is tracked, with what is added to its links. Type is null while it is not decided.</summary>
    internal sealed record ChosenTracking(string? Type, string? TrackerHost, string? PermissionField, IReadOnlyList<string> ProfileFields, IReadOnlyList<LinkParameter> Parameters);

    /// <summary>A tracker of the installation.</summary>
    internal sealed record TrackerDocument(long Id, string Tracker, string PublicUrl, bool InService, string? Problem);

    public static RouteGroupBuilder MapTracking(this RouteGroupBuilder api)
    {
        var jobs = api.MapGroup("/jobs/{job}").WithTags("Tracking").Needs(TokenScope.Jobs).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        jobs.MapPut("/tracking", Choose).WithName("ChooseTracking");
        jobs.MapGet("/tracking", Show).WithName("GetTracking");
        jobs.MapGet("/links", Links).WithName("ListLinks");
        jobs.MapPut("/links", Decide).WithName("DecideLinks");
        jobs.MapPut("/links/parameters", Add).WithName("SetLinkParameters");
        var trackers = api.MapGroup("/trackers").WithTags("Tracking").Needs(TokenScope.Send).ProducesProblem(StatusCodes.Status404NotFound);
        trackers.MapGet("/", Trackers).WithName("ListTrackers");
        trackers.MapPost("/{tracker}/release", Release).WithName("ReleaseTracker")
            .WithDescription("Lets jobs leave without a tracker that does not answer. It is out of service until it answers and has caught up.");
        return api;
    }

    private static async Task<Results<Ok<JobDocument>, ProblemHttpResult>> Choose(
        string job, TrackingDocument tracking, ClaimsPrincipal user, GetJob get, ChooseTracking use, CancellationToken stop) =>
        Words.TryTo<JobTracking>(tracking.Type ?? "", out var type)
            ? await JobRoutes.Change(job, get, found => use.Handle(Command(found.Id, user, type, tracking), stop), stop)
            : RefusalResult.Of(TrackingRefusals.Type(tracking.Type ?? ""));

    private static ChooseTracking.Command Command(long jobId, ClaimsPrincipal user, JobTracking type, TrackingDocument tracking) =>
        new(jobId, Actor.Of(user), type, tracking.TrackerHost) { PermissionField = tracking.PermissionField, ProfileFields = tracking.ProfileFields ?? [] };

    private static async Task<Results<Ok<ChosenTracking>, ProblemHttpResult>> Show(string job, GetJob get, CancellationToken stop) =>
        (await get.Find(job, stop)).Is(out var found, out var refusal)
            ? TypedResults.Ok(new ChosenTracking(
                found.Tracking is { } type ? Words.Of(type) : null,
                found.TrackerHost,
                found.TrackingDetails.PermissionField is { Length: > 0 } field ? field : null,
                found.TrackingDetails.ProfileFields,
                found.TrackingDetails.Parameters))
            : RefusalResult.Of(refusal);

    private static Task<Results<Ok<JobDocument>, ProblemHttpResult>> Decide(
        string job, DecideLinks.Wish[] links, ClaimsPrincipal user, GetJob get, DecideLinks use, CancellationToken stop) =>
        JobRoutes.Change(job, get, found => use.Handle(new DecideLinks.Command(found.Id, Actor.Of(user), links), stop), stop);

    private static Task<Results<Ok<JobDocument>, ProblemHttpResult>> Add(
        string job, LinkParameter[] parameters, ClaimsPrincipal user, GetJob get, SetLinkParameters use, CancellationToken stop) =>
        JobRoutes.Change(job, get, found => use.Handle(new SetLinkParameters.Command(found.Id, Actor.Of(user), parameters), stop), stop);

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
