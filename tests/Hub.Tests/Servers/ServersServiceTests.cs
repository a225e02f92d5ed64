// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using Grpc.Core;
using Grpc.Net.Client;
using Tutti.Contracts.Hub.Control.V1;
using Tutti.Hub.Audit;
using Tutti.Testing;
using Tutti.Testing.Server;
using Tutti.Wiring.Hosting;
using Tutti.Wiring.Outcomes;
using Tutti.Wiring.Storage;
using HubServers = Tutti.Contracts.Hub.Control.V1.Servers;

namespace Tutti.Hub.Tests.Servers;

/// <summary>Which servers belong to the installation, as the command line asks on the control socket.</summary>
public sealed class ServersServiceTests(RunningHub hub) : IDisposable
{
    private readonly GrpcChannel _channel = ControlSocket.Dial(ControlSocket.PathFor(hub.Server.Home, []));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private HubServers.ServersClient Client => new(_channel);

    public void Dispose() => _channel.Dispose();

    [Fact]
    public async Task A_server_that_answers_is_added_with_what_it_carries_and_stands_in_list_and_audit_log()
    {
        await using var other = await Other("127.0.0.2");

        var added = await Add(Address(other, "127.0.0.2"));
        var again = await Add(Address(other, "127.0.0.2"));
        var listed = (await Client.ListAsync(new ListRequest(), cancellationToken: Stop)).Servers.Single(server => server.Port == other.InternalPort);

        var found = Assert.Single(added.Servers);
        Assert.Equal(("127.0.0.2", (uint)other.InternalPort, true), (found.Host, found.Port, found.Answers));
        Assert.Equal(["trk"], found.Components.Select(component => component.Name));
        Assert.Equal(ServerVersion.Own, found.Version);
        Assert.False(added.WasKnown);
        Assert.True(again.WasKnown);
        Assert.Equal("http://click.example", Assert.Single(listed.Components).PublicUrl);
        Assert.Equal(7, listed.Components[0].Figures["Events stored"]);
        await using var database = Database.OnSqlite(hub.DatabaseFile);
        var entry = Assert.Single(await new AuditStore(database, TimeProvider.System).Newest(100, Stop), one => one.What == "server.added" && one.Detail.Contains($"127.0.0.2:{other.InternalPort} ", StringComparison.Ordinal));
        Assert.Equal("(command line)", entry.Account);
    }

    [Theory]
    [InlineData("", "server.address")]
    [InlineData("two words", "server.address")]
    [InlineData("trk.example:port", "server.address")]
    [InlineData("trk.example:0", "server.address")]
    [InlineData("trk.example:65536", "server.address")]
    [InlineData("no-such-host.invalid:1099", "server.unknown-name")]
    public async Task What_is_no_address_is_refused(string address, string code) => Assert.Equal(code, await Refused(() => Add(address)));

    [Fact]
    public async Task Where_nothing_or_something_else_answers_nothing_is_added()
    {
        using var mute = new TcpListener(IPAddress.Loopback, 0);
        mute.Start();

        Assert.Equal("server.silent", await Refused(() => Add($"localhost:{FreePort.Next()}")));
        Assert.Equal("server.silent", await Refused(() => Add($"localhost:{((IPEndPoint)mute.LocalEndpoint).Port}")));
        Assert.Equal("server.stranger", await Refused(() => Add($"localhost:{hub.Server.Web.Port}")));
        var known = (await Client.ListAsync(new ListRequest(), cancellationToken: Stop)).Servers;
        Assert.DoesNotContain(known, server => server.Port == hub.Server.Web.Port);
    }

    [Fact]
    public async Task A_server_that_calls_itself_otherwise_and_another_hub_are_refused()
    {
        await using var other = await Other("trk.example");
        await using var second = await TestServer.Start([ComponentType.Of<AdministrationHub>()]);

        var name = await Assert.ThrowsAsync<RpcException>(() => Add($"localhost:{other.InternalPort}"));

        Assert.Equal("server.other-name", name.Trailers.GetValue(RefusedCall.CodeTrailer));
        Assert.Contains($"Add it as trk.example:{other.InternalPort}", name.Status.Detail, StringComparison.Ordinal);
        Assert.Equal("server.second-hub", await Refused(() => Add($"localhost:{second.InternalPort}")));
    }

    [Fact]
    public async Task A_server_with_unfinished_work_or_without_an_answer_goes_only_by_force()
    {
        var other = await Other("127.0.0.3");
        var address = Address(other, "127.0.0.3");
        await Add(address);
        PretendedTracker.Unfetched = 12;

        var unfinished = await Assert.ThrowsAsync<RpcException>(() => Remove(address));
        PretendedTracker.Unfetched = 0;
        await other.DisposeAsync();
        var silent = await Refused(() => Remove(address));
        var removed = await Remove(address, force: true);
        var unknown = await Refused(() => Remove(address));

        Assert.Equal("server.unfinished", unfinished.Trailers.GetValue(RefusedCall.CodeTrailer));
        Assert.Contains("trk: events not fetched yet: 12", unfinished.Status.Detail, StringComparison.Ordinal);
        Assert.Equal("server.silent-work", silent);
        Assert.Equal(["trk: events not fetched yet: 12"], removed.GivenUp);
        Assert.Equal("server.unknown", unknown);
        await using var database = Database.OnSqlite(hub.DatabaseFile);
        Assert.Contains(await new AuditStore(database, TimeProvider.System).Newest(100, Stop), entry => entry.What == "server.removed" && entry.Detail.StartsWith(address, StringComparison.Ordinal));
    }

    [Fact]
    [Trait("Row", "C-1.2.3")]
    public async Task A_second_live_copy_is_refused_while_the_first_runs_and_follows_it_when_it_has_stopped()
    {
        PretendedTracker.StoreId = "one-store";
        try
        {
            var first = await Other("127.0.0.5");
            await using var copy = await Other("127.0.0.6");
            await Add(Address(first, "127.0.0.5"));

            Assert.Equal("server.second-copy", await Refused(() => Add(Address(copy, "127.0.0.6"))));
            Assert.Equal("server.second-copy", await Refused(() => Move(Address(first, "127.0.0.5"), Address(copy, "127.0.0.6"))));
            await first.DisposeAsync();
            var moved = await Move(Address(first, "127.0.0.5"), Address(copy, "127.0.0.6"));

            Assert.Equal((Address(copy, "127.0.0.6"), "trk", false, true), (moved.To, Assert.Single(moved.Components), moved.Hot, moved.Forgotten));
            Assert.Equal("server.unknown", await Refused(() => Move(Address(first, "127.0.0.5"), Address(copy, "127.0.0.6"))));
            await Remove(Address(copy, "127.0.0.6"), force: true);
        }
        finally
        {
            PretendedTracker.StoreId = "";
        }

        async Task<MoveReply> Move(string from, string to) => await Client.MoveAsync(new MoveRequest { From = from, To = to }, cancellationToken: Stop);
    }

    [Fact]
    public async Task A_server_with_nothing_to_do_goes_without_force_and_the_hubs_own_never()
    {
        await using var other = await Other("127.0.0.4");
        await Add(Address(other, "127.0.0.4"));

        var removed = await Remove("127.0.0.4");

        Assert.Equal((uint)other.InternalPort, removed.Port);
        Assert.Empty(removed.GivenUp);
        Assert.Equal("server.own", await Refused(() => Remove($"localhost:{hub.Server.InternalPort}", force: true)));
    }

    [Fact]
    public async Task On_the_internal_port_nobody_changes_the_servers()
    {
        using var channel = GrpcChannel.ForAddress($"http://127.0.0.1:{hub.Server.InternalPort}");

        var refused = await Assert.ThrowsAsync<RpcException>(async () => await new HubServers.ServersClient(channel).ListAsync(new ListRequest(), cancellationToken: Stop));

        Assert.Equal(StatusCode.Unimplemented, refused.StatusCode);
    }

    private static Task<TestServer> Other(string host) => TestServer.Start(
        [ComponentType.Of<PretendedTracker>()], host.StartsWith("127.", StringComparison.Ordinal) ? [("server", $"Bind={host}"), ("server", $"HostName={host}")] : [("server", $"HostName={host}")]);

    private static string Address(TestServer server, string host) => $"{host}:{server.InternalPort}";

    private static async Task<string?> Refused(Func<Task> call) => (await Assert.ThrowsAsync<RpcException>(call)).Trailers.GetValue(RefusedCall.CodeTrailer);

    private async Task<AddReply> Add(string address) => await Client.AddAsync(new AddRequest { Address = address }, cancellationToken: Stop);

    private async Task<RemoveReply> Remove(string address, bool force = false) =>
        await Client.RemoveAsync(new RemoveRequest { Address = address, Force = force }, cancellationToken: Stop);
}
