// SPDX-License-Identifier: Apache-2.0
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Tutti.Lui.Jobs;

namespace Tutti.Lui.Tokens;

/// <summary>Which scope a route that changes something needs. Those that change nothing need <see cref="TokenScope.Read"/>.</summary>
/// <param name="Scope">The scope.</param>
internal sealed record NeededScope(TokenScope Scope)
{
    /// <summary>The type of the claims that carry a token's scopes.</summary>
    public const string Claim = "tutti:scope";

    /// <summary>The scope that a request needs; <see cref="TokenScope.All"/> where a route does not say.</summary>
    public static TokenScope Of(HttpContext context) => Of(context.Request.Method, context.GetEndpoint());

    /// <summary>The scope that a route needs.</summary>
    public static TokenScope Of(string method, Endpoint? endpoint) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method)
        ? TokenScope.Read
        : endpoint?.Metadata.GetMetadata<NeededScope>()?.Scope ?? TokenScope.All;

    /// <summary>Whether a program's token opens a request.</summary>
    public static bool Opens(ClaimsPrincipal program, HttpContext context) =>
        program.HasClaim(Claim, Words.Of(TokenScope.All)) || program.HasClaim(Claim, Words.Of(Of(context)));
}

/// <summary>How routes say which scope they need.</summary>
internal static class NeededScopeRoutes
{
    /// <summary>Says it for a route, or for all of a group that do not say otherwise.</summary>
    public static T Needs<T>(this T routes, TokenScope scope)
        where T : IEndpointConventionBuilder => routes.WithMetadata(new NeededScope(scope));
}
