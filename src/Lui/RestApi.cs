// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Tutti.Lui.Rest;
using Tutti.Lui.Tokens;
using Tutti.Wiring.Configuration;

namespace Tutti.Lui;

/// <summary>The REST interface: its address, its lock, and its description.</summary>
internal static class RestApi
{
    /// <summary>Where all of it lies.</summary>
    public const string Path = "/api/v1";

    /// <summary>Registers the OpenAPI document.</summary>
    public static WebApplicationBuilder AddRestApi(this WebApplicationBuilder builder)
    {
        builder.Services.AddOpenApi("v1", options =>
        {
            options.ShouldInclude = call => call.RelativePath?.StartsWith(Path[1..], StringComparison.OrdinalIgnoreCase) == true;
            options.DescribeWhole();
            options.Describe();
        });
        builder.Services.AddProblemDetails();

        // A number is a number, so that the document says so too.
        builder.Services.ConfigureHttpJsonOptions(options => options.SerializerOptions.NumberHandling = JsonNumberHandling.Strict);
        builder.AddSettings<ApiSettings>();
        builder.Services.AddSingleton<Allowance>().AddSingleton<KeyedRequestStore>();
        return builder;
    }

    /// <summary>What comes before its routes, once it is known who calls: limits, and keys of requests that may come twice.</summary>
    public static WebApplication UseRestApi(this WebApplication app)
    {
        app.UseWhen(context => context.Request.Path.StartsWithSegments(Path, StringComparison.OrdinalIgnoreCase), api => api.UseMiddleware<LimitRequests>().UseMiddleware<OnlyOnce>());
        return app;
    }

    /// <summary>Maps the document, and answers the group into which the slices map their routes.</summary>
    public static RouteGroupBuilder MapRestApi(this IEndpointRouteBuilder routes)
    {
        routes.MapOpenApi(Path + "/openapi.json").AllowAnonymous();
        var api = routes.MapGroup(Path).RequireAuthorization(TokenAuthentication.SchemeName);
        api.DisableAntiforgery();
        api.ProducesProblem(StatusCodes.Status401Unauthorized);
        return api;
    }
}
