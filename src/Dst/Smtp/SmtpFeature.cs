// SPDX-License-Identifier: Apache-2.0
using DnsClient;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Tutti.Dst.Smtp.Destinations;
using Tutti.Dst.Smtp.Encryption;
using Tutti.Wiring.Configuration;

namespace Tutti.Dst.Smtp;

/// <summary>Sending by SMTP, and finding the way.</summary>
internal static class SmtpFeature
{
    /// <summary>Registers <see cref="SmtpDialer"/> and <see cref="MailRoutes"/>; needs the capture mailbox's registration too.</summary>
    public static WebApplicationBuilder AddSmtp(this WebApplicationBuilder builder)
    {
        builder.AddSettings<SmtpSettings>();
        builder.AddSettings<RouteSettings>();
        builder.Services.AddSingleton<IDnsQuery>(services => MailExchangers.ClientFor(services.GetRequiredService<RouteSettings>()));
        builder.Services.AddSingleton<MailExchangers>();
        builder.Services.AddSingleton<MailRoutes>();
        builder.Services.AddSingleton(services => TlsRoots.Read(services.GetRequiredService<SmtpSettings>().TrustedRoots));
        builder.Services.AddSingleton(services => new StsFetcher(
            services.GetRequiredService<IDnsQuery>(), services.GetRequiredService<TlsRoots>(), services.GetRequiredService<TimeProvider>()));
        builder.Services.AddSingleton<StsPolicyStore>();
        builder.Services.AddSingleton<StsPolicies>();
        builder.Services.AddSingleton<TlsLedger>();
        builder.Services.AddSingleton<SessionFigures>();
        builder.Services.AddSingleton<TlsLedgerStore>();
        builder.Services.AddHostedService<EncryptionWorker>();
        builder.Services.AddSingleton(services =>
        {
            var settings = services.GetRequiredService<SmtpSettings>();
            var name = settings.HeloName.Length > 0 ? settings.HeloName : services.GetRequiredService<ServerSettings>().HostName;
            return new SmtpDialer(settings, name, services.GetRequiredService<TimeProvider>(), services.GetRequiredService<TlsRoots>(), services.GetRequiredService<TlsLedger>(), services.GetRequiredService<SessionFigures>());
        });
        return builder;
    }
}
