// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Builder;
using Tutti.Dst.Capture;
using Tutti.Dst.Deliveries;
using Tutti.Dst.Feed;
using Tutti.Dst.Files;
using Tutti.Dst.Journal;
using Tutti.Dst.Lanes;
using Tutti.Dst.Lanes.Policies;
using Tutti.Dst.Listserv;
using Tutti.Dst.Queue;
using Tutti.Dst.Rehearsals;
using Tutti.Dst.Returns;
using Tutti.Dst.SenderDomains;
using Tutti.Dst.Signing;
using Tutti.Dst.Smtp;
using Tutti.Dst.SourceAddresses;
using Tutti.Dst.Suppression;
using Tutti.Wiring.Hosting;
using Tutti.Wiring.Storage;

namespace Tutti.Dst;

/// <summary>The distributor: takes deliveries, sends every message once, and tells what became of each.</summary>
public sealed class Distributor : IComponent
{
    /// <summary>Where the database lies in the data folder, unless it is PostgreSQL.</summary>
    internal const string DatabaseFile = "dst.sqlite";

    /// <inheritdoc/>
    public static string Name => "dst";

    /// <inheritdoc/>
    public static IReadOnlyList<Door> Doors { get; } =
    [
        new(Listener.Internal, "/tutti.dst.v1."),
        new(Listener.Control, "/tutti.dst.control.v1."),
        new(Listener.Control, "/tutti.dst.v1.Listserv/"),
    ];

    /// <summary>The <c>lanes.ini</c> that counts as long as the distributor's folder has none of its own.</summary>
    public static string ShippedLanes => LanePolicies.Shipped;

    /// <summary>The <c>rehearsal.ini</c> that counts as long as the distributor's folder has none of its own.</summary>
    public static string ShippedRehearsal => PlayedReceivers.Shipped;

    /// <inheritdoc/>
    public static void Add(WebApplicationBuilder builder) => builder
        .AddDatabase(DatabaseFile, typeof(Distributor).Assembly)
        .AddJournal()
        .AddFeed()
        .AddSuppression()
        .AddSigning()
        .AddCapture()
        .AddListserv()
        .AddSmtp()
        .AddSourceAddresses()
        .AddReturns()
        .AddSenderDomains()
        .AddQueue()
        .AddFiles()
        .AddLanes()
        .AddRehearsals();

    /// <inheritdoc/>
    public static void Map(WebApplication app) => app
        .MapDeliveries()
        .MapFiles()
        .MapFeed()
        .MapSuppression()
        .MapListserv()
        .MapLanes()
        .MapRehearsals();
}
