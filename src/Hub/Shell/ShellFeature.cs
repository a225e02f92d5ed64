// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using Tutti.Frame;
using Tutti.Frame.Layout;
using Tutti.Frame.People;
using Tutti.Frame.Pipeline;
using Tutti.Hub.SignIn;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Storage;

namespace Tutti.Hub.Shell;

/// <summary>The hub's pages: /hub.</summary>
internal static class ShellFeature
{
    private const string Base = "/hub";

    public static WebApplicationBuilder AddShell(this WebApplicationBuilder builder)
    {
        builder.AddFrameFiles();
        builder.Services
            .AddFrame(services => Describe(services.GetRequiredService<ServerConfiguration>()))
            .AddPeople("tutti-hub", Base, services => new DatabaseKeys(services.GetRequiredService<Database>()))
            .AddRazorComponents()
            .AddInteractiveServerComponents();
        builder.Services.AddStanding<StandingHere>();
        return builder;
    }

    public static WebApplication UseShell(this WebApplication app)
    {
        app.UsePathBase(Base);
        app.UseFrame(app.Services.GetRequiredService<Database>().Probe);
        return app;
    }

    public static WebApplication MapShell(this WebApplication app) => app.MapFrame<HubDocument>();

    private static FrameIdentity Describe(ServerConfiguration server)
    {
        List<NavigationEntry> navigation =
        [
            new(ShellWords.Status, "", Icons.Material.Outlined.MonitorHeart, Whole: true),
            new(ShellWords.Servers, "servers", Icons.Material.Outlined.Dns),
            new(ShellWords.Lanes, "lanes", Icons.Material.Outlined.Speed),
            new(ShellWords.Accounts, "accounts", Icons.Material.Outlined.People),
            new(ShellWords.Groups, "groups", Icons.Material.Outlined.Groups),
            new(ShellWords.SignIns, "sign-ins", Icons.Material.Outlined.History),
        ];

        // Where both share a port one way leads back; elsewhere people know the address that they came from.
        if (server.Components.Contains("lui") && server.Of("lui").WebPort == server.Of("hub").WebPort)
        {
            navigation.Insert(0, new(ShellWords.MailJobs, "/", Icons.Material.Outlined.ArrowBack, Whole: true));
        }

        return new(ShellWords.Administration, Base + "/", navigation, Base + PeopleFeature.SignOutPath);
    }
}
