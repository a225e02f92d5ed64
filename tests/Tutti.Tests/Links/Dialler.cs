// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Tutti.Wiring.Hosting;
using Tutti.Wiring.Transport;

namespace Tutti.Commands.Tests.Links;

/// <summary>A component that dials whom the test names.</summary>
internal sealed class Dialler : IComponent
{
    public static string Name => "hub";

    public static IReadOnlyList<Door> Doors { get; } = [new(Listener.Web, "/hub")];

    /// <summary>Whom it dials from now on.</summary>
    public static IReadOnlyList<DialledPeer> Peers { get; set; } = [];

    public static void Add(WebApplicationBuilder builder) => builder.Services.AddSingleton<IDialsPeers, Dialled>();

    public static void Map(WebApplication app)
    {
        // It answers nothing of its own.
    }

    private sealed class Dialled : IDialsPeers
    {
        ValueTask<IReadOnlyList<DialledPeer>> IDialsPeers.Dialled(CancellationToken cancellationToken) => ValueTask.FromResult(Peers);
    }
}
