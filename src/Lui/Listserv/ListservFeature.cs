// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Tutti.Lui.Listserv;

/// <summary>The LISTSERVs of the installation.</summary>
internal static class ListservFeature
{
    public static WebApplicationBuilder AddListserv(this WebApplicationBuilder builder)
    {
        builder.Services
            .AddSingleton<Connections>()
            .AddSingleton<CheckConnection>()
            .AddSingleton<TakeList>();
        return builder;
    }
}
