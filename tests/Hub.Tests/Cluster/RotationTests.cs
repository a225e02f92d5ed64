// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using Microsoft.Extensions.Time.Testing;
using Tutti.Contracts.Hub.Control.V1;
using Tutti.Testing;
using Tutti.Testing.Server;
using Tutti.Wiring.Certificates;
using Tutti.Wiring.Certificates.Issuing;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Hosting;
using Tutti.Wiring.Joining;
using Tutti.Wiring.Outcomes;
using HubCluster = Tutti.Contracts.Hub.Control.V1.Cluster;

namespace Tutti.Hub.Tests.Cluster;

/// <summary>Another authority in the place of an installation's own, stage by stage, at a hub that runs.</summary>
public sealed class RotationTests : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _clock = new(TimeProvider.System.GetUtcNow());
    private readonly HomeFolder _home;
    private readonly ClusterHome _files;
    private TestServer _hub = null!;

    public RotationTests()
    {
        _home = new HomeFolder(_folder.Path);
        _files = new ClusterHome(_home, new Dictionary<string, string>(), _clock);
        Directory.CreateDirectory(Path.GetDirectoryName(_home.SslIni)!);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Data => _home.Component("hub").Data;

    public async ValueTask DisposeAsync()
    {
        await _hub.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    [Trait("Row", "B-38")]
    public async Task The_old_root_is_trusted_until_every_server_has_had_a_certificate_of_the_new_one_for_a_while()
    {
        using var channel = await Start();
        var client = new HubCluster.ClusterClient(channel);
        Assert.Equal("cluster.none", await Code(() => client.RotateAsync(new RotateRequest(), cancellationToken: Stop)));
        await client.InitAsync(new InitRequest(), cancellationToken: Stop);
        var old = Roots().Single();
        Assert.Equal("cluster.not-under-way", await Code(() => client.RotateAsync(new RotateRequest { OnlyOn = true }, cancellationToken: Stop)));
        Assert.Equal("cluster.other-domain", await Code(() => client.RotateAsync(new RotateRequest { Domains = { "example.com" } }, cancellationToken: Stop)));

        var begun = await client.RotateAsync(new RotateRequest(), cancellationToken: Stop);

        Assert.Equal("settle", begun.Stage);
        Assert.Equal(_clock.GetUtcNow().AddMinutes(10).ToUnixTimeMilliseconds(), begun.UntilMs);
        Assert.Contains(old, Roots());
        Assert.Equal(2, Roots().Count);
        var young = Roots().Single(root => root != old);
        Assert.Equal(young.Replace(":", "", StringComparison.Ordinal), begun.RootFingerprint.Replace(":", "", StringComparison.Ordinal));
        Assert.Equal(young, IssuerOf(_files.Certificate!));

        _clock.Advance(TimeSpan.FromMinutes(11));
        var done = await Until(client, "done");

        Assert.Equal(begun.RootFingerprint, done.RootFingerprint);
        Assert.Equal([young], Roots());
        using var kept = CertificateAuthority.Read(Data).Value;
        Assert.Equal((young, null, null), (NewRoot.Fingerprint(kept.Root), kept.Next, kept.Previous));
        Assert.Equal(["localhost"], (await client.RenewAsync(new RenewRequest(), cancellationToken: Stop)).Renewed);
    }

    [Theory]
    [Trait("Row", "B-38")]
    [InlineData("made")]
    [InlineData("signs")]
    [InlineData("dropped")]
    public async Task Killed_between_two_stages_the_hub_goes_on_by_itself_when_it_is_back(string killedWhen)
    {
        using (var channel = await Start())
        {
            await new HubCluster.ClusterClient(channel).InitAsync(new InitRequest(), cancellationToken: Stop);
        }

        await _hub.DisposeAsync();
        using var old = CertificateAuthority.Read(Data).Value;
        using var begun = old.WithNext("Young", [], _clock.GetUtcNow());
        using var changed = begun.Changed();
        switch (killedWhen)
        {
            case "made":
                begun.Save(Data);
                break;
            case "signs":
                Assert.Null(_files.SetRoots(begun.Trusted, []));
                changed.Save(Data);
                break;
            case "dropped":
                changed.Save(Data);
                Assert.Null(_files.SetRoots(changed.Trusted, []));
                _files.InstallRenewal(changed.Sign(_files.RequestRenewal().Value, "localhost", _clock.GetUtcNow(), CertificateAuthority.CertificateLife).Value, [changed.Root]);
                Assert.Null(_files.SetRoots([changed.Root], [Convert.ToHexString(global::System.Security.Cryptography.SHA256.HashData(old.Root.RawData))]));
                break;
        }

        using var again = await Start();
        await Until(new HubCluster.ClusterClient(again), "settle");
        Assert.Equal(NewRoot.Fingerprint(changed.Root), IssuerOf(_files.Certificate!));
        _clock.Advance(TimeSpan.FromMinutes(11));
        await Until(new HubCluster.ClusterClient(again), "done");

        Assert.Equal([NewRoot.Fingerprint(changed.Root)], Roots());
    }

    [Fact]
    [Trait("Row", "B-38")]
    public async Task A_name_in_the_list_that_nobody_answers_for_keeps_the_old_root_in_use()
    {
        using var channel = await Start();
        var client = new HubCluster.ClusterClient(channel);
        await client.InitAsync(new InitRequest { AnyDomain = true }, cancellationToken: Stop);
        var first = _files.Certificate!.SerialNumber;
        Assert.Null(_files.SetAllowed(["localhost", "late.tutti.test"]));

        var waiting = await client.RotateAsync(new RotateRequest(), cancellationToken: Stop);

        Assert.Equal(("spread", "late.tutti.test"), (waiting.Stage, Assert.Single(waiting.WaitsFor).Host));
        Assert.Equal(first, _files.Certificate!.SerialNumber);
        Assert.Equal(2, Roots().Count);

        Assert.Null(_files.SetAllowed(["localhost"]));
        Assert.Equal("settle", (await client.RotateAsync(new RotateRequest { OnlyOn = true }, cancellationToken: Stop)).Stage);
        Assert.NotEqual(first, _files.Certificate!.SerialNumber);
    }

    private static async Task<string?> Code(Func<AsyncUnaryCall<RotateReply>> call) => (await Assert.ThrowsAsync<RpcException>(async () => await call())).Trailers.GetValue(RefusedCall.CodeTrailer);

    /// <summary>The hub's own looks go on with it too: whoever is first.</summary>
    private static async Task<RotateReply> Until(HubCluster.ClusterClient client, string stage)
    {
        try
        {
            var reply = await client.RotateAsync(new RotateRequest { OnlyOn = true }, cancellationToken: Stop);
            Assert.Equal(stage, reply.Stage);
            return reply;
        }
        catch (RpcException over) when (stage == "done" && over.Trailers.GetValue(RefusedCall.CodeTrailer) == "cluster.not-under-way")
        {
            return new RotateReply { Stage = "done" };
        }
    }

    private async Task<Grpc.Net.Client.GrpcChannel> Start()
    {
        // What was written there by the first one stays, but for the ports.
        var roots = File.Exists(_home.ServerIni) ? File.ReadLines(_home.ServerIni).Where(line => line.StartsWith("TrustedRoots", StringComparison.Ordinal)).Select(line => ("server", line)).ToList() : [];
        _hub = await TestServer.Start([ComponentType.Of<AdministrationHub>()], roots, _clock, _home);
        return ControlSocket.Dial(ControlSocket.PathFor(_home, []));
    }

    private List<string> Roots() =>
        [.. TrustedRoots.Read(_home, ServerConfiguration.Read(_home, new Dictionary<string, string>()).Common).Value.Certificates.Select(NewRoot.Fingerprint)];

    private string? IssuerOf(X509Certificate2 certificate) =>
        TrustedRoots.Read(_home, ServerConfiguration.Read(_home, new Dictionary<string, string>()).Common).Value.Certificates
            .Where(root => root.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData)).Select(NewRoot.Fingerprint).SingleOrDefault();
}
