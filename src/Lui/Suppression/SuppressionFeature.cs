// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Tutti.Lui.Suppression;

/// <summary>The list of addresses that get nothing.</summary>
internal static class SuppressionFeature
{
    public static WebApplicationBuilder AddSuppression(this WebApplicationBuilder builder)
    {
        builder.Services
            .AddSingleton<SuppressionStore>()
            .AddSingleton<SuppressAddress>()
            .AddSingleton<LiftSuppression>()
            .AddSingleton<ImportSuppression>()
            .AddSingleton<PushSuppression>();
        return builder;
    }
}
