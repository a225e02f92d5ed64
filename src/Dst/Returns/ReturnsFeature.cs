// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Tutti.Dst.Returns.Mailboxes;
using Tutti.Dst.Returns.Rules;
using Tutti.Wiring.Configuration;

namespace Tutti.Dst.Returns;

/// <summary>What comes back: bounces, complaints, unsubscribes by mail.</summary>
internal static class ReturnsFeature
{
    /// <summary>Registers the slice; comes after the journal.</summary>
    /// <exception cref="ConfigurationException">The administrator's rules cannot be read.</exception>
    public static WebApplicationBuilder AddReturns(this WebApplicationBuilder builder)
    {
        var returns = builder.AddSettings<ReturnSettings>();
        var mailbox = builder.AddSettings<MailboxSettings>();
        builder.AddCheck(_ => mailbox.IsUsed && returns.ReturnDomain.Length == 0
            ? [new Complaint("distributor.ini", null, nameof(ReturnSettings.ReturnDomain), "is missing: the mail of which domain is in the mailbox?")]
            : []);
        builder.Services.AddSingleton(RulesOf(builder));
        builder.Services.AddSingleton<ReturnKeys>();
        builder.Services.AddSingleton<ReturnStore>();
        builder.Services.AddSingleton<ReturnSignal>();
        builder.Services.AddSingleton<ReturnFigures>();
        builder.Services.AddSingleton<ReturnMailbox>();
        builder.Services.AddSingleton<ReturnReading>();
        builder.Services.AddHostedService<TakeReturnsWorker>();
        builder.Services.AddSingleton<FetchedReturns>();
        builder.Services.AddHostedService<FetchMaildirWorker>();
        builder.Services.AddHostedService<FetchImapWorker>();
        builder.Services.AddHostedService<ReadReturnsWorker>();
        return builder;
    }

    private static BounceRules RulesOf(WebApplicationBuilder builder) =>
        builder.Services.LastOrDefault(service => service.ServiceType == typeof(ComponentFolder))?.ImplementationInstance is ComponentFolder folder
            ? BounceRulesFile.Read(folder.Path)
            : BounceRulesFile.Shipped;
}
