// SPDX-License-Identifier: Apache-2.0
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Tutti.Lui.Delivery;
using Tutti.Lui.Jobs;
using Tutti.Lui.Tokens;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Doubts;

/// <summary>Recipients in doubt, over REST.</summary>
internal static class DoubtRoutes
{
    private const int Most = 1000;

    /// <summary>A recipient in doubt.</summary>
    internal sealed record DoubtDocument(long Id, string Address, string Host, DateTimeOffset Time, string Reply, long Attempts, bool Closed);

    /// <summary>A page of them; next is the after of the next page, null on the last one.</summary>
    internal sealed record DoubtPage(long Open, long Closed, IReadOnlyList<DoubtDocument> Recipients, long? Next);

    /// <summary>About whom something is decided: ids, or all.</summary>
    internal sealed record Decision(IReadOnlyList<long>? Recipients, bool All = false);

    /// <summary>For how many recipients it was done: those that were in doubt still.</summary>
    internal sealed record Decided(int Recipients);

    public static RouteGroupBuilder MapDoubts(this RouteGroupBuilder api)
    {
        var doubts = api.MapGroup("/jobs/{job}/doubts").WithTags("In doubt").Needs(TokenScope.Send).ProducesProblem(StatusCodes.Status404NotFound);
        doubts.MapGet("/", List).WithName("ListDoubts");
        doubts.MapPost("/repeat", (string job, Decision decision, ClaimsPrincipal user, GetJob get, DecideDoubts use, CancellationToken stop) =>
            Decide(job, decision, user, get, use.Repeat, stop)).WithName("RepeatDoubts").ProducesProblem(StatusCodes.Status409Conflict)
            .WithDescription("Sends the message again to recipients in doubt. Who has it already gets it twice. The journal says who decided so.");
        doubts.MapPost("/close", (string job, Decision decision, ClaimsPrincipal user, GetJob get, DecideDoubts use, CancellationToken stop) =>
            Decide(job, decision, user, get, use.Close, stop)).WithName("CloseDoubts").ProducesProblem(StatusCodes.Status409Conflict)
            .WithDescription("Takes doubts for final: these recipients stay in doubt whatever comes later. The journal says who decided so.");
        return api;
    }

    private static async Task<Results<Ok<DoubtPage>, ProblemHttpResult>> List(
        string job, GetJob get, DeliveryStore deliveries, DoubtStore store, CancellationToken stop, long after = 0, int limit = 100)
    {
        if (!(await get.Find(job, stop)).Is(out var found, out var refusal))
        {
            return RefusalResult.Of(refusal);
        }

        var size = Math.Clamp(limit, 1, Most);
        var page = await deliveries.Find(found.Id, stop) is { } delivery ? await store.List(delivery, after, size, stop) : [];
        var counts = await store.Count(found.Id, stop);
        return TypedResults.Ok(new DoubtPage(
            counts.Open,
            counts.Closed,
            [.. page.Select(one => new DoubtDocument(one.Id, one.Address, one.Host, one.At, one.Reply, one.Attempts, one.IsClosed))],
            page.Count < size ? null : page[^1].Id));
    }

    private static async Task<Results<Ok<Decided>, ProblemHttpResult>> Decide(
        string job, Decision decision, ClaimsPrincipal user, GetJob get, Func<DecideDoubts.Command, CancellationToken, Task<Outcome<int>>> use, CancellationToken stop)
    {
        if (!decision.All && decision.Recipients is not { Count: > 0 })
        {
            return RefusalResult.Of(DoubtRefusals.Nobody());
        }

        return (await get.Find(job, stop)).Is(out var found, out var refusal)
            && (await use(new DecideDoubts.Command(found.Id, decision.All ? null : decision.Recipients, Actor.Of(user)), stop)).Is(out var count, out refusal)
            ? TypedResults.Ok(new Decided(count))
            : RefusalResult.Of(refusal);
    }
}
