// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Tutti.Wiring.Configuration;

namespace Tutti.Dst.Rehearsals;

/// <summary>Dress rehearsals.</summary>
internal static class RehearsalsFeature
{
    /// <summary>Registers the slice; comes after all whose parts a rehearsal uses.</summary>
    public static WebApplicationBuilder AddRehearsals(this WebApplicationBuilder builder)
    {
        builder.AddCheck(folder =>
        {
            PlayedReceivers.Read(folder.Path, out var complaints);
            return complaints;
        });
        builder.Services.AddSingleton(services => new RehearsalParts(services));
        builder.Services.AddSingleton<RehearsalsWorker>();
        builder.Services.AddHostedService(services => services.GetRequiredService<RehearsalsWorker>());
        return builder;
    }

    /// <summary>Opens the door.</summary>
    public static WebApplication MapRehearsals(this WebApplication app)
    {
        app.MapGrpcService<RehearsalsService>();
        return app;
    }
}
