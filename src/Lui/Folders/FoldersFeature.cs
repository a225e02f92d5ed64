// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Tutti.Lui.Folders;

/// <summary>Where jobs lie.</summary>
internal static class FoldersFeature
{
    public static WebApplicationBuilder AddFolders(this WebApplicationBuilder builder)
    {
        builder.Services
            .AddSingleton<FolderStore>()
            .AddSingleton<SaveFolder>()
            .AddSingleton<MoveJobs>();
        return builder;
    }
}
