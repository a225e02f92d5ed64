// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using Microsoft.Extensions.Time.Testing;
using Tutti.Contracts.Hub.Control.V1;
using Tutti.Contracts.Server.V1;
using Tutti.Hub.Tests.Servers;
using Tutti.Testing;
using Tutti.Testing.Server;
using Tutti.Wiring.Certificates;
using Tutti.Wiring.Certificates.Issuing;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Hosting;
using Tutti.Wiring.Joining;
using Tutti.Wiring.Outcomes;
using HubCluster = Tutti.Contracts.Hub.Control.V1.Cluster;
using HubServers = Tutti.Contracts.Hub.Control.V1.Servers;

namespace Tutti.Hub.Tests.Cluster;

/// <summary>The installation's own authority at a hub that runs, and what it says where there is none.</summary>
public sealed class ClusterTests
{
    private const string NoCode = "HWWP-QMJZ-9NJR-37VG-EKN8-6S21-YA0Q-BG69-677E-6KJE-EEW4-ZG6G-VVMA-NS5E";
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Row", "B-36")]
    public async Task The_hub_renews_its_own_certificate_at_two_thirds_of_its_life_and_not_before()
    {
        using var folder = new TemporaryFolder();
        var home = new HomeFolder(folder.Path);
        Directory.CreateDirectory(Path.GetDirectoryName(home.SslIni)!);
        var begin = TimeProvider.System.GetUtcNow();
        var files = new ClusterHome(home, new Dictionary<string, string>(), TimeProvider.System);
        await using (await Hub(begin))
        {
            using var channel = ControlSocket.Dial(ControlSocket.PathFor(home, []));
            await new HubCluster.ClusterClient(channel).InitAsync(new InitRequest(), cancellationToken: Stop);
        }

        var first = files.Certificate!.SerialNumber;
        await using (await Hub(begin.AddDays(59.99)))
        {
            // It looks as soon as it runs, and its status tells that it does.
            using var channel = ControlSocket.Dial(ControlSocket.PathFor(home, []));
            Assert.Empty((await new Control.ControlClient(channel).GetStatusAsync(new StatusRequest(), cancellationToken: Stop)).Components.Single().Problems);
            Assert.Equal(first, files.Certificate!.SerialNumber);
        }

        var late = begin.AddDays(60.01);
        await using (await Hub(late))
        {
            var deadline = TimeProvider.System.GetUtcNow() + _patience;
            while (files.Certificate!.SerialNumber == first)
            {
                Assert.True(TimeProvider.System.GetUtcNow() < deadline, "It is not renewed.");
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Stop);
            }
        }

        Assert.InRange(files.Certificate!.NotAfter.ToUniversalTime(), late.UtcDateTime.AddDays(89.9), late.UtcDateTime.AddDays(90.1));
        Assert.False(File.Exists(home.Resolve("conf/renewal.p12")));

        Task<TestServer> Hub(DateTimeOffset at)
        {
            // What was written there by the first one stays, but for the ports.
            var roots = File.Exists(home.ServerIni) ? File.ReadLines(home.ServerIni).Where(line => line.StartsWith("TrustedRoots", StringComparison.Ordinal)).Select(line => ("server", line)).ToList() : [];
            return TestServer.Start([ComponentType.Of<AdministrationHub>()], roots, new FakeTimeProvider(at), home);
        }
    }

    [Theory]
    [Trait("Row", "B-36")]
    [InlineData(90 * 24 * 3600, 60 * 24 * 3600)]
    [InlineData(45, 30)]
    public void A_certificate_is_due_at_two_thirds_from_its_signature(int life, int due)
    {
        // It begins five minutes before it was signed.
        var signed = new DateTimeOffset(2026, 11, 24, 8, 0, 0, TimeSpan.Zero);
        var certificate = new Hub.Cluster.IssuedCertificate("01", "trk.tutti.test", signed.AddMinutes(-5), signed.AddSeconds(life), null);

        Assert.Equal(signed.AddSeconds(due), certificate.RenewAt);
    }

    [Fact]
    [Trait("Row", "B-4")]
    [Trait("Row", "B-40")]
    public async Task Where_another_authority_secures_the_installation_a_code_brings_roots_and_list_and_the_hub_changes_no_file()
    {
        await using var hub = await TestServer.Start(
            [ComponentType.Of<AdministrationHub>()], [("server", "HostName=localhost.localdomain"), ("server", "AcceptServerOnlyCertificates=yes")]);
        await using var other = await TestServer.Start([ComponentType.Of<PretendedTracker>()], [("server", "HostName=localhost")]);
        using var channel = ControlSocket.Dial(ControlSocket.PathFor(hub.Home, []));
        var servers = new HubServers.ServersClient(channel);
        var address = $"localhost:{other.InternalPort}";
        await servers.AddAsync(new AddRequest { Address = address }, cancellationToken: Stop);

        var none = await Refused(() => servers.AddAsync(new AddRequest { Address = "new.tutti.test", Code = NoCode }, cancellationToken: Stop));
        const string List = "SSLAllowedClients=localhost.localdomain,localhost\n# ours\n";
        Directory.CreateDirectory(Path.GetDirectoryName(hub.Home.SslIni)!);
        await File.WriteAllTextAsync(hub.Home.SslIni, List, Stop);
        var trustless = await Refused(() => servers.AddAsync(new AddRequest { Address = "new.tutti.test", Code = NoCode }, cancellationToken: Stop));
        using var authority = CertificateAuthority.Create("An authority outside", [], TimeProvider.System.GetUtcNow());
        await File.WriteAllBytesAsync(hub.Home.Resolve("conf/trusted-roots.p12"), Pkcs12Writer.Write([], [new TrustedEntry("outside", authority.Root)], TrustedRoots.ShippedPassword), Stop);
        using var waiting = new WaitingServer("localhost");
        var outside = await Refused(() => servers.AddAsync(new AddRequest { Address = waiting.Address, Code = waiting.Code(JoinPurpose.Prepare) }, cancellationToken: Stop));
        var joined = await servers.AddAsync(new AddRequest { Address = waiting.Address, Code = waiting.Code(JoinPurpose.New) }, cancellationToken: Stop);
        var known = await Refused(() => servers.AddAsync(new AddRequest { Address = waiting.Address, Code = waiting.Code(JoinPurpose.New) }, cancellationToken: Stop));
        var secured = await Refused(() => new HubCluster.ClusterClient(channel).InitAsync(new InitRequest(), cancellationToken: Stop));
        await servers.RemoveAsync(new RemoveRequest { Address = waiting.Address, Force = true }, cancellationToken: Stop);
        var removed = await servers.RemoveAsync(new RemoveRequest { Address = address, Force = true }, cancellationToken: Stop);

        Assert.Equal(("cluster.none", "ssl.trust-missing", "cluster.outside", "cluster.secured", "join.name-known"), (none.Code, trustless.Code, outside.Code, secured.Code, known.Code));
        Assert.Contains("on localhost tutti cert create", outside.Words, StringComparison.Ordinal);
        Assert.Contains("SSLAllowedClients=localhost.localdomain,localhost", outside.Words, StringComparison.Ordinal);
        Assert.Equal(waiting.Address, $"{joined.Servers.Single().Host}:{joined.Servers.Single().Port}");
        Assert.Contains("tutti cert create, tutti cert request", joined.Notes[0], StringComparison.Ordinal);
        Assert.Equal([authority.Root.Thumbprint], waiting.Roots.Select(root => root.Thumbprint));
        Assert.Contains("SSLAllowedClients=localhost.localdomain,localhost\n", await File.ReadAllTextAsync(waiting.Home.SslIni, Stop), StringComparison.Ordinal);
        Assert.Contains("AcceptServerOnlyCertificates=yes\n", await File.ReadAllTextAsync(waiting.Home.ServerIni, Stop), StringComparison.Ordinal);
        Assert.Contains("The line there: SSLAllowedClients=localhost.localdomain", Assert.Single(removed.Notes), StringComparison.Ordinal);
        Assert.Equal(List, await File.ReadAllTextAsync(hub.Home.SslIni, Stop));
    }

    [Fact]
    [Trait("Row", "B-20")]
    public async Task The_certificate_that_the_hub_uses_is_renewed_before_it_can_be_revoked()
    {
        await using var hub = await TestServer.Start([ComponentType.Of<AdministrationHub>()]);
        using var channel = ControlSocket.Dial(ControlSocket.PathFor(hub.Home, []));
        var client = new HubCluster.ClusterClient(channel);
        Directory.CreateDirectory(Path.GetDirectoryName(hub.Home.SslIni)!);
        await client.InitAsync(new InitRequest(), cancellationToken: Stop);
        var files = new ClusterHome(hub.Home, new Dictionary<string, string>(), TimeProvider.System);
        var old = files.Certificate!.SerialNumber;

        var inUse = await Refused(() => client.RevokeAsync(new RevokeRequest { Which = old }, cancellationToken: Stop));
        var stranger = await Refused(() => client.RenewAsync(new RenewRequest { Host = "nobody.tutti.test" }, cancellationToken: Stop));
        var renewed = await client.RenewAsync(new RenewRequest { Host = "localhost" }, cancellationToken: Stop);
        var revoked = await client.RevokeAsync(new RevokeRequest { Which = old }, cancellationToken: Stop);
        var again = await Refused(() => client.RevokeAsync(new RevokeRequest { Which = old }, cancellationToken: Stop));
        var status = await new Control.ControlClient(channel).GetStatusAsync(new StatusRequest(), cancellationToken: Stop);

        Assert.Equal(("cluster.own-in-use", "server.unknown", "cluster.unknown"), (inUse.Code, stranger.Code, again.Code));
        Assert.Equal(["localhost"], renewed.Renewed);
        Assert.Equal([old], revoked.Serials);
        Assert.NotEqual(old, files.Certificate!.SerialNumber);
        Assert.True(File.Exists(hub.Home.Resolve("conf/crl/authority.crl")));
        Assert.Empty(status.Components.Single(component => component.Name == "hub").Problems);
    }

    private static async Task<(string? Code, string Words)> Refused<T>(Func<AsyncUnaryCall<T>> call)
    {
        var refused = await Assert.ThrowsAsync<RpcException>(async () => await call());
        return (refused.Trailers.GetValue(RefusedCall.CodeTrailer), refused.Status.Detail);
    }
}
