// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Tutti.Lui.Jobs;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Recipients.Waterfalls;

/// <summary>The waterfall over REST, and its people as files for people with a cookie.</summary>
internal static class WaterfallRoutes
{
    private const int MostPeople = 1000;
    private const string CsvType = "text/csv; charset=utf-8";

    /// <summary>From the source to those who will get it.</summary>
    /// <param name="Job">The job's code.</param>
    /// <param name="Source">What the source is called.</param>
    /// <param name="InSource">Rows of the source: remaining and all steps together.</param>
    /// <param name="Steps">What falls away, in order.</param>
    /// <param name="Remaining">Who will get it.</param>
    /// <param name="HasBegun">True if the job has begun: then the numbers are what the hand-over did.</param>
    /// <param name="CountedAt">When that was counted.</param>
    internal sealed record WaterfallDocument(
        string Job, string Source, long InSource, IReadOnlyList<WaterfallStepDocument> Steps, long Remaining, bool HasBegun, DateTimeOffset CountedAt);

    /// <summary>A step: invalid, duplicate, unsubscribed, bounced, complained or suppressed.</summary>
    internal sealed record WaterfallStepDocument(string Step, long Count);

    /// <summary>People behind a step; next is the after of the next page, null on the last one.</summary>
    internal sealed record PeopleDocument(string Step, IReadOnlyList<WaterfallPerson> People, long? Next);

    public static RouteGroupBuilder MapWaterfalls(this RouteGroupBuilder api)
    {
        var waterfall = api.MapGroup("/jobs/{job}/waterfall").WithTags("Recipients").ProducesProblem(StatusCodes.Status404NotFound);
        waterfall.MapGet("/", Read).WithName("GetWaterfall").WithDescription("Who of the source will get the message, and who falls away where.");
        waterfall.MapGet("/{step}", People).WithName("ListWaterfallStep").ProducesProblem(StatusCodes.Status400BadRequest)
            .WithDescription("The people behind a step: invalid, duplicate, unsubscribed, bounced, complained, suppressed or remaining.");
        waterfall.MapGet("/{step}/people.csv", Csv).WithName("DownloadWaterfallStep").ProducesProblem(StatusCodes.Status400BadRequest)
            .Produces(StatusCodes.Status200OK, contentType: "text/csv");
        return api;
    }

    public static void MapWaterfallFiles(this WebApplication app) =>
        app.MapGet("/jobs/{job}/recipients/people.csv", Download).RequireAuthorization().ExcludeFromDescription();

    private static async Task<Results<Ok<WaterfallDocument>, ProblemHttpResult>> Read(string job, GetJob get, ReadWaterfall use, CancellationToken stop)
    {
        if (!(await get.Find(job, stop)).Is(out var found, out var refusal) || !(await use.Handle(found, stop)).Is(out var waterfall, out refusal))
        {
            return RefusalResult.Of(refusal);
        }

        return TypedResults.Ok(new WaterfallDocument(
            found.Code,
            waterfall.Source,
            waterfall.InSource,
            [.. waterfall.Lines.Select(line => new WaterfallStepDocument(Words.Of(line.Step), line.Count))],
            waterfall.Remaining,
            waterfall.HasBegun,
            waterfall.CountedAt));
    }

    private static async Task<Results<Ok<PeopleDocument>, ProblemHttpResult>> People(
        string job, string step, GetJob get, ReadWaterfall use, WaterfallStore store, CancellationToken stop, string search = "", long after = 0, int limit = 100)
    {
        if (!(await Find(job, step, get, use, stop)).Is(out var found, out var refusal))
        {
            return RefusalResult.Of(refusal);
        }

        var size = Math.Clamp(limit, 1, MostPeople);
        var people = await store.People(found.Scope, found.Step, search, after, size, stop);
        return TypedResults.Ok(new PeopleDocument(Words.Of(found.Step), people, people.Count < size ? null : people[^1].Key));
    }

    private static async Task<Results<PushStreamHttpResult, ProblemHttpResult>> Csv(
        string job, string step, GetJob get, ReadWaterfall use, WritePeople write, CancellationToken stop, string search = "") =>
        (await Find(job, step, get, use, stop)).Is(out var found, out var refusal)
            ? TypedResults.Stream(body => write.Handle(found.Scope, found.Step, search, body, stop), CsvType, $"{found.Code}-{Words.Of(found.Step)}.csv")
            : RefusalResult.Of(refusal);

    private static async Task<IResult> Download(
        string job, string? step, string? search, GetJob get, ReadWaterfall use, WritePeople write, CancellationToken stop) =>
        (await Find(job, step ?? "", get, use, stop)).Is(out var found, out _)
            ? TypedResults.Stream(body => write.Handle(found.Scope, found.Step, search ?? "", body, stop), CsvType, $"{found.Code}-{Words.Of(found.Step)}.csv")
            : TypedResults.NotFound();

    private static async Task<Outcome<(string Code, WaterfallScope Scope, WaterfallStep Step)>> Find(
        string job, string step, GetJob get, ReadWaterfall use, CancellationToken stop)
    {
        if (!(await get.Find(job, stop)).Is(out var found, out var refusal) || !(await use.ScopeOf(found, stop)).Is(out var scope, out refusal))
        {
            return refusal;
        }

        return Words.TryTo<WaterfallStep>(step, out var which)
            ? (found.Code, scope, which)
            : RecipientRefusals.Setting("step", step, string.Join(", ", Enum.GetValues<WaterfallStep>().Select(Words.Of)));
    }
}
