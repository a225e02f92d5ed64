// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Tutti.Wiring.Configuration;

namespace Tutti.Lui.Files;

/// <summary>Files that people and programs bring.</summary>
internal static class FilesFeature
{
    public static WebApplicationBuilder AddFiles(this WebApplicationBuilder builder)
    {
        builder.AddSettings<UploadSettings>();
        builder.Services.AddSingleton<UploadStore>().AddSingleton<StoredFileStore>();
        return builder;
    }
}
