// SPDX-License-Identifier: Apache-2.0
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Tutti.Testing;
using Tutti.Testing.Server;
using Tutti.Wiring.Hosting;
using Tutti.Wiring.Tests.Corridor.Callers;

namespace Tutti.Wiring.Tests.Corridor;

/// <summary>Names are compared literally, and trust is each server's own; what is strange about a server's own settings is said at its start.</summary>
public sealed class NamesAndTrustTests : IDisposable
{
    private readonly World _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    [Trait("Row", "C-2.3.14")]
    public async Task The_list_holds_the_names_of_the_certificates_and_only_their_case_may_differ()
    {
        await using var server = await _world.Secure(list: "TRK.Tutti.test,ui,UI2.TUTTI.TEST").Start();
        using var shorter = World.Caller(_world.Good("ui.tutti.test"), server.InternalPort);
        using var upper = World.Caller(_world.Good("ui2.tutti.test"), server.InternalPort);

        await World.AssertRefused(shorter);
        await _world.Logged("[tls.name-not-allowed]", "names=ui.tutti.test: not in SSLAllowedClients");
        await World.AssertServed(upper);
    }

    [Fact]
    [Trait("Row", "C-2.2.0.6")]
    [Trait("Row", "C-2.2.0.20")]
    public async Task What_counts_are_the_roots_of_the_side_that_refuses()
    {
        var other = new TestAuthority("CA B");
        await using var server = await _world.Secure().Start();
        using var stranger = World.Caller(other.Issue(new TestCertificate(World.Other)), server.InternalPort);
        using var good = World.Caller(_world.Good(), server.InternalPort);
        await World.AssertRefused(stranger);
        await _world.Logged("[tls.untrusted]", "CN=CA B");
        await World.AssertServed(good);

        // With the other's root it comes in, and loses nothing by it who was in before.
        _world.WriteRoots(_world.Authority.Root, other.Root);
        await World.Until(
            async () =>
            {
                try
                {
                    await World.AssertServed(stranger);
                    return true;
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            },
            "The added root is not taken up.");
        await World.AssertServed(good);
    }

    [Fact]
    [Trait("Row", "C-2.2.0.14")]
    public async Task A_name_that_leads_nowhere_is_said_at_the_start_and_the_certificate_counts_all_the_same()
    {
        await using var server = await _world.Secure().Start();
        using var good = World.Caller(_world.Good(), server.InternalPort);

        await _world.Logged("wiring.server.name-leads-elsewhere", "trk.tutti.test leads");
        await World.AssertServed(good);
    }

    [Fact]
    [Trait("Row", "C-2.0.3")]
    public async Task A_tracker_port_where_no_tracker_is_has_no_effect_and_the_start_says_so()
    {
        await using var without = await TestServer.Start([ComponentType.Of<Dst>()], home: _world.Home);
        await _world.Logged("server.ini:", "TrackerPort: has no effect here: this server has no tracker.");
        using var socket = new TcpClient();
        await Assert.ThrowsAsync<SocketException>(async () => await socket.ConnectAsync("127.0.0.1", without.TrackerPort, TestContext.Current.CancellationToken));

        await using var with = await TestServer.Start([ComponentType.Of<AllServices>()]);
        Assert.DoesNotContain("no effect", await File.ReadAllTextAsync(Path.Combine(with.Home.Logs, "server.log"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    private sealed class Dst : IComponent
    {
        public static string Name => "dst";

        public static IReadOnlyList<Door> Doors { get; } = [new(Listener.Internal, "/tutti.dst.v1.")];

        public static void Add(WebApplicationBuilder builder)
        {
        }

        public static void Map(WebApplication app)
        {
        }
    }
}
