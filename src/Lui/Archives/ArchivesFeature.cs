// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Tutti.Lui.Archives.Format;
using Tutti.Lui.Archives.TakingIn;
using Tutti.Wiring.Configuration;

namespace Tutti.Lui.Archives;

/// <summary>Jobs that are over, in files: written, taken out of the database, brought back, taken in from elsewhere.</summary>
internal static class ArchivesFeature
{
    public static WebApplicationBuilder AddArchives(this WebApplicationBuilder builder)
    {
        builder.AddSettings<ArchiveSettings>();
        builder.Services
            .AddSingleton<ArchiveFolder>()
            .AddSingleton<ArchiveStore>()
            .AddSingleton<WriteArchive>()
            .AddSingleton<ArchiveJob>()
            .AddSingleton<BringBack>()
            .AddSingleton<ChooseArchiveAfter>()
            .AddSingleton<TakeInArchive>()
            .AddSingleton<KeepArchive>()
            .AddSingleton<TakeAway>()
            .AddSingleton<PutBack>()
            .AddSingleton<LateWishes>()
            .AddSingleton<LookAfterArchives>()
            .AddHostedService<ArchivesWorker>();
        return builder;
    }
}
