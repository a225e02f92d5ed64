// SPDX-License-Identifier: Apache-2.0
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Tutti.Lui.Jobs;
using Tutti.Lui.Tokens;

namespace Tutti.Lui.Delivery;

/// <summary>Delivery tests over REST.</summary>
internal static class TestRoutes
{
    /// <summary>Where test messages go, and whose data they show; without samples, that of the first recipients.</summary>
    internal sealed record NewTest(IReadOnlyList<string>? Addresses, IReadOnlyList<long>? Samples);

    /// <summary>A test that was begun.</summary>
    internal sealed record TestBegun(long Test);

    public static RouteGroupBuilder MapTests(this RouteGroupBuilder api)
    {
        var jobs = api.MapGroup("/jobs/{job}/test").WithTags("Test").Needs(TokenScope.Send).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        jobs.MapPost("/", Send).WithName("SendTest");
        jobs.MapGet("/", List).WithName("ListTests");
        return api;
    }

    private static async Task<Results<Accepted<TestBegun>, ProblemHttpResult>> Send(
        string job, NewTest test, ClaimsPrincipal user, GetJob get, SendTest use, CancellationToken stop)
    {
        if (!(await get.Find(job, stop)).Is(out var found, out var refusal)
            || !(await use.Handle(new SendTest.Command(found.Id, Actor.Of(user), test.Addresses ?? [], test.Samples ?? []), stop)).Is(out var number, out refusal))
        {
            return RefusalResult.Of(refusal);
        }

        return TypedResults.Accepted($"{RestApi.Path}/jobs/{found.Code}/test", new TestBegun(number));
    }

    private static async Task<Results<Ok<List<TestResult>>, ProblemHttpResult>> List(string job, GetJob get, ListTests use, CancellationToken stop) =>
        (await get.Find(job, stop)).Is(out var found, out var refusal)
            ? TypedResults.Ok(await use.Handle(found.Id, stop))
            : RefusalResult.Of(refusal);
}
