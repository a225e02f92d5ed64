// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Tutti.Lui.Approval;

namespace Tutti.Lui.Tracking;

/// <summary>What is learnt of recipients: links to the trackers, events from them.</summary>
internal static class TrackingFeature
{
    public static WebApplicationBuilder AddTracking(this WebApplicationBuilder builder)
    {
        builder.Services
            .AddSingleton<RecipientTokens>()
            .AddSingleton<ReactionStore>()
            .AddSingleton<OutageStore>()
            .AddSingleton<FetchReactions>()
            .AddSingleton<PublicationStore>()
            .AddSingleton<PublishLinks>()
            .AddSingleton<ChooseTracking>()
            .AddSingleton<ISealedPart, SealedLinks>()
            .AddSingleton<ListLinks>()
            .AddSingleton<ReleaseTracker>()
            .AddHostedService<TrackersWorker>();
        return builder;
    }
}
