// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Builder;
using Tutti.Hub.Accounts;
using Tutti.Hub.Audit;
using Tutti.Hub.Cluster;
using Tutti.Hub.Components;
using Tutti.Hub.Distributors;
using Tutti.Hub.Groups;
using Tutti.Hub.Moves;
using Tutti.Hub.Notices;
using Tutti.Hub.Servers;
using Tutti.Hub.Shell;
using Tutti.Hub.SignIn;
using Tutti.Wiring.Hosting;
using Tutti.Wiring.Storage;

namespace Tutti.Hub;

/// <summary>The Administration Hub: accounts, sign-in, and who belongs to the installation.</summary>
public sealed class AdministrationHub : IComponent
{
    /// <inheritdoc/>
    public static string Name => "hub";

    /// <inheritdoc/>
    public static IReadOnlyList<Door> Doors { get; } = [new(Listener.Web, "/hub"), new(Listener.Internal, "/tutti.hub.v1."), new(Listener.Control, "/tutti.hub.control.v1.")];

    /// <inheritdoc/>
    public static void Add(WebApplicationBuilder builder) => builder
        .AddDatabase("hub.sqlite", typeof(AdministrationHub).Assembly)
        .AddAccounts()
        .AddGroups()
        .AddAudit()
        .AddSignIn()
        .AddComponents()
        .AddServers()
        .AddMoves()
        .AddDistributors()
        .AddCluster()
        .AddNotices()
        .AddShell();

    /// <inheritdoc/>
    public static void Map(WebApplication app) => app
        .UseShell()
        .MapSignIn()
        .MapComponents()
        .MapServers()
        .MapDistributors()
        .MapCluster()
        .MapShell();
}
