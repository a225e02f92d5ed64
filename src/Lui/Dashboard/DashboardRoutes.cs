// SPDX-License-Identifier: Apache-2.0
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Tutti.Lui.Jobs;

namespace Tutti.Lui.Dashboard;

/// <summary>What is going on, over REST; only of the jobs that the caller finds.</summary>
internal static class DashboardRoutes
{
    private const int Most = 50;

    /// <summary>What is going on.</summary>
    /// <param name="Attention">Failed jobs, and open ones whose date of decision is over or less than a day away.</param>
    /// <param name="Ongoing">Jobs on their way or waiting for their time, the next first.</param>
    /// <param name="Recent">The jobs that were completed last.</param>
    internal sealed record DashboardDocument(IReadOnlyList<JobDocument> Attention, IReadOnlyList<JobDocument> Ongoing, IReadOnlyList<JobDocument> Recent);

    /// <summary>What happens to a job at a moment: delivered, planned or decision.</summary>
    internal sealed record CalendarDocument(string Job, string Title, DateTimeOffset At, string Occasion);

    public static RouteGroupBuilder MapDashboard(this RouteGroupBuilder api)
    {
        api.MapGet("/dashboard", Read).WithName("GetDashboard").WithTags("Dashboard").WithDescription("At most 50 jobs of each kind.");
        api.MapGet("/calendar", async (ClaimsPrincipal user, DashboardStore store, DateTimeOffset from, DateTimeOffset until, CancellationToken stop) =>
            TypedResults.Ok<IReadOnlyList<CalendarDocument>>(
                [.. (await store.Calendar(Actor.Of(user), from, until, stop)).Select(item => new CalendarDocument(item.Code, item.Title, item.At, Words.Of(item.Occasion)))]))
            .WithName("GetCalendar").WithTags("Dashboard").WithDescription("What happened and happens from one moment to another, which does not belong to it any more, in order.");
        return api;
    }

    private static async Task<Ok<DashboardDocument>> Read(ClaimsPrincipal user, DashboardStore store, TimeProvider clock, CancellationToken stop)
    {
        var who = Actor.Of(user);
        return TypedResults.Ok(new DashboardDocument(
            [.. (await store.NeedAttention(who, clock.GetUtcNow().AddDays(1), Most, stop)).Select(JobDocument.Of)],
            [.. (await store.Ongoing(who, Most, stop)).Select(JobDocument.Of)],
            [.. (await store.Recent(who, Most, stop)).Select(JobDocument.Of)]));
    }
}
