// SPDX-License-Identifier: Apache-2.0
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Tutti.Lui.Jobs;
using Tutti.Lui.Tokens;

namespace Tutti.Lui.Suppression;

/// <summary>The suppression list over REST.</summary>
internal static class SuppressionRoutes
{
    private const int MostOfPage = 1000;

    /// <summary>Addresses that shall get nothing.</summary>
    internal sealed record NewSuppression(IReadOnlyList<string>? Addresses, string? Reason);

    /// <summary>An address on the list.</summary>
    internal sealed record SuppressionDocument(string Address, string Reason, string Source, DateTimeOffset Since);

    /// <summary>A page of the list; next is the after of the next page, null on the last one.</summary>
    internal sealed record SuppressionList(IReadOnlyList<SuppressionDocument> Addresses, long Total, string? Next);

    public static RouteGroupBuilder MapSuppression(this RouteGroupBuilder api)
    {
        var suppression = api.MapGroup("/suppression").WithTags("Suppression").Needs(TokenScope.Suppression).ProducesProblem(StatusCodes.Status400BadRequest);
        suppression.MapGet("/", List).WithName("ListSuppression");
        suppression.MapPost("/", Add).WithName("SuppressAddresses").Accepts<NewSuppression>("application/json", "text/csv")
            .WithDescription("JSON, or a CSV file: addresses in the first column or in one whose name contains mail or address, reasons in one whose name contains reason.");
        suppression.MapDelete("/{address}", Lift).WithName("LiftSuppression").ProducesProblem(StatusCodes.Status404NotFound);
        return api;
    }

    private static async Task<Ok<SuppressionList>> List(SuppressionStore store, CancellationToken stop, string after = "", string contains = "", int limit = 100)
    {
        limit = Math.Clamp(limit, 1, MostOfPage);
        var page = await store.List(after, contains, limit, stop);
        return TypedResults.Ok(new SuppressionList(
            [.. page.Select(one => new SuppressionDocument(one.Address, one.Reason, one.Source, DateTimeOffset.FromUnixTimeMilliseconds(one.At)))],
            await store.Count(stop),
            page.Count < limit ? null : page[^1].Address));
    }

    private static async Task<Results<Ok<SuppressionImport>, ProblemHttpResult>> Add(
        HttpRequest request, ClaimsPrincipal user, SuppressAddress use, ImportSuppression import, CancellationToken stop)
    {
        if (request.ContentType?.StartsWith("text/", StringComparison.OrdinalIgnoreCase) == true)
        {
            return TypedResults.Ok(await import.Handle(request.Body, Actor.Of(user), stop));
        }

        var given = request.HasJsonContentType() ? await request.ReadFromJsonAsync<NewSuppression>(stop) : null;
        return (await use.Handle(new SuppressAddress.Command(given?.Addresses ?? [], given?.Reason ?? "", Actor.Of(user)), stop)).Is(out var added, out var refusal)
            ? TypedResults.Ok(new SuppressionImport(added, given!.Addresses!.Count - added, []))
            : RefusalResult.Of(refusal);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Lift(string address, ClaimsPrincipal user, LiftSuppression use, CancellationToken stop) =>
        (await use.Handle(new LiftSuppression.Command(address, Actor.Of(user)), stop)).Is(out _, out var refusal) ? TypedResults.NoContent() : RefusalResult.Of(refusal);
}
