// SPDX-License-Identifier: Apache-2.0
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Tutti.Lui.Jobs;
using Tutti.Lui.Recipients.Import;
using Tutti.Lui.Tokens;

namespace Tutti.Lui.Recipients.Reactions;

/// <summary>Recipients of another job over REST.</summary>
internal static class ReactionRoutes
{
    /// <summary>Which recipients of another job are wanted.</summary>
    /// <param name="Job">Code or number of the other job.</param>
    /// <param name="Reaction">got, opened, clicked or clicked-link.</param>
    /// <param name="Not">True for those who have not.</param>
    /// <param name="Link">Alias or target of the link, for clicked-link.</param>
    internal sealed record ReactionCommand(string? Job, string? Reaction, bool Not = false, string? Link = null);

    public static RouteGroupBuilder MapReactions(this RouteGroupBuilder api)
    {
        api.MapPost("/jobs/{job}/recipients/from-job", Take).WithName("TakeRecipientsOfJob").WithTags("Recipients").Needs(TokenScope.Recipients)
            .WithDescription("Takes recipients of another job by their reaction, as it is known now, and imports them: got, opened, clicked, clicked-link, or not.")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        return api;
    }

    private static async Task<Results<Accepted<SourceDocument>, ProblemHttpResult>> Take(
        string job, ReactionCommand command, ClaimsPrincipal user, GetJob get, TakeReactions use, ImportRunStore runs, CancellationToken stop)
    {
        if (!(await get.Find(job, stop)).Is(out var found, out var refusal))
        {
            return RefusalResult.Of(refusal);
        }

        if (!Words.TryTo<ReactionKind>(command.Reaction ?? "", out var kind))
        {
            return RefusalResult.Of(RecipientRefusals.Setting("reaction", command.Reaction ?? "", string.Join(", ", Enum.GetValues<ReactionKind>().Select(Words.Of))));
        }

        var set = new ReactionSet(kind, command.Not, command.Link);
        return (await use.Handle(new TakeReactions.Command(found.Id, command.Job ?? "", set, Actor.Of(user)), stop)).Is(out var importing, out refusal)
            ? TypedResults.Accepted($"{RestApi.Path}/jobs/{found.Code}/recipients", SourceDocument.Of(importing, found, await runs.ProgressOf(importing, stop)))
            : RefusalResult.Of(refusal);
    }
}
