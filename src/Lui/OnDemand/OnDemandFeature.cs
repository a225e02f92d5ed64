// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Tutti.Lui.OnDemand;

/// <summary>Transactional mail: a job that people authorise once, and whose recipients come one by one.</summary>
internal static class OnDemandFeature
{
    public static WebApplicationBuilder AddOnDemand(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<OnDemandStore>().AddSingleton<ChooseOnDemand>().AddSingleton<SendOne>().AddSingleton<EndOnDemand>();
        return builder;
    }
}
