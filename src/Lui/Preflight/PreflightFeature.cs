// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Tutti.Lui.Jobs.Sending;
using Tutti.Lui.Preflight.Links;
using Tutti.Lui.Preflight.Rules;
using Tutti.Wiring.Configuration;

namespace Tutti.Lui.Preflight;

/// <summary>What is looked at before a job is authorised. A new rule is a class and a line here.</summary>
internal static class PreflightFeature
{
    public static WebApplicationBuilder AddPreflight(this WebApplicationBuilder builder)
    {
        builder.AddSettings<PreflightSettings>();
        builder.Services
            .AddSingleton<PreflightStore>()
            .AddSingleton<ReadAudience>()
            .AddSingleton<ComposeSample>()
            .AddSingleton<AskLinks>(services => new AskLinks(services.GetRequiredService<PreflightSettings>(), services.GetRequiredService<TimeProvider>()))
            .AddSingleton<RateBySpamFilter>()
            .AddSingleton<RunPreflight>()
            .AddSingleton<PreflightGate>()
            .AddSingleton<IAuthorizationGate>(services => services.GetRequiredService<PreflightGate>())
            .AddSingleton<TickWarnings>()
            .AddSingleton<IPreflightRule, MergeFieldsRule>()
            .AddSingleton<IPreflightRule, LinksRule>()
            .AddSingleton<IPreflightRule, UnsubscribeRule>()
            .AddSingleton<IPreflightRule, PostalAddressRule>()
            .AddSingleton<IPreflightRule, SizeRule>()
            .AddSingleton<IPreflightRule, ImagesRule>()
            .AddSingleton<IPreflightRule, ContrastRule>()
            .AddSingleton<IPreflightRule, SenderDomainRule>()
            .AddSingleton<IPreflightRule, SpamRule>()
            .AddSingleton<IPreflightRule, ZonesRule>();
        return builder;
    }
}
