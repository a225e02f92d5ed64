// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Tutti.Lui.Feeds;

namespace Tutti.Lui.Fates;

/// <summary>What became of recipients, as the distributors tell it.</summary>
internal static class FatesFeature
{
    public static WebApplicationBuilder AddFates(this WebApplicationBuilder builder)
    {
        builder.Services
            .AddSingleton<FeedStore>()
            .AddSingleton<ReadFeed>()
            .AddSingleton<OutcomeStore>()
            .AddSingleton<FetchFates>()
            .AddHostedService<DistributorsWorker>();
        return builder;
    }
}
