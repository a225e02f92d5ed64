// SPDX-License-Identifier: Apache-2.0
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Tutti.Lui.Databases;
using Tutti.Lui.Jobs;
using Tutti.Lui.Recipients.Import;
using Tutti.Lui.Tokens;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Recipients.Queries;

/// <summary>Recipients from a database over REST.</summary>
internal static class QueryRoutes
{
    /// <summary>A value for a name in the query. Type: text, number, date or yes-no.</summary>
    internal sealed record ParameterDocument(string? Name, string? Value, string? Type = null);

    /// <summary>What is read.</summary>
    /// <param name="Connection">Name of the database.</param>
    /// <param name="Sql">One SELECT.</param>
    /// <param name="Parameters">A value for each @name in it.</param>
    /// <param name="AddressColumn">The column with the address; without it, it is recognised.</param>
    /// <param name="NameColumn">The column with the name; empty for none.</param>
    /// <param name="Preview">True to see the first rows and take nothing.</param>
    internal sealed record QueryDocument(
        string? Connection, string? Sql, IReadOnlyList<ParameterDocument>? Parameters = null, string? AddressColumn = null, string? NameColumn = null, bool Preview = false);

    public static RouteGroupBuilder MapQueries(this RouteGroupBuilder api)
    {
        api.MapPost("/jobs/{job}/recipients/from-query", Take).WithName("TakeRecipientsOfQuery").WithTags("Recipients").Needs(TokenScope.Recipients)
            .WithDescription("Runs a query now and imports its rows as recipients; with preview it only shows the first ones.")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        return api;
    }

    private static async Task<Results<Ok<TakeQuery.Preview>, Accepted<SourceDocument>, ProblemHttpResult>> Take(
        string job, QueryDocument document, ClaimsPrincipal user, GetJob get, TakeQuery use, ImportRunStore runs, CancellationToken stop)
    {
        if (!(await get.Find(job, stop)).Is(out var found, out var refusal) || !Read(document.Parameters ?? []).Is(out var parameters, out refusal))
        {
            return RefusalResult.Of(refusal);
        }

        var query = new TakeQuery.Query(document.Connection ?? "", document.Sql ?? "", parameters);
        if (document.Preview)
        {
            return (await use.Look(query, stop)).Is(out var preview, out refusal) ? TypedResults.Ok(preview) : RefusalResult.Of(refusal);
        }

        return (await use.Handle(new TakeQuery.Command(found.Id, query, document.AddressColumn, document.NameColumn, Actor.Of(user)), stop)).Is(out var importing, out refusal)
            ? TypedResults.Accepted($"{RestApi.Path}/jobs/{found.Code}/recipients", SourceDocument.Of(importing, found, await runs.ProgressOf(importing, stop)))
            : RefusalResult.Of(refusal);
    }

    private static Outcome<List<QueryParameter>> Read(IReadOnlyList<ParameterDocument> documents)
    {
        var parameters = new List<QueryParameter>();
        foreach (var document in documents)
        {
            if (!Words.TryTo<ParameterType>(document.Type ?? "text", out var type))
            {
                return RecipientRefusals.Setting("type", document.Type ?? "", string.Join(", ", Enum.GetValues<ParameterType>().Select(Words.Of)));
            }

            parameters.Add(new QueryParameter(document.Name ?? "", type, document.Value ?? ""));
        }

        return parameters;
    }
}
