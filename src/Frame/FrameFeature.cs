// SPDX-License-Identifier: Apache-2.0
using Microsoft.Extensions.DependencyInjection;
using MudBlazor.Services;
using Tutti.Frame.Layout;

namespace Tutti.Frame;

/// <summary>How a component takes the frame into its service.</summary>
public static class FrameFeature
{
    /// <summary>Registers what the frame's parts need.</summary>
    public static IServiceCollection AddFrame(this IServiceCollection services, Func<IServiceProvider, FrameIdentity> identity)
    {
        services.AddMudServices(configuration =>
        {
            configuration.SnackbarConfiguration.PreventDuplicates = false;
            configuration.SnackbarConfiguration.ShowTransitionDuration = 100;
            configuration.SnackbarConfiguration.HideTransitionDuration = 100;
        });
        services.AddSingleton(identity);
        services.AddScoped<ViewerClock>();
        return services;
    }
}
