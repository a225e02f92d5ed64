// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Tutti.Trk.Replacements;

/// <summary>Registers what lets another tracker take this one's place.</summary>
internal static class ReplacementsFeature
{
    public static WebApplicationBuilder AddReplacements(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<ReplaceTracker>();
        return builder;
    }

    public static WebApplication MapReplacements(this WebApplication app)
    {
        app.MapGrpcService<ReplacementService>();
        return app;
    }
}
