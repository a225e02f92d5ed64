// SPDX-License-Identifier: Apache-2.0
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tutti.Dst.Files;
using Tutti.Dst.Journal;
using Tutti.Dst.Lanes;
using Tutti.Dst.Lanes.Live;
using Tutti.Dst.Lanes.Pacing;
using Tutti.Dst.Lanes.Policies;
using Tutti.Dst.Listserv;
using Tutti.Dst.Queue;
using Tutti.Dst.Returns;
using Tutti.Dst.Signing;
using Tutti.Dst.Smtp;
using Tutti.Dst.Smtp.Destinations;
using Tutti.Dst.SourceAddresses;
using Tutti.Dst.Suppression;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Storage;

namespace Tutti.Dst.Rehearsals;

/// <summary>
/// Builds the engine of a rehearsal: the distributor's own parts once more, over a file of the rehearsal's, with its clock and its ways. Of
/// what the distributor has it uses the settings, the signing keys, what it knows of the DNS, the files that messages carry, and the suppression list; it changes none of them.
/// </summary>
internal sealed class RehearsalParts(IServiceProvider distributor)
{
    // Measured apart, so that no figure of the distributor holds a played message.
    private const string Meter = "Tutti.Dst.Rehearsal";

    /// <summary>The distributor's folder.</summary>
    public string Folder => distributor.GetRequiredService<ComponentFolder>().Path;

    /// <summary>The time outside.</summary>
    public TimeProvider Clock => distributor.GetRequiredService<TimeProvider>();

    /// <summary>Makes an engine that does not run yet. Its hosted services start in their order and stop in reverse.</summary>
    public ServiceProvider Build(Database database, RehearsalClock clock, PlayedReceivers receivers, Measures measures)
    {
        var lanes = distributor.GetRequiredService<LaneSettings>();
        var smtp = distributor.GetRequiredService<SmtpSettings>();
        var services = new ServiceCollection();
        services.AddSingleton(distributor.GetRequiredService<ILoggerFactory>());
        services.AddSingleton(typeof(ILogger<>), typeof(Logger<>));
        services.AddSingleton<TimeProvider>(clock).AddSingleton(clock).AddSingleton(database).AddSingleton(receivers).AddSingleton(measures);
        services.AddSingleton(lanes).AddSingleton(distributor.GetRequiredService<QueueSettings>()).AddSingleton(distributor.GetRequiredService<RouteSettings>());
        services.AddSingleton(distributor.GetRequiredService<DkimKeys>()).AddSingleton(distributor.GetRequiredService<SuppressionStore>());
        services.AddSingleton(distributor.GetRequiredService<MailExchangers>()).AddSingleton(distributor.GetRequiredService<ReturnSettings>());
        services.AddSingleton(distributor.GetRequiredService<FileStore>()).AddSingleton<ReturnKeys>();
        services.AddSingleton(provider => new CurrentPolicies(
            Folder, lanes, provider.GetRequiredService<ILogger<CurrentPolicies>>(), static policies => policies.WithoutRates()));

        // From no address of the settings: those cannot reach loopback, and what is played uses up no share of a day.
        services.AddSingleton(provider => new CurrentSources(
            distributor.GetRequiredService<ComponentFolder>().Data, [], provider.GetRequiredService<ILogger<CurrentSources>>()));
        services.AddSingleton<SourceDayStore>().AddSingleton<Shares>();
        services.AddSingleton(provider => new Departures(
            provider.GetRequiredService<CurrentSources>(), provider.GetRequiredService<Shares>(), new RouteSettings { Mode = DeliveryMode.Capture }));
        services.AddSingleton(_ => new SmtpDialer(
            smtp with { Sources = [] }, smtp.HeloName.Length > 0 ? smtp.HeloName : distributor.GetRequiredService<ServerSettings>().HostName, clock));
        services.AddSingleton(_ => new LaneLimits(CurrentPolicies.Read(Path.Combine(Folder, CurrentPolicies.FileName), lanes, out var _), lanes));
        services.AddSingleton<PlayedStage>().AddSingleton<RehearsalReporting>();
        services.AddSingleton(_ => new RehearsalFile(database));
        services.AddSingleton<RehearsalRoutes>().AddSingleton<MailRoutes>(provider => provider.GetRequiredService<RehearsalRoutes>());
        services.AddSingleton<DeliveryStore>().AddSingleton<RecipientStore>().AddSingleton<TallyStore>();
        services.AddSingleton<Courses>().AddSingleton<QueueSignal>().AddSingleton<LaneTroubles>().AddSingleton<Paces>();
        services.AddSingleton(_ => new LaneFigures(Meter)).AddSingleton(provider => new LaneBoard(
            provider.GetRequiredService<Paces>(), provider.GetRequiredService<TallyStore>(), provider.GetRequiredService<Departures>(), Meter));
        services.AddSingleton<LaneStateStore>().AddSingleton<LaneHolds>();
        services.AddSingleton(_ => new RateLimit(0, clock)).AddSingleton(new ListservSettings()).AddSingleton<ListservJobs>().AddSingleton<Messages>().AddSingleton<LaneParts>();
        services.AddSingleton<HostNumbers>().AddSingleton<JournalWorker>().AddSingleton<IHostedService>(provider => provider.GetRequiredService<JournalWorker>());
        services.AddSingleton(new GroupSettings()).AddSingleton(provider => ActivatorUtilities.CreateInstance<StoreGroup>(provider, "rehearsal"));
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<StoreGroup>());
        services.AddSingleton<IHostedService, SweepWorker>();
        services.AddSingleton<IHostedService, LanesWorker>();
        return services.BuildServiceProvider();
    }
}
