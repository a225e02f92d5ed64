// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Tutti.Wiring.Configuration;

namespace Tutti.Dst.Signing;

/// <summary>DKIM keys.</summary>
internal static class SigningFeature
{
    /// <summary>Registers <see cref="DkimKeys"/>; must come before what sends.</summary>
    public static WebApplicationBuilder AddSigning(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton(services => new DkimKeys(
            DkimKeyStore.FolderIn(services.GetRequiredService<ComponentFolder>().Data), services.GetRequiredService<ILogger<DkimKeys>>()));
        builder.Services.AddHostedService<RefreshDkimKeysWorker>();
        return builder;
    }
}
