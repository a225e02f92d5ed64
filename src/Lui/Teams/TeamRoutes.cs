// SPDX-License-Identifier: Apache-2.0
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Tutti.Lui.Jobs;
using Tutti.Lui.Jobs.Steps;
using Tutti.Lui.Tokens;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Teams;

/// <summary>Teams of jobs over REST.</summary>
internal static class TeamRoutes
{
    /// <summary>Who works on a job: its owner, the owner's group, and what the others may do.</summary>
    /// <param name="Owner">The account that owns it.</param>
    /// <param name="Group">The name of the owner's group; null for none.</param>
    /// <param name="Members">The others.</param>
    internal sealed record TeamDocument(string Owner, string? Group, IReadOnlyList<MemberDocument> Members);

    /// <summary>What somebody may do.</summary>
    /// <param name="Person">The account's number.</param>
    /// <param name="Name">As people read it.</param>
    /// <param name="Decided">Whether the owner decided so; else the group's rule did.</param>
    /// <param name="Steps">For each step none, see or edit; edit of authorize: decide.</param>
    internal sealed record MemberDocument(string Person, string Name, bool Decided, IReadOnlyDictionary<string, string> Steps);

    /// <summary>What somebody may do from now on; without steps, what the group's rule says. A step that is not named is none.</summary>
    internal sealed record NewRights(IReadOnlyDictionary<string, string>? Steps);

    /// <summary>The account's number of the new owner.</summary>
    internal sealed record NewOwner(string Person);

    public static RouteGroupBuilder MapTeams(this RouteGroupBuilder api)
    {
        var jobs = api.MapGroup("/jobs/{job}").WithTags("Team").Needs(TokenScope.Send).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status403Forbidden);
        jobs.MapGet("/team", Get).WithName("GetTeam").WithDescription("Who of the owner's group may see, edit and authorise what.");
        jobs.MapPut("/team/{person}", Set).WithName("SetRights").ProducesProblem(StatusCodes.Status400BadRequest)
            .WithDescription("Decides what one member of the team may do with each step. Only the owner and administrators may.");
        jobs.MapPut("/owner", (string job, NewOwner owner, ClaimsPrincipal user, GetJob get, TransferJob use, CancellationToken stop) => JobRoutes.Change(
            job, get, found => use.Handle(new TransferJob.Command(found.Id, Actor.Of(user), owner.Person), stop), stop)).WithName("TransferJob");
        return api;
    }

    private static async Task<Results<Ok<TeamDocument>, ProblemHttpResult>> Get(string job, GetJob get, ReadTeam read, CancellationToken stop)
    {
        if (!(await get.Find(job, stop)).Is(out var found, out var refusal))
        {
            return RefusalResult.Of(refusal);
        }

        var team = await read.Handle(found, stop);
        return TypedResults.Ok(new TeamDocument(found.Owner.Name, team.Group?.Name, [.. team.Members.Select(member => new MemberDocument(
            member.Person.Id,
            member.Person.DisplayName,
            member.Decided,
            Enum.GetValues<JobStep>().ToDictionary(step => Words.Of(step), step => Words.Of(member.Rights[step]))))]));
    }

    private static async Task<Results<Ok<JobDocument>, ProblemHttpResult>> Set(
        string job, string person, NewRights rights, ClaimsPrincipal user, GetJob get, SetRights use, CancellationToken stop) =>
        Read(rights).Is(out var read, out var refusal)
            ? await JobRoutes.Change(job, get, found => use.Handle(new SetRights.Command(found.Id, Actor.Of(user), new Dictionary<string, StepRights?> { [person] = read.Rights }), stop), stop)
            : RefusalResult.Of(refusal);

    private static Outcome<(StepRights? Rights, bool Given)> Read(NewRights document)
    {
        if (document.Steps is null)
        {
            return (null, false);
        }

        var rights = StepRights.All(StepRight.None);
        foreach (var (stepWord, rightWord) in document.Steps)
        {
            if (!Words.TryTo<JobStep>(stepWord, out var step))
            {
                return TeamRefusals.NoSuchStep(stepWord);
            }

            if (!Words.TryTo<StepRight>(rightWord, out var right))
            {
                return TeamRefusals.NoSuchRight(rightWord);
            }

            rights = rights.With(step, right);
        }

        return (rights, true);
    }
}
