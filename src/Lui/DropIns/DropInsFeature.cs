// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Tutti.Lui.Approval;
using Tutti.Lui.Preflight.Rules;

namespace Tutti.Lui.DropIns;

/// <summary>Texts that many messages use.</summary>
internal static class DropInsFeature
{
    public static WebApplicationBuilder AddDropIns(this WebApplicationBuilder builder)
    {
        builder.Services
            .AddSingleton<DropInStore>()
            .AddSingleton<FetchDropIn>()
            .AddSingleton<SaveDropIn>()
            .AddSingleton<JobDropIns>()
            .AddSingleton<ChooseFetching>()
            .AddSingleton<FetchLate>()
            .AddSingleton<ISealedPart, SealedDropIns>()
            .AddSingleton<IPreflightRule, DropInsRule>();
        return builder;
    }
}
