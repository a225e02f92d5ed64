// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Tutti.Wiring.Hosting;

namespace Tutti.Trk.Publications;

/// <summary>Registers publications.</summary>
internal static class PublicationsFeature
{
    public static WebApplicationBuilder AddPublications(this WebApplicationBuilder builder)
    {
        builder.Services
            .AddSingleton<PublishedJobs>()
            .AddSingleton<CatchUp>()
            .AddSingleton<PublicationStore>()
            .AddSingleton<PublishLinks>()
            .AddSingleton<IStatusSource, PublicationsStatus>()
            .AddHostedService<LoadPublications>();
        return builder;
    }

    public static WebApplication MapPublications(this WebApplication app)
    {
        app.MapGrpcService<PublicationsService>();
        return app;
    }

    private sealed class PublicationsStatus(PublishedJobs jobs, CatchUp catchUp) : IStatusSource
    {
        public ValueTask<ComponentReport> Report(CancellationToken cancellationToken) =>
            ValueTask.FromResult(new ComponentReport(
                Ready: !catchUp.IsRunning,
                catchUp.IsRunning ? ["It is being brought up to date after it was away; links of jobs that left meanwhile may not be known yet."] : [],
                [new Figure("Jobs with links", jobs.Count)]));
    }
}
