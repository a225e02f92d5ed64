// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Tutti.Dst.Files;

/// <summary>Files that travel with messages.</summary>
internal static class FilesFeature
{
    /// <summary>Registers the slice; comes after the journal.</summary>
    public static WebApplicationBuilder AddFiles(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<FileStore>();
        return builder;
    }

    /// <summary>Opens the door.</summary>
    public static WebApplication MapFiles(this WebApplication app)
    {
        app.MapGrpcService<FilesService>();
        return app;
    }
}
