// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Tutti.Hub.Cluster.Renewal;
using Tutti.Hub.Cluster.Rotation;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Hosting;

namespace Tutti.Hub.Cluster;

/// <summary>An authority of the installation's own, and how servers come in by it.</summary>
internal static class ClusterFeature
{
    public static WebApplicationBuilder AddCluster(this WebApplicationBuilder builder)
    {
        builder.AddSettings<ClusterSettings>();
        builder.Services
            .AddSingleton<IssuedStore>()
            .AddSingleton<OwnAuthority>()
            .AddSingleton<SpreadList>()
            .AddSingleton<ShortenList>()
            .AddSingleton<InitCluster>()
            .AddSingleton<JoinServer>()
            .AddSingleton<JoinOutside>()
            .AddSingleton<AnnounceHub>()
            .AddSingleton<RevokeCertificate>()
            .AddSingleton<SwitchCluster>()
            .AddSingleton<RenewCertificate>()
            .AddSingleton<RotateAuthority>()
            .AddSingleton<KeepCertificates>()
            .AddSingleton<IStatusSource, ClusterStatus>()
            .AddHostedService<KeepCertificatesWorker>();
        return builder;
    }

    public static WebApplication MapCluster(this WebApplication app)
    {
        app.MapGrpcService<ClusterControlService>();
        return app;
    }
}
