// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Tutti.Hub.Cluster;

/// <summary>An authority of the installation's own, and how servers come in by it.</summary>
internal static class ClusterFeature
{
    public static WebApplicationBuilder AddCluster(this WebApplicationBuilder builder)
    {
        builder.Services
            .AddSingleton(CertificateTimes.Usual)
            .AddSingleton<IssuedStore>()
            .AddSingleton<OwnAuthority>()
            .AddSingleton<SpreadList>()
            .AddSingleton<InitCluster>()
            .AddSingleton<JoinServer>()
            .AddSingleton<RevokeCertificate>()
            .AddSingleton<SwitchCluster>()
            .AddSingleton<KeepCertificates>()
            .AddHostedService<KeepCertificatesWorker>();
        return builder;
    }

    public static WebApplication MapCluster(this WebApplication app)
    {
        app.MapGrpcService<ClusterControlService>();
        return app;
    }
}
