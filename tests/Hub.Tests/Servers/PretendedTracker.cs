// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Tutti.Wiring.Hosting;

namespace Tutti.Hub.Tests.Servers;

/// <summary>A component that only says how much it still has to do.</summary>
internal sealed class PretendedTracker : IComponent
{
    /// <summary>What every one of them says.</summary>
    public static long Unfetched { get; set; }

    /// <summary>What tells the data of all of them from others'; empty: nothing does.</summary>
    public static string StoreId { get; set; } = "";

    public static string Name => "trk";

    public static IReadOnlyList<Door> Doors { get; } = [new(Listener.Tracker, "/tutti.trk.v1.")];

    public static void Add(WebApplicationBuilder builder) => builder.Services.AddSingleton<IStatusSource, Figures>();

    public static void Map(WebApplication app)
    {
        // It answers nothing of its own.
    }

    private sealed class Figures : IStatusSource
    {
        public ValueTask<ComponentReport> Report(CancellationToken cancellationToken) =>
            ValueTask.FromResult(new ComponentReport(true, [], [new Figure("Events not fetched yet", Unfetched, IsUnfinished: true), new Figure("Events stored", 7)], "http://click.example", StoreId));
    }
}
