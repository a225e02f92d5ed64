// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using Tutti.Frame;
using Tutti.Frame.Layout;
using Tutti.Frame.People;
using Tutti.Frame.Pipeline;
using Tutti.Lui.Archives;
using Tutti.Lui.Dashboard;
using Tutti.Lui.Databases;
using Tutti.Lui.DropIns;
using Tutti.Lui.Journal;
using Tutti.Lui.Listserv;
using Tutti.Lui.Media;
using Tutti.Lui.Palette;
using Tutti.Lui.Senders.Profiles;
using Tutti.Lui.Webhooks;
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
            .AddFrame(_ => Describe())
            .AddPeople("tutti-lui", "/", services => new DatabaseKeys(services.GetRequiredService<Database>()))
            .AddSingleton<AskHub>()
            .AddSingleton<PreviewShelf>()
            .AddRazorComponents()
            .AddInteractiveServerComponents()
            .AddHubOptions(options => options.MaximumReceiveMessageSize = LongestMessage);
        builder.Services.AddStanding<StandingAtHub>();
        return builder;
    }

    /// <summary>What comes before all endpoints.</summary>
    public static WebApplication UseShell(this WebApplication app) => app.UseFrame(app.Services.GetRequiredService<Database>().Probe);

    /// <summary>The pages.</summary>
    public static WebApplication MapShell(this WebApplication app)
    {
        PreviewShelf.Map(app);
        app.MapOpenAdministration();
        return app.MapFrame<LuiDocument>();
    }

    private static FrameIdentity Describe()
    {
        List<NavigationEntry> navigation =
        [
            new(DashboardWords.Title, "", Icons.Material.Outlined.Dashboard, Whole: true),
            new(ShellWords.MailJobs, "jobs", Icons.Material.Outlined.Mail),
            new(ArchivesWords.Title, "archives", Icons.Material.Outlined.Archive),
            new(JournalWords.Title, "journal", Icons.Material.Outlined.History),
            new(MediaWords.Title, "media", Icons.Material.Outlined.PhotoLibrary),
            new(DropInsWords.Title, "drop-ins", Icons.Material.Outlined.DataArray),
            new(ProfilesWords.Title, "sender-profiles", Icons.Material.Outlined.AlternateEmail),
            new(ShellWords.SuppressionList, "suppression", Icons.Material.Outlined.Block),
            new(DatabasesWords.Title, "databases", Icons.Material.Outlined.Storage, AdministratorsOnly: true),
            new(ListservWords.Title, "listserv", Icons.Material.Outlined.DynamicFeed, AdministratorsOnly: true),
            new(WebhooksWords.Title, "webhooks", Icons.Material.Outlined.Webhook, AdministratorsOnly: true),
            new(ShellWords.ApiTokens, "tokens", Icons.Material.Outlined.Key, AdministratorsOnly: true),
            new(ShellWords.Administration, OpenAdministration.Path, Icons.Material.Outlined.AdminPanelSettings, AdministratorsOnly: true, Posts: true),
        ];

        return new("Tutti", "/", navigation, PeopleFeature.SignOutPath, typeof(TopTools));
    }
}
