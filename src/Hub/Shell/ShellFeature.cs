// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using Tutti.Frame;
using Tutti.Frame.Layout;
using Tutti.Frame.People;
using Tutti.Frame.Pipeline;
using Tutti.Wiring.Configuration;

namespace Tutti.Hub.Shell;

/// <summary>The hub's pages: /hub.</summary>
internal static class ShellFeature
{
    private const string Base = "/hub";

    public static WebApplicationBuilder AddShell(this WebApplicationBuilder builder)
    {
        builder.AddFrameFiles();
        builder.Services
            .AddFrame(new FrameIdentity(
                "Tutti administration",
                Base + "/",
                [
                    new("Status", "", Icons.Material.Outlined.MonitorHeart, Whole: true),
                    new("Sign-ins", "sign-ins", Icons.Material.Outlined.History),
                ],
                Base + PeopleFeature.SignOutPath))
            .AddPeople("tutti-hub", Base, services => services.GetRequiredService<ComponentFolder>().Data)
            .AddRazorComponents()
            .AddInteractiveServerComponents();
        return builder;
    }

    public static WebApplication UseShell(this WebApplication app)
    {
        app.UsePathBase(Base);
        app.UseFrame();
        return app;
    }

    public static WebApplication MapShell(this WebApplication app) => app.MapFrame<HubDocument>();
}
