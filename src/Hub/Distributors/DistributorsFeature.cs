// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Tutti.Hub.Distributors;

/// <summary>How the distributors send, and to whom they should not for now.</summary>
internal static class DistributorsFeature
{
    public static WebApplicationBuilder AddDistributors(this WebApplicationBuilder builder)
    {
        builder.Services
            .AddSingleton<CallDistributor>()
            .AddSingleton<ChangeLane>();
        return builder;
    }

    public static WebApplication MapDistributors(this WebApplication app)
    {
        app.MapLaneForms();
        return app;
    }
}
