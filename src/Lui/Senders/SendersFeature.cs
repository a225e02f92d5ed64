// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Tutti.Lui.Approval;
using Tutti.Lui.Jobs.Steps;
using Tutti.Lui.Senders.Profiles;

namespace Tutti.Lui.Senders;

/// <summary>Who jobs come from.</summary>
internal static class SendersFeature
{
    public static WebApplicationBuilder AddSenders(this WebApplicationBuilder builder)
    {
        builder.Services
            .AddSingleton<OverrideStore>()
            .AddSingleton<ISealedPart, SealedSender>()
            .AddSingleton<SenderCheck>()
            .AddSingleton<LookAtDomain>()
            .AddSingleton<FitForListserv>()
            .AddSingleton<SenderProfileStore>()
            .AddSingleton<LateSenders>()
            .AddSingleton<UseProfile>()
            .AddSingleton<SaveProfile>()
            .AddSingleton<RemoveProfile>()
            .AddSingleton<NameSender>()
            .AddSingleton<OverrideSenderCheck>()
            .AddSingleton<ListAmongRecipients>()
            .AddSingleton<IStepSource, SenderStep>();
        return builder;
    }
}
