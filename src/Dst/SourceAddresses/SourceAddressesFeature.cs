// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Tutti.Dst.Smtp;
using Tutti.Wiring.Configuration;

namespace Tutti.Dst.SourceAddresses;

/// <summary>The addresses that mail leaves from.</summary>
internal static class SourceAddressesFeature
{
    /// <summary>Registers <see cref="Departures"/>; comes after SMTP and the journal, whose settings and writer it uses.</summary>
    public static WebApplicationBuilder AddSourceAddresses(this WebApplicationBuilder builder)
    {
        builder.AddCheck(folder =>
        {
            CurrentSources.Read(Path.Combine(folder.Path, CurrentSources.FileName), [], out var complaints);
            return complaints;
        });
        builder.Services.AddSingleton(services => new CurrentSources(
            services.GetRequiredService<ComponentFolder>().Path, services.GetRequiredService<SmtpSettings>().Sources, services.GetRequiredService<ILogger<CurrentSources>>()));
        builder.Services.AddSingleton<SourceDayStore>();
        builder.Services.AddSingleton<Shares>();
        builder.Services.AddSingleton<Departures>();
        builder.Services.AddSingleton<SourceBoard>();
        builder.Services.AddHostedService(services => services.GetRequiredService<Shares>());
        return builder;
    }
}
