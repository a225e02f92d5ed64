// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Tutti.Lui.Palette;

/// <summary>The way to everything by a few letters.</summary>
internal static class PaletteFeature
{
    public static WebApplicationBuilder AddPalette(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<FindEntries>();
        return builder;
    }
}
