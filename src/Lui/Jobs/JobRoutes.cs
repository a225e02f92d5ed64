// SPDX-License-Identifier: Apache-2.0
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Tutti.Lui.Jobs.Listing;
using Tutti.Lui.Jobs.Repeats;
using Tutti.Lui.Jobs.Schedules;
using Tutti.Lui.Jobs.Sending;
using Tutti.Lui.Jobs.Steps;
using Tutti.Lui.Tokens;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Jobs;

/// <summary>Mail jobs over REST.</summary>
internal static class JobRoutes
{
    private const int MostRuns = 100;

    /// <summary>A new job. With a prefix, such as DOE, its code is DOE-261124A for ever; with a folder it lies in that.</summary>
    internal sealed record NewJob(string Title, string? Prefix = null, long? Folder = null);

    /// <summary>What a job is called from now on.</summary>
    internal sealed record NewTitle(string Title);

    /// <summary>When a job shall leave; without a time, at once after its authorization, or on a trigger. With a column of time zones the time is that of each recipient's own clock, and the zone that of those whose own is not known. With a pace its recipients are spread over time: so many an hour, or in parts so many minutes apart.</summary>
    internal sealed record NewSchedule(string? At, string? Zone, bool OnTrigger = false, string? ZoneColumn = null, RepeatChoice? Repeat = null, PaceChoice? Pace = null);

    /// <summary>Why a test is not accepted; may be left out.</summary>
    internal sealed record TestVerdict(string? Why);

    /// <summary>Which changes after a test ask for a new one: always, content-only or never.</summary>
    internal sealed record NewTestRule(string? Rule);

    /// <summary>A page of the list of jobs.</summary>
    internal sealed record JobList(IReadOnlyList<JobDocument> Jobs, long Total);

    /// <summary>A line of a journal.</summary>
    internal sealed record JournalLine(DateTimeOffset At, string Who, string Kind, string Words);

    /// <summary>A run of a repeated job: its number from 1, the job that it is, where that stands, and when it was completed or else is due.</summary>
    internal sealed record RunDocument(int Run, string Job, string State, DateTimeOffset? At);

    public static RouteGroupBuilder MapJobs(this RouteGroupBuilder api)
    {
        var jobs = api.MapGroup("/jobs").WithTags("Jobs").Needs(TokenScope.Jobs).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        jobs.MapPost("/", Create).WithName("CreateJob");
        jobs.MapGet("/", List).WithName("ListJobs");
        jobs.MapGet("/{job}", Get).WithName("GetJob");
        jobs.MapDelete("/{job}", Delete).WithName("DeleteJob");
        jobs.MapGet("/{job}/journal", Journal).WithName("GetJournal");
        jobs.MapGet("/{job}/runs", Runs).WithName("ListRuns").WithDescription("The latest 100 runs of the repetition that the job belongs to, the newest first; none where it is not repeated.");
        jobs.MapPut("/{job}/title", (string job, NewTitle title, ClaimsPrincipal user, GetJob get, RenameJob use, CancellationToken stop) =>
            Change(job, get, found => use.Handle(new RenameJob.Command(found.Id, title.Title, Actor.Of(user)), stop), stop)).WithName("RenameJob");
        jobs.MapPut("/{job}/schedule", (string job, NewSchedule schedule, ClaimsPrincipal user, GetJob get, ScheduleJob use, CancellationToken stop) =>
            Change(job, get, found => use.Handle(new ScheduleJob.Command(found.Id, schedule.At, schedule.Zone, Actor.Of(user)) { OnTrigger = schedule.OnTrigger, ZoneColumn = schedule.ZoneColumn, Repeat = schedule.Repeat, Pace = schedule.Pace }, stop), stop)).WithName("ScheduleJob");
        jobs.MapPost("/{job}/test/accept", (string job, ClaimsPrincipal user, GetJob get, AcceptTest use, CancellationToken stop) =>
            Change(job, get, found => use.Handle(new AcceptTest.Command(found.Id, Actor.Of(user)), stop), stop)).WithName("AcceptTest");
        jobs.MapPost("/{job}/test/reject", (string job, TestVerdict verdict, ClaimsPrincipal user, GetJob get, RejectTest use, CancellationToken stop) =>
            Change(job, get, found => use.Handle(new RejectTest.Command(found.Id, Actor.Of(user), verdict.Why), stop), stop)).WithName("RejectTest");
        jobs.MapPut("/{job}/test/rule", (string job, NewTestRule rule, ClaimsPrincipal user, GetJob get, ChooseTestRule use, CancellationToken stop) =>
            Words.TryTo<TestRule>(rule.Rule ?? "", out var known)
                ? Change(job, get, found => use.Handle(new ChooseTestRule.Command(found.Id, Actor.Of(user), known), stop), stop)
                : Task.FromResult<Results<Ok<JobDocument>, ProblemHttpResult>>(RefusalResult.Of(JobRefusals.TestRule(rule.Rule ?? "")))).WithName("ChooseTestRule");
        jobs.MapPost("/{job}/test/waive", (string job, ClaimsPrincipal user, GetJob get, WaiveTest use, CancellationToken stop) =>
            Change(job, get, found => use.Handle(new WaiveTest.Command(found.Id, Actor.Of(user)), stop), stop)).WithName("WaiveTest");
        jobs.MapPost("/{job}/authorize", (string job, ClaimsPrincipal user, GetJob get, AuthorizeJob use, CancellationToken stop) =>
            Change(job, get, found => use.Handle(new AuthorizeJob.Command(found.Id, Actor.Of(user)), stop), stop)).WithName("AuthorizeJob").Needs(TokenScope.Send);
        jobs.MapPost("/{job}/revoke", (string job, ClaimsPrincipal user, GetJob get, RevokeAuthorization use, CancellationToken stop) =>
            Change(job, get, found => use.Handle(new RevokeAuthorization.Command(found.Id, Actor.Of(user)), stop), stop)).WithName("RevokeAuthorization").Needs(TokenScope.Send);
        jobs.MapPost("/{job}/stop", (string job, ClaimsPrincipal user, GetJob get, StopJob use, CancellationToken stop) =>
            Change(job, get, found => use.Handle(new StopJob.Command(found.Id, Actor.Of(user)), stop), stop)).WithName("StopJob").Needs(TokenScope.Send);
        jobs.MapPost("/{job}/retry", (string job, ClaimsPrincipal user, GetJob get, RetryJob use, CancellationToken stop) =>
            Change(job, get, found => use.Handle(new RetryJob.Command(found.Id, Actor.Of(user)), stop), stop)).WithName("RetryJob").Needs(TokenScope.Send);
        jobs.MapPost("/{job}/reopen", (string job, ClaimsPrincipal user, GetJob get, ReopenJob use, CancellationToken stop) =>
            Change(job, get, found => use.Handle(new ReopenJob.Command(found.Id, Actor.Of(user)), stop), stop)).WithName("ReopenJob").Needs(TokenScope.Send);
        jobs.MapPost("/{job}/close", (string job, ClaimsPrincipal user, GetJob get, CloseJob use, CancellationToken stop) =>
            Change(job, get, found => use.Handle(new CloseJob.Command(found.Id, Actor.Of(user)), stop), stop)).WithName("CloseJob").Needs(TokenScope.Send);
        return api;
    }

    private static async Task<Results<Created<JobDocument>, ProblemHttpResult>> Create(NewJob job, ClaimsPrincipal user, CreateJob use, CancellationToken stop) =>
        (await use.Handle(new CreateJob.Command(job.Title, Actor.Of(user), job.Folder, job.Prefix), stop)).Is(out var created, out var refusal)
            ? TypedResults.Created($"{RestApi.Path}/jobs/{created.Code}", JobDocument.Of(created))
            : RefusalResult.Of(refusal);

    private static async Task<Results<Ok<JobList>, ProblemHttpResult>> List(ListJobs use, ClaimsPrincipal user, CancellationToken stop, string? state = null, string? search = null, int skip = 0, int take = 50, long? folder = null, string? owner = null, string? order = null)
    {
        JobState? only = null;
        if (!string.IsNullOrEmpty(state))
        {
            if (!Words.TryTo<JobState>(state, out var known))
            {
                return RefusalResult.Of(JobRefusals.State(state));
            }

            only = known;
        }

        var by = JobOrder.Newest;
        if (!string.IsNullOrEmpty(order) && !Words.TryTo(order, out by))
        {
            return RefusalResult.Of(JobRefusals.Order(order));
        }

        var page = await use.Handle(new JobQuery(only, search, skip, take, Actor.Of(user), folder, owner, by), stop);
        return TypedResults.Ok(new JobList([.. page.Jobs.Select(JobDocument.Of)], page.Total));
    }

    private static async Task<Results<Ok<JobDocument>, ProblemHttpResult>> Get(string job, GetJob use, CancellationToken stop) =>
        (await use.Handle(job, stop)).Is(out var view, out var refusal)
            ? TypedResults.Ok(JobDocument.Of(view.Job, view.Workflow))
            : RefusalResult.Of(refusal);

    private static async Task<Results<NoContent, ProblemHttpResult>> Delete(string job, ClaimsPrincipal user, GetJob get, DeleteJob use, CancellationToken stop)
    {
        if (!(await get.Find(job, stop)).Is(out var found, out var refusal))
        {
            return RefusalResult.Of(refusal);
        }

        return (await use.Handle(new DeleteJob.Command(found.Id, Actor.Of(user)), stop)).Is(out _, out refusal) ? TypedResults.NoContent() : RefusalResult.Of(refusal);
    }

    private static async Task<Results<Ok<List<JournalLine>>, ProblemHttpResult>> Journal(string job, GetJob get, JobStore store, CancellationToken stop)
    {
        if (!(await get.Find(job, stop)).Is(out var found, out var refusal))
        {
            return RefusalResult.Of(refusal);
        }

        var journal = await store.Journal(found.Id, stop);
        return TypedResults.Ok(journal.Select(line => new JournalLine(line.At, line.Who.Name, line.Kind, line.Words)).ToList());
    }

    private static async Task<Results<Ok<List<RunDocument>>, ProblemHttpResult>> Runs(string job, GetJob get, RunStore store, CancellationToken stop)
    {
        if (!(await get.Find(job, stop)).Is(out var found, out var refusal))
        {
            return RefusalResult.Of(refusal);
        }

        var runs = found.Schedule?.Repeat is null ? [] : await store.Of(found, MostRuns, stop);
        return TypedResults.Ok(runs.Select(run => new RunDocument(run.Run, run.Code, Words.Of(run.State), run.At)).ToList());
    }

    /// <summary>Finds a job and changes it by a use case; other slices' routes do the same.</summary>
    internal static async Task<Results<Ok<JobDocument>, ProblemHttpResult>> Change(
        string job, GetJob get, Func<Job, Task<Outcome<Job>>> use, CancellationToken stop)
    {
        if (!(await get.Find(job, stop)).Is(out var found, out var refusal))
        {
            return RefusalResult.Of(refusal);
        }

        return (await use(found)).Is(out var changed, out refusal) ? TypedResults.Ok(JobDocument.Of(changed)) : RefusalResult.Of(refusal);
    }
}
