// SPDX-License-Identifier: Apache-2.0
using System.Collections;
using System.Security.Authentication;
using Grpc.Core;
using Tutti.Contracts.Server.V1;
using Tutti.Testing;
using Tutti.Testing.Server;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Corridor;
using Tutti.Wiring.Corridor.Calling;
using Tutti.Wiring.Transport;

namespace Tutti.Wiring.Tests.Corridor;

/// <summary>Whom a secured server calls and whom it does not; each with one good call at its end, to itself under its own name.</summary>
public sealed class OutgoingTests : IDisposable
{
    private readonly World _world = new();

    public void Dispose() => _world.Dispose();

    public static TheoryData<string, string, string> Refused => new()
    {
        { "of another authority", "tls.untrusted", "CN=CA B" },
        { "signed by itself", "tls.self-signed", "not among the trusted roots" },
        { "expired", "tls.expired", "the clock here says" },
        { "not yet valid", "tls.not-yet-valid", "the clock here says" },
        { "for another name", "tls.name-mismatch", "names=old.tutti.test: the server answered with a certificate for another name" },
        { "with a wildcard only", "tls.no-name", "*.tutti.test" },
        { "with the address only", "tls.no-name", "names no host" },
        { "for callers only", "tls.purpose", "serverAuth" },
        { "below an intermediate that was left out", "tls.untrusted", "CN=Int" },
        { "outside of permitted names", "tls.untrusted", "name constraints" },
    };

    [Theory]
    [Trait("Row", "C-2.2.0.1")]
    [Trait("Row", "C-2.2.0.3")]
    [Trait("Row", "C-2.2.0.15")]
    [Trait("Row", "C-2.2.0.17")]
    [Trait("Row", "B-14")]
    [Trait("Row", "B-16")]
    [Trait("Row", "B-18")]
    [MemberData(nameof(Refused))]
    public async Task A_server_that_is_not_who_was_dialled_is_sent_nothing(string which, string code, string reason)
    {
        await using var server = await _world.Secure().Start();
        using var peers = PeersOf(server);
        foreach (var protocol in (SslProtocols[])[SslProtocols.Tls13, SslProtocols.Tls12])
        {
            await using var other = ScriptedServer.Showing(Certificate(which), protocols: protocol);
            var failure = await Assert.ThrowsAsync<RpcException>(() => Ask(peers, World.Own, other.Port));

            Assert.Equal((StatusCode.Unavailable, code), (failure.StatusCode, CallRefusedException.Behind(failure)?.Code));
            await _world.Logged($"Call refused [{code}] to={World.Own}:{other.Port} (127.0.0.1)", reason);
            Assert.Equal(0, other.Received);
        }

        Assert.Equal(World.Own, (await Ask(peers, World.Own, server.InternalPort)).Host);
    }

    [Theory]
    [Trait("Row", "C-2.2.0.1")]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task A_server_that_turns_this_one_away_is_told_from_one_that_is_off(SslProtocols protocol)
    {
        await using var server = await _world.Secure().Start();
        using var peers = PeersOf(server);
        await using var other = ScriptedServer.Showing(_world.Good(World.Own), letsIn: false, protocols: protocol);

        var failure = await Assert.ThrowsAsync<RpcException>(() => Ask(peers, World.Own, other.Port));
        Assert.True(CallRefusedException.Behind(failure)?.Code == "tls.peer-refused", failure.ToString());
        await _world.Logged($"Call refused [tls.peer-refused] to={World.Own}:{other.Port} (127.0.0.1)", $"look into logs/server.log of {World.Own}");

        var off = await Assert.ThrowsAsync<RpcException>(() => Ask(peers, World.Own, FreePort.Next()));
        Assert.Null(CallRefusedException.Behind(off));
        await Ask(peers, World.Own, server.InternalPort);
    }

    [Theory]
    [Trait("Row", "C-2.1.3")]
    [InlineData("HTTP/2", "tls.plain", "without TLS")]
    [InlineData("SMTP", "tls.plain", "without TLS")]
    [InlineData("old TLS", "tls.protocol", "no TLS 1.2 or 1.3")]
    [InlineData("no suite", "tls.cipher", "in common")]
    [InlineData("end", "tls.peer-refused", "during or right after the handshake")]
    public async Task A_server_that_answers_the_hello_with_something_else_is_told_apart(string answer, string code, string reason)
    {
        await using var server = await _world.Secure().Start();
        using var peers = PeersOf(server);
        await using var other = ScriptedServer.Answering(answer switch
        {
            "HTTP/2" => [0, 0, 0, 4, 0, 0, 0, 0, 0],
            "SMTP" => "220 mail.tutti.test ESMTP\r\n"u8.ToArray(),
            "old TLS" => [0x15, 3, 1, 0, 2, 2, 70],
            "no suite" => [0x15, 3, 3, 0, 2, 2, 40],
            _ => [],
        });

        var failure = await Assert.ThrowsAsync<RpcException>(() => Ask(peers, World.Own, other.Port));
        Assert.Equal(code, CallRefusedException.Behind(failure)?.Code);
        await _world.Logged($"Call refused [{code}] to={World.Own}:{other.Port} (127.0.0.1)", reason);
        await Ask(peers, World.Own, server.InternalPort);
    }

    [Fact]
    [Trait("Row", "C-2.3.9")]
    [Trait("Row", "B-22")]
    public async Task A_called_server_whose_name_is_not_in_the_list_is_refused()
    {
        await using var server = await _world.Secure().Start();
        using var peers = PeersOf(server);
        await using var other = ScriptedServer.Showing(_world.Authority.Issue(new TestCertificate("localhost", World.Other)));

        await Assert.ThrowsAsync<RpcException>(() => Ask(peers, "localhost", other.Port));
        await _world.Logged($"Call refused [tls.name-not-allowed] to=localhost:{other.Port}", "not in SSLAllowedClients of commands/ssl.ini.");
        Assert.Equal(0, other.Received);
        await Ask(peers, World.Own, server.InternalPort);
    }

    [Fact]
    [Trait("Row", "B-14")]
    public async Task An_address_is_refused_before_it_is_dialled()
    {
        await using var server = await _world.Secure().Start();
        using var peers = PeersOf(server);
        await using var other = ScriptedServer.Showing(_world.Good(World.Own));

        var failure = await Assert.ThrowsAsync<RpcException>(() => Ask(peers, "127.0.0.1", other.Port));
        Assert.Equal("tls.name-mismatch", CallRefusedException.Behind(failure)?.Code);
        Assert.Equal(0, other.Connections);
        await Ask(peers, World.Own, server.InternalPort);
    }

    [Fact]
    [Trait("Row", "B-33")]
    public async Task A_server_that_says_nothing_is_given_up()
    {
        await using var server = await _world.Secure().Start();
        using var peers = PeersOf(server);
        await using var other = ScriptedServer.Silent();

        await Assert.ThrowsAsync<RpcException>(() => Ask(peers, World.Own, other.Port));
        await _world.Logged($"Call refused [tls.timeout] to={World.Own}:{other.Port}");
    }

    [Theory]
    [Trait("Row", "C-2.2.0.2")]
    [Trait("Row", "C-2.2.0.16")]
    [Trait("Row", "B-13")]
    [Trait("Row", "B-15")]
    [InlineData(World.Own)]
    [InlineData("TRK.Tutti.Test")]
    [InlineData("trk.tutti.test.")]
    public async Task Components_of_one_server_call_each_other_under_its_name_wherever_that_leads(string dialled)
    {
        // The name resolves nowhere on this host, and the certificate stands below an intermediate.
        await using var server = await _world.Secure(_world.Authority.Intermediate("Int").Issue(new TestCertificate(World.Own))).Start();
        using var peers = PeersOf(server);

        Assert.Equal("secured", (await Ask(peers, dialled, server.InternalPort)).Corridor.State);
        Assert.DoesNotContain(_world.LogLines(), line => line.Contains("refused [", StringComparison.Ordinal));
    }

    [Fact]
    [Trait("Row", "B-12")]
    public async Task After_a_renewal_calls_go_over_new_connections_and_a_removed_right_ends_open_ones()
    {
        await using var server = await _world.Secure().Start();
        using var peers = PeersOf(server);
        await Ask(peers, World.Own, server.InternalPort);
        var first = peers.Dial(World.Own, server.InternalPort);

        _world.WriteKeystore(_world.Good(World.Own).ToKeystore(World.Password));
        server.Process.Corridor.Reload(now: true);
        await Ask(peers, World.Own, server.InternalPort);
        Assert.NotSame(first, peers.Dial(World.Own, server.InternalPort));

        var before = server.Process.Corridor.Connections.All.ToList();
        Assert.Contains(before, open => open.Role == PeerRole.Called);
        Assert.Contains(before, open => open.Role == PeerRole.Caller);
        var another = new TestAuthority("CA B");
        _world.WriteRoots(another.Root);
        _world.WriteKeystore(another.Issue(new TestCertificate(World.Own)).ToKeystore(World.Password));
        Assert.Empty(server.Process.Corridor.Reload(now: true));
        await World.Until(() => !before.Exists(server.Process.Corridor.Connections.All.Contains), "Connections below the removed root are still open.");
        await Ask(peers, World.Own, server.InternalPort);
    }

    [Fact]
    [Trait("Row", "B-6")]
    public async Task A_probe_tells_plain_from_secured_and_from_off()
    {
        await using var secured = await _world.Secure().Start();
        using var plainWorld = new World();
        await using var plain = await plainWorld.Start();

        var found = await CorridorProbe.Ask("127.0.0.1", secured.InternalPort, TestContext.Current.CancellationToken);
        Assert.Equal((ProbedState.Secured, World.Own), (found.State, Assert.Single(found.Names)));
        Assert.Equal(ProbedState.Plain, (await CorridorProbe.Ask("localhost", plain.TrackerPort, TestContext.Current.CancellationToken)).State);
        Assert.Equal(ProbedState.Unreachable, (await CorridorProbe.Ask("localhost", FreePort.Next(), TestContext.Current.CancellationToken)).State);
        Assert.Equal(ProbedState.Unreachable, (await CorridorProbe.Ask("nobody.invalid", 1099, TestContext.Current.CancellationToken)).State);
    }

    private static Peers PeersOf(TestServer server) =>
        new(ServerConfiguration.Read(server.Home, new Hashtable()), server.Process.Corridor.Calls, TimeProvider.System);

    private static async Task<ServerStatus> Ask(Peers peers, string host, int port) =>
        await new Contracts.Server.V1.Server.ServerClient(peers.Dial(host, port)).GetStatusAsync(new StatusRequest(), cancellationToken: TestContext.Current.CancellationToken);

    private IssuedCertificate Certificate(string which)
    {
        var a = _world.Authority;
        var usual = new TestCertificate(World.Own);
        return which switch
        {
            "of another authority" => new TestAuthority("CA B").Issue(usual),
            "signed by itself" => TestAuthority.SelfSigned(usual),
            "expired" => a.Issue(usual with { From = TestCertificate.Usual.AddDays(-20), Until = TestCertificate.Usual.AddDays(-10) }),
            "not yet valid" => a.Issue(usual with { From = TestCertificate.Usual.AddDays(10), Until = TestCertificate.Usual.AddDays(20) }),
            "for another name" => a.Issue(new TestCertificate("old.tutti.test")),
            "with a wildcard only" => a.Issue(new TestCertificate("*.tutti.test")),
            "with the address only" => a.Issue(new TestCertificate { Subject = "CN=x y", Addresses = ["127.0.0.1"] }),
            "for callers only" => a.Issue(usual with { Uses = ["clientAuth"] }),
            "below an intermediate that was left out" => a.Intermediate("Int").Issue(usual) with { Intermediates = [] },
            "outside of permitted names" => a.Intermediate("Int", permittedDomain: "example.test").Issue(usual),
            _ => throw new ArgumentOutOfRangeException(nameof(which)),
        };
    }
}
