// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Storage;

namespace Tutti.Dst.Journal;

/// <summary>The journal starts before everything that writes and stops after it.</summary>
internal static class JournalFeature
{
    /// <summary>Registers the slice.</summary>
    public static WebApplicationBuilder AddJournal(this WebApplicationBuilder builder)
    {
        builder.AddSettings<GroupSettings>();
        builder.Services.AddSingleton<JournalWorker>();
        builder.Services.AddHostedService(services => services.GetRequiredService<JournalWorker>());
        builder.Services.AddSingleton<HostNumbers>();
        builder.Services.AddSingleton(services => ActivatorUtilities.CreateInstance<StoreGroup>(services, DatabaseRegistration.HolderOf(services)));
        builder.Services.AddHostedService(services => services.GetRequiredService<StoreGroup>());
        return builder;
    }
}
