// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Builder;
using Tutti.Trk.Feed;
using Tutti.Trk.Outages;
using Tutti.Trk.Publications;
using Tutti.Trk.PublicPages;
using Tutti.Trk.Replacements;
using Tutti.Trk.Spool;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Hosting;

namespace Tutti.Trk;

/// <summary>The tracker: answers opens, clicks and unsubscribes as soon as they are on its disk, and hands them over when it can.</summary>
public sealed class Tracker : IComponent
{
    /// <inheritdoc/>
    public static string Name => "trk";

    /// <inheritdoc/>
    public static IReadOnlyList<Door> Doors { get; } = [new(Listener.TrackerWeb, "/"), new(Listener.Tracker, "/tutti.trk.v1."), new(Listener.Internal, "/tutti.trk.replacement.v1.")];

    /// <summary>A tracker that knows published links keeps them alive in every mailbox, also while no other component can reach it.</summary>
    public static bool ServesWithoutCorridor(ComponentFolder folder) => TrackerFile.HasPublications(folder);

    /// <inheritdoc/>
    public static void Add(WebApplicationBuilder builder) => builder
        .AddSpool()
        .AddPublications()
        .AddOutages()
        .AddPublicPages()
        .AddFeed()
        .AddReplacements();

    /// <inheritdoc/>
    public static void Map(WebApplication app)
    {
        app.UsePublicPages();
        app.UseRouting();
        app.MapPublications()
            .MapFeed()
            .MapReplacements()
            .MapOtherPages();
    }
}
