// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Builder;
using Tutti.Lui.Approval;
using Tutti.Lui.Archives;
using Tutti.Lui.Attachments;
using Tutti.Lui.Components;
using Tutti.Lui.Content;
using Tutti.Lui.Copies;
using Tutti.Lui.Dashboard;
using Tutti.Lui.Databases;
using Tutti.Lui.Delivery;
using Tutti.Lui.Doubts;
using Tutti.Lui.DropIns;
using Tutti.Lui.Fates;
using Tutti.Lui.Files;
using Tutti.Lui.Folders;
using Tutti.Lui.Insight;
using Tutti.Lui.Jobs;
using Tutti.Lui.Journal;
using Tutti.Lui.Listserv;
using Tutti.Lui.Media;
using Tutti.Lui.Notices;
using Tutti.Lui.OnDemand;
using Tutti.Lui.Palette;
using Tutti.Lui.Preflight;
using Tutti.Lui.Recipients;
using Tutti.Lui.Rehearsals;
using Tutti.Lui.Reports;
using Tutti.Lui.Returns;
using Tutti.Lui.Senders;
using Tutti.Lui.Senders.Profiles;
using Tutti.Lui.Shell;
using Tutti.Lui.Suppression;
using Tutti.Lui.Teams;
using Tutti.Lui.Tokens;
using Tutti.Lui.Tracking;
using Tutti.Lui.Triggers;
using Tutti.Lui.Viewing;
using Tutti.Lui.Webhooks;
using Tutti.Wiring.Hosting;
using Tutti.Wiring.Storage;

namespace Tutti.Lui;

/// <summary>The user interface: mail jobs, recipients, content, reports, and the REST way to them; owner of the system database.</summary>
public sealed class UserInterface : IComponent
{
    /// <summary>The system database's name in the data folder, where it is SQLite.</summary>
    public const string DatabaseFile = "lui.sqlite";

    /// <inheritdoc/>
    public static string Name => "lui";

    /// <inheritdoc/>
    public static IReadOnlyList<Door> Doors { get; } = [new(Listener.Web, "/"), new(Listener.Internal, "/tutti.lui.v1."), new(Listener.Control, "/tutti.lui.control.v1.")];

    /// <inheritdoc/>
    public static void Add(WebApplicationBuilder builder) => builder
        .AddDatabase(DatabaseFile, typeof(UserInterface).Assembly)
        .AddLeases()
        .AddRestApi()
        .AddTokens()
        .AddFiles()
        .AddJobs()
        .AddTeams()
        .AddFolders()
        .AddCopies()
        .AddArchives()
        .AddJournal()
        .AddNotices()
        .AddPalette()
        .AddDashboard()
        .AddApproval()
        .AddTriggers()
        .AddRecipients()
        .AddDatabases()
        .AddContent()
        .AddAttachments()
        .AddMedia()
        .AddDropIns()
        .AddViewing()
        .AddInsight()
        .AddTracking()
        .AddSenders()
        .AddComponents()
        .AddListserv()
        .AddDelivery()
        .AddPreflight()
        .AddRehearsals()
        .AddDoubts()
        .AddReturns()
        .AddFates()
        .AddSuppression()
        .AddReports()
        .AddWebhooks()
        .AddOnDemand()
        .AddShell();

    /// <inheritdoc/>
    public static void Map(WebApplication app)
    {
        app.UseShell();
        app.UseRestApi();
        app.UseJobGate();
        app.MapRestApi()
            .MapJobs()
            .MapTeams()
            .MapFolders()
            .MapCopies()
            .MapArchives()
            .MapJournal()
            .MapApproval()
            .MapTriggers()
            .MapRecipients()
            .MapContent()
            .MapAttachments()
            .MapMedia()
            .MapDropIns()
            .MapTracking()
            .MapSenders()
            .MapSenderProfiles()
            .MapTests()
            .MapPreflight()
            .MapRehearsals()
            .MapReports()
            .MapDoubts()
            .MapDashboard()
            .MapDatabases()
            .MapListserv()
            .MapSuppression()
            .MapWebhooks()
            .MapOnDemand();
        app.MapComponents();
        app.MapNewJobForm();
        app.MapTriggerAddresses();
        app.MapRecipientFiles();
        app.MapAttachmentFiles();
        app.MapMediaFiles();
        app.MapDropInFiles();
        app.MapArchiveFiles();
        app.MapViewing();
        app.MapInsight();
        app.MapReportFiles();
        app.MapRehearsalFiles();
        app.MapShell();
    }
}
