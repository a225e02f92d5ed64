// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Tutti.Lui.Approval;
using Tutti.Lui.Jobs.Steps;
using Tutti.Lui.Tracking.MessageLinks;
using Tutti.Lui.Tracking.Types;

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
            .AddSingleton<DecideLinks>()
            .AddSingleton<SetLinkParameters>()
            .AddSingleton<ReadGround>()
            .AddSingleton<TrackingProfiles>()
            .AddSingleton<IStepSource, TrackingStep>()
            .AddSingleton<ReleaseTracker>()
            .AddHostedService<TrackersWorker>();
        return builder;
    }
}
