// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Tutti.Wiring.Configuration;

namespace Tutti.Lui.Returns;

/// <summary>What came back, as the distributors tell it.</summary>
internal static class ReturnsFeature
{
    public static WebApplicationBuilder AddReturns(this WebApplicationBuilder builder)
    {
        builder.AddSettings<ReturnSettings>();
        builder.Services
            .AddSingleton<SoftBounceStore>()
            .AddSingleton<ReturnStore>();
        return builder;
    }
}
