// SPDX-License-Identifier: Apache-2.0
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Tutti.Lui.Jobs;
using Tutti.Lui.Teams;
using Tutti.Lui.Tokens;

namespace Tutti.Lui.Databases;

/// <summary>The organisation's own databases over REST: anybody's program may read their names, an administrator's changes them.</summary>
internal static class DatabaseRoutes
{
    /// <summary>A database that recipients can be taken from. Kind: postgresql, mysql, sqlserver or sqlite; place: name of the database, or path of the file.</summary>
    internal sealed record DatabaseDocument(string Name, string Kind, string Host, int Port, string Place, string Account, bool Verified, DateTimeOffset SavedAt);

    /// <summary>A database as it shall be. Without a port, the usual one; without a password, the one that is kept; another name renames it. Verified: only with TLS and a trusted certificate.</summary>
    internal sealed record NewDatabase(
        string? Kind, string? Place, string? Name = null, string? Host = null, int Port = 0, string? Account = null, string? Password = null, bool Verified = false);

    public static RouteGroupBuilder MapDatabases(this RouteGroupBuilder api)
    {
        var databases = api.MapGroup("/databases").WithTags("Databases").Needs(TokenScope.All).ProducesProblem(StatusCodes.Status403Forbidden);
        databases.MapGet("/", async (DatabaseConnectionStore store, CancellationToken stop) =>
            TypedResults.Ok<IReadOnlyList<DatabaseDocument>>([.. (await store.List(stop)).Select(Of)])).WithName("ListDatabases")
            .WithDescription("The databases that recipients can be taken from; their passwords are never told.");
        databases.MapPut("/{name}", Save).WithName("SaveDatabase").ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status409Conflict)
            .WithDescription("Names a database or changes one. It is opened and asked for a row first, and only kept if that goes well. Only administrators' tokens may.");
        databases.MapDelete("/{name}", Remove).WithName("RemoveDatabase").ProducesProblem(StatusCodes.Status404NotFound)
            .WithDescription("Recipients that were taken from it stay. Only administrators' tokens may.");
        return api;
    }

    private static DatabaseDocument Of(DatabaseConnection one) =>
        new(one.Name, Words.Of(one.Kind), one.Host, one.Port, one.Place, one.Account, one.Verified, one.SavedAt);

    private static async Task<Results<Ok<DatabaseDocument>, ProblemHttpResult>> Save(
        string name, NewDatabase document, ClaimsPrincipal user, RightsReader rights, DatabaseConnectionStore store, SaveDatabase use, CancellationToken stop)
    {
        var who = Actor.Of(user);
        if (!await rights.MayEverything(who, stop))
        {
            return RefusalResult.Of(DatabaseRefusals.OnlyAdministrators());
        }

        if (!Words.TryTo<DatabaseKind>(document.Kind ?? "", out var kind))
        {
            return RefusalResult.Of(DatabaseRefusals.Kind(document.Kind ?? ""));
        }

        var before = await store.Find(name, stop);
        var command = new SaveDatabase.Command(
            before?.Name, document.Name ?? name, kind, document.Host ?? "", document.Port, document.Place ?? "", document.Account ?? "",
            document.Password ?? (before is null ? "" : null), document.Verified, who);
        return (await use.Handle(command, stop)).Is(out var kept, out var refusal) ? TypedResults.Ok(Of(kept)) : RefusalResult.Of(refusal);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Remove(
        string name, ClaimsPrincipal user, RightsReader rights, DatabaseConnectionStore store, CancellationToken stop)
    {
        if (!await rights.MayEverything(Actor.Of(user), stop))
        {
            return RefusalResult.Of(DatabaseRefusals.OnlyAdministrators());
        }

        if (await store.Find(name, stop) is not { } found)
        {
            return RefusalResult.Of(DatabaseRefusals.NotFound(name));
        }

        await store.Remove(found.Id, stop);
        return TypedResults.NoContent();
    }
}
