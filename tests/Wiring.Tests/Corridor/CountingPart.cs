// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Hosting;

namespace Tutti.Wiring.Tests.Corridor;

/// <summary>A tracker of the test's own on every port: counts what reaches it.</summary>
internal sealed class CountingPart : IComponent
{
    private static readonly ConcurrentDictionary<string, int> _calls = new(StringComparer.Ordinal);

    public static string Name => "trk";

    public static IReadOnlyList<Door> Doors { get; } = [new(Listener.TrackerWeb, "/"), new(Listener.Tracker, "/tutti.trk.v1."), new(Listener.Internal, "/tutti.trk.v1.")];

    /// <summary>How many requests came through to the component of a home.</summary>
    public static int CallsOf(HomeFolder home) => _calls.GetValueOrDefault(home.Component(Name).Path);

    public static bool ServesWithoutCorridor(ComponentFolder folder) => File.Exists(Path.Combine(folder.Data, "links"));

    public static void Add(WebApplicationBuilder builder)
    {
    }

    public static void Map(WebApplication app) => app.Map("{**path}", async (HttpContext context, ComponentFolder folder) =>
    {
        _calls.AddOrUpdate(folder.Path, 1, static (_, count) => count + 1);

        // A call that stays open until the caller ends it.
        if (context.Request.Path.Value!.EndsWith("/Stream", StringComparison.Ordinal))
        {
            await context.Response.Body.WriteAsync("start"u8.ToArray(), context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            var buffer = new byte[16];
            while (await context.Request.Body.ReadAsync(buffer, context.RequestAborted) is > 0 and var read)
            {
                await context.Response.Body.WriteAsync(buffer.AsMemory(0, read), context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
            }

            return;
        }

        await context.Response.WriteAsync("served");
    });
}
