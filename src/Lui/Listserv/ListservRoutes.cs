// SPDX-License-Identifier: Apache-2.0
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Tutti.Lui.Jobs;
using Tutti.Lui.Recipients;
using Tutti.Lui.Recipients.Import;
using Tutti.Lui.Tokens;

namespace Tutti.Lui.Listserv;

/// <summary>The LISTSERVs of the installation over REST.</summary>
internal static class ListservRoutes
{
    /// <summary>A LISTSERV that a distributor works with.</summary>
    /// <param name="Domain">Domain of its addresses; names it in other calls.</param>
    /// <param name="Distributor">The distributor.</param>
    /// <param name="Account">In whose name commands and jobs run.</param>
    /// <param name="BounceList">The list in whose change log bounces are looked for; empty if there is none.</param>
    /// <param name="Captures">The distributor keeps all mail in its capture mailbox.</param>
    internal sealed record ListservDocument(string Domain, string Distributor, string Account, string BounceList, bool Captures);

    /// <summary>Which list's subscribers are wanted. Without a domain, of the only LISTSERV that there is.</summary>
    internal sealed record ListCommand(string? List, string? Domain = null);

    public static RouteGroupBuilder MapListserv(this RouteGroupBuilder api)
    {
        var listserv = api.MapGroup("/listserv").WithTags("LISTSERV").Needs(TokenScope.Jobs);
        listserv.MapGet("/", async (Connections connections, CancellationToken stop) => TypedResults.Ok<IReadOnlyList<ListservDocument>>(
            [.. (await connections.List(stop)).Select(one => new ListservDocument(one.Domain, one.Distributor.Title, one.Account, one.BounceList, one.Captures))])).WithName("ListListserv");
        listserv.MapPost("/{domain}/check", Check).WithName("CheckListserv").ProducesProblem(StatusCodes.Status404NotFound)
            .WithDescription("Has the distributor ask its LISTSERV what it is and which lists the account has. It may take some seconds; a problem is part of the answer.");
        api.MapPost("/jobs/{job}/recipients/from-list", Take).WithName("TakeRecipientsOfList").WithTags("Recipients").Needs(TokenScope.Recipients)
            .WithDescription("Takes the subscribers of a list as they are now, and imports them. Who gets no mail from the list is left out.")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        return api;
    }

    private static async Task<Results<Ok<ListservAnswer>, ProblemHttpResult>> Check(string domain, Connections connections, CheckConnection use, CancellationToken stop) =>
        (await connections.List(stop)).FirstOrDefault(one => string.Equals(one.Domain, domain, StringComparison.OrdinalIgnoreCase)) is { } connection
            ? TypedResults.Ok(await use.Handle(connection.Distributor, stop))
            : RefusalResult.Of(ListservRefusals.NoConnection(domain));

    private static async Task<Results<Accepted<SourceDocument>, ProblemHttpResult>> Take(
        string job, ListCommand command, ClaimsPrincipal user, GetJob get, Connections connections, TakeList use, ImportRunStore runs, CancellationToken stop)
    {
        if (!(await get.Find(job, stop)).Is(out var found, out var refusal))
        {
            return RefusalResult.Of(refusal);
        }

        var domain = command.Domain ?? ((await connections.List(stop)) is [var only] ? only.Domain : "");
        return (await use.Handle(new TakeList.Command(found.Id, domain, command.List ?? "", Actor.Of(user)), stop)).Is(out var importing, out refusal)
            ? TypedResults.Accepted($"{RestApi.Path}/jobs/{found.Code}/recipients", SourceDocument.Of(importing, found, await runs.ProgressOf(importing, stop)))
            : RefusalResult.Of(refusal);
    }
}
