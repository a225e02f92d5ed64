// SPDX-License-Identifier: Apache-2.0
using DnsClient;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Tutti.Dst.Signing;
using Tutti.Dst.Smtp;
using Tutti.Dst.Smtp.Destinations;
using Tutti.Wiring.Configuration;

namespace Tutti.Dst.SenderDomains;

/// <summary>Checks of sender domains.</summary>
internal static class SenderDomainsFeature
{
    /// <summary>Registers <see cref="CheckDomain"/>.</summary>
    public static WebApplicationBuilder AddSenderDomains(this WebApplicationBuilder builder)
    {
        builder.AddSettings<SenderDomainSettings>();
        builder.Services.AddSingleton(services =>
        {
            var smtp = services.GetRequiredService<SmtpSettings>();
            var helo = smtp.HeloName.Length > 0 ? smtp.HeloName : services.GetRequiredService<ServerSettings>().HostName;
            var folder = DkimKeyStore.FolderIn(services.GetRequiredService<ComponentFolder>().Data);
            return new CheckDomain(
                new DomainRecords(services.GetRequiredService<IDnsQuery>()),
                domain => DkimKeyStore.List(folder, domain),
                SendingAddresses.Of(services.GetRequiredService<SenderDomainSettings>(), services.GetRequiredService<RouteSettings>().Mode, helo));
        });
        return builder;
    }
}
