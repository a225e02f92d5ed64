// SPDX-License-Identifier: Apache-2.0
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Tutti.Lui.Jobs;
using Tutti.Lui.Tokens;

namespace Tutti.Lui.OnDemand;

/// <summary>Messages to single recipients over REST.</summary>
internal static class OnDemandRoutes
{
    /// <summary>Whether a job's recipients come one by one.</summary>
    internal sealed record OnDemandChoice(bool OnDemand);

    /// <summary>A message to one recipient. Values are those of merge fields by their names; reference is the caller's own name for it, which makes one message only however often it comes.</summary>
    internal sealed record NewMessage(string? Address, Dictionary<string, string?>? Values, string? Reference);

    /// <summary>A message to one recipient; fate is waiting until something became of it.</summary>
    internal sealed record SingleMessage(long Number, string? Reference, string Address, DateTimeOffset At, string Fate, string? Reply, DateTimeOffset? FateAt)
    {
        public static SingleMessage Of(SentMessage message) =>
            new(message.Number, message.Reference, message.Address, message.At, Words.Of(message.Fate), message.Fate == Tutti.Lui.Fates.Fate.Waiting ? null : message.Reply, message.FateAt);
    }

    public static RouteGroupBuilder MapOnDemand(this RouteGroupBuilder api)
    {
        var jobs = api.MapGroup("/jobs/{job}").WithTags("On demand").ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        jobs.MapGet("/on-demand", async Task<Results<Ok<OnDemandChoice>, ProblemHttpResult>> (string job, GetJob get, OnDemandStore store, CancellationToken stop) =>
            (await get.Find(job, stop)).Is(out var found, out var refusal)
                ? TypedResults.Ok(new OnDemandChoice(await store.IsChosen(found.Id, stop)))
                : RefusalResult.Of(refusal)).WithName("GetOnDemand");
        jobs.MapPut("/on-demand", (string job, OnDemandChoice choice, ClaimsPrincipal user, GetJob get, ChooseOnDemand use, CancellationToken stop) => JobRoutes.Change(
            job, get, found => use.Handle(new ChooseOnDemand.Command(found.Id, Actor.Of(user), choice.OnDemand), stop), stop)).WithName("ChooseOnDemand").Needs(TokenScope.Recipients);
        jobs.MapPost("/on-demand/end", (string job, ClaimsPrincipal user, GetJob get, EndOnDemand use, CancellationToken stop) => JobRoutes.Change(
            job, get, found => use.Handle(new EndOnDemand.Command(found, Actor.Of(user)), stop), stop)).WithName("EndOnDemand").Needs(TokenScope.Send);
        jobs.MapPost("/messages", Send).WithName("SendMessage").Needs(TokenScope.Messages).ProducesProblem(StatusCodes.Status400BadRequest);
        jobs.MapGet("/messages/{number:long}", Get).WithName("GetMessage");
        return api;
    }

    private static async Task<Results<Accepted<SingleMessage>, ProblemHttpResult>> Send(string job, NewMessage message, ClaimsPrincipal user, GetJob get, SendOne use, CancellationToken stop) =>
        (await get.Find(job, stop)).Is(out var found, out var refusal)
        && (await use.Handle(
            new SendOne.Command(found, message.Address ?? "", message.Values ?? [], message.Reference, Actor.Of(user)), stop)).Is(out var sent, out refusal)
            ? TypedResults.Accepted($"{RestApi.Path}/jobs/{found.Code}/messages/{sent.Number}", SingleMessage.Of(sent))
            : RefusalResult.Of(refusal);

    private static async Task<Results<Ok<SingleMessage>, ProblemHttpResult>> Get(string job, long number, GetJob get, OnDemandStore store, CancellationToken stop)
    {
        if (!(await get.Find(job, stop)).Is(out var found, out var refusal))
        {
            return RefusalResult.Of(refusal);
        }

        return await store.Find(found.Id, number, stop) is { } sent ? TypedResults.Ok(SingleMessage.Of(sent)) : RefusalResult.Of(OnDemandRefusals.NoMessage(found, number));
    }
}
