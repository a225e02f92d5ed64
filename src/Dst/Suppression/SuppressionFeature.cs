// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Tutti.Dst.Suppression;

/// <summary>The copy of the suppression list.</summary>
internal static class SuppressionFeature
{
    /// <summary>Registers the slice.</summary>
    public static WebApplicationBuilder AddSuppression(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<SuppressionStore>();
        return builder;
    }

    /// <summary>Opens the door.</summary>
    public static WebApplication MapSuppression(this WebApplication app)
    {
        app.MapGrpcService<SuppressionService>();
        return app;
    }
}
