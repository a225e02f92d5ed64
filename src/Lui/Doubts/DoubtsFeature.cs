// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Tutti.Lui.Doubts;

/// <summary>Recipients in doubt, and what people decide about them.</summary>
internal static class DoubtsFeature
{
    public static WebApplicationBuilder AddDoubts(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<DoubtStore>().AddSingleton<DecideDoubts>();
        return builder;
    }
}
