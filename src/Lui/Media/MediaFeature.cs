// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Tutti.Wiring.Configuration;

namespace Tutti.Lui.Media;

/// <summary>The library of images that messages show from this server.</summary>
internal static class MediaFeature
{
    public static WebApplicationBuilder AddMedia(this WebApplicationBuilder builder)
    {
        builder.AddSettings<MediaSettings>();
        builder.Services.AddSingleton<PictureStore>().AddSingleton<AddPicture>().AddSingleton<DescribePicture>().AddSingleton<RemovePicture>();
        return builder;
    }
}
