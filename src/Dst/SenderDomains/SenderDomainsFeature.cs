// SPDX-License-Identifier: Apache-2.0
using DnsClient;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Tutti.Dst.Returns;
using Tutti.Dst.Signing;
using Tutti.Dst.Smtp;
using Tutti.Dst.Smtp.Destinations;
using Tutti.Dst.SourceAddresses;
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
            var folder = DkimKeyStore.FolderIn(services.GetRequiredService<ComponentFolder>().Data);
            var addresses = SendingAddresses.Of(
                services.GetRequiredService<SenderDomainSettings>(),
                services.GetRequiredService<SmtpSettings>(),
                services.GetRequiredService<CurrentSources>().Now.All,
                services.GetRequiredService<RouteSettings>().Mode,
                services.GetRequiredService<ReturnSettings>().ReturnDomain,
                services.GetRequiredService<ServerSettings>().HostName);
            return new CheckDomain(new DomainRecords(services.GetRequiredService<IDnsQuery>()), domain => DkimKeyStore.List(folder, domain), addresses);
        });
        return builder;
    }
}
