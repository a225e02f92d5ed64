// SPDX-License-Identifier: Apache-2.0
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Tutti.Lui.Jobs;
using Tutti.Lui.Tokens;

namespace Tutti.Lui.Senders.Profiles;

/// <summary>Sender profiles over REST.</summary>
internal static class ProfileRoutes
{
    /// <summary>What somebody makes a profile of.</summary>
    /// <param name="Title">As people choose it.</param>
    /// <param name="Group">The number of the group whose jobs may use it; 0 for those without a group, null for everybody's.</param>
    /// <param name="Sender">Who the recipients see.</param>
    /// <param name="Version">The version that was seen; without it, whatever is there is changed.</param>
    internal sealed record NewProfile(string Title, long? Group, JobSender Sender, long? Version = null);

    /// <summary>A sender profile.</summary>
    /// <param name="Number">Its number; also its address.</param>
    /// <param name="Title">As people choose it.</param>
    /// <param name="Group">The number of the group whose jobs may use it; 0 for those without a group, null for everybody's.</param>
    /// <param name="Sender">Who the recipients see.</param>
    /// <param name="SavedBy">Who saved it last.</param>
    /// <param name="SavedAt">When.</param>
    /// <param name="Version">Grows with every change.</param>
    internal sealed record ProfileDocument(long Number, string Title, long? Group, JobSender Sender, string SavedBy, DateTimeOffset SavedAt, long Version);

    public static RouteGroupBuilder MapSenderProfiles(this RouteGroupBuilder api)
    {
        var profiles = api.MapGroup("/sender-profiles").WithTags("Sender profiles").Needs(TokenScope.Jobs).ProducesProblem(StatusCodes.Status404NotFound);
        profiles.MapGet("/", async (ClaimsPrincipal user, SenderProfileStore store, CancellationToken stop) =>
            TypedResults.Ok((await store.List(Actor.Of(user), stop)).Select(Document).ToArray())).WithName("ListSenderProfiles");
        profiles.MapPost("/", (NewProfile profile, ClaimsPrincipal user, SaveProfile use, CancellationToken stop) => Make(profile, user, use, stop)).WithName("CreateSenderProfile")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status409Conflict);
        profiles.MapPut("/{profile:long}", (long profile, NewProfile changed, ClaimsPrincipal user, SaveProfile use, CancellationToken stop) => Change(profile, changed, user, use, stop))
            .WithName("ChangeSenderProfile").WithDescription("Every open job that uses it changes with it.")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status409Conflict);
        profiles.MapDelete("/{profile:long}", (long profile, ClaimsPrincipal user, RemoveProfile use, CancellationToken stop) => Remove(profile, user, use, stop))
            .WithName("RemoveSenderProfile").WithDescription("Refused while a job uses it that has not left; the answer names these jobs.").ProducesProblem(StatusCodes.Status409Conflict);
        return api;
    }

    private static ProfileDocument Document(SenderProfile profile) =>
        new(profile.Id, profile.Title, profile.GroupId, profile.Sender, profile.By.Name, profile.At, profile.Version);

    private static SaveProfile.Command Of(long? id, NewProfile profile, ClaimsPrincipal user) =>
        new(id, profile.Title ?? "", profile.Group, Whole(profile.Sender), Actor.Of(user), profile.Version);

    // What was left out of the JSON is null here, whatever the type says.
    private static JobSender Whole(JobSender? sender) => sender is null ? new JobSender("", "") : sender with { Name = sender.Name ?? "", Address = sender.Address ?? "" };

    private static async Task<Results<Created<ProfileDocument>, ProblemHttpResult>> Make(NewProfile profile, ClaimsPrincipal user, SaveProfile use, CancellationToken stop) =>
        (await use.Handle(Of(null, profile, user), stop)).Is(out var saved, out var refusal)
            ? TypedResults.Created(FormattableString.Invariant($"{RestApi.Path}/sender-profiles/{saved.Id}"), Document(saved))
            : RefusalResult.Of(refusal);

    private static async Task<Results<Ok<ProfileDocument>, ProblemHttpResult>> Change(long id, NewProfile profile, ClaimsPrincipal user, SaveProfile use, CancellationToken stop) =>
        (await use.Handle(Of(id, profile, user), stop)).Is(out var saved, out var refusal) ? TypedResults.Ok(Document(saved)) : RefusalResult.Of(refusal);

    private static async Task<Results<NoContent, ProblemHttpResult>> Remove(long id, ClaimsPrincipal user, RemoveProfile use, CancellationToken stop) =>
        (await use.Handle(new RemoveProfile.Command(id, Actor.Of(user)), stop)).Is(out _, out var refusal) ? TypedResults.NoContent() : RefusalResult.Of(refusal);
}
