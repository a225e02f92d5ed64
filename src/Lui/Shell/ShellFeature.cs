// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using Tutti.Frame;
using Tutti.Frame.Layout;
using Tutti.Frame.People;
using Tutti.Frame.Pipeline;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Shell;

/// <summary>The pages of the user interface: document, navigation, the way in and out.</summary>
internal static class ShellFeature
{
    // A message that is being written goes over the page's connection; without this one of more than 32 KiB would cut it.
    private const int LongestMessage = 16 * 1024 * 1024;

    public static WebApplicationBuilder AddShell(this WebApplicationBuilder builder)
    {
        builder.AddFrameFiles();
        builder.Services
            .AddFrame(services => Describe(services.GetRequiredService<ServerConfiguration>()))
            .AddPeople("tutti-lui", "/", services => new DatabaseKeys(services.GetRequiredService<Database>()))
            .AddSingleton<AskHub>()
            .AddSingleton<PreviewShelf>()
            .AddRazorComponents()
            .AddInteractiveServerComponents()
            .AddHubOptions(options => options.MaximumReceiveMessageSize = LongestMessage);
        return builder;
    }

    /// <summary>What comes before all endpoints.</summary>
    public static WebApplication UseShell(this WebApplication app) => app.UseFrame();

    /// <summary>The pages.</summary>
    public static WebApplication MapShell(this WebApplication app)
    {
        PreviewShelf.Map(app);
        return app.MapFrame<LuiDocument>();
    }

    private static FrameIdentity Describe(ServerConfiguration server)
    {
        List<NavigationEntry> navigation =
        [
            new("Mail jobs", "", Icons.Material.Outlined.Mail, Whole: true, Below: "jobs/"),
            new("Suppression list", "suppression", Icons.Material.Outlined.Block),
            new("API tokens", "tokens", Icons.Material.Outlined.Key, AdministratorsOnly: true),
        ];

        // The hub's pages are one click away where both share a port.
        if (server.Components.Contains("hub") && server.Of("hub").WebPort == server.Of("lui").WebPort)
        {
            navigation.Add(new("Administration", "/hub/", Icons.Material.Outlined.AdminPanelSettings, AdministratorsOnly: true));
        }

        return new("Tutti", "/", navigation, PeopleFeature.SignOutPath);
    }
}
