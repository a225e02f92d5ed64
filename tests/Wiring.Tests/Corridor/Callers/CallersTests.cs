// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using Tutti.Contracts.Server.V1;
using Tutti.Testing;
using Tutti.Testing.Server;
using Tutti.Wiring.Corridor.Callers;
using Tutti.Wiring.Hosting;

namespace Tutti.Wiring.Tests.Corridor.Callers;

/// <summary>Who may call what: the list lets in, the hub's registry narrows. Calls go over real connections with real certificates.</summary>
[Trait("Row", "B-24")]
public sealed class CallersTests : IDisposable
{
    private const string Hub = "hub.tutti.test";
    private const string Lui = "lui.tutti.test";
    private const string Dst = "dst.tutti.test";
    private const string Dmz = "trk-dmz.tutti.test";
    private const string Several = "several.tutti.test";
    private const string Unknown = "unknown.tutti.test";
    private const string Moved = "moved.tutti.test";

    private static readonly (string Host, string[] Components)[] _registry =
        [(Hub, ["hub"]), (Lui, ["lui"]), (Dst, ["dst"]), (World.Own, ["trk"]), (Several, ["dst", "hub", "lui"])];

    private readonly World _world = new();
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly List<IDisposable> _owned = [];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _owned.ForEach(each => each.Dispose());
        _key.Dispose();
        _world.Dispose();
    }

    [Fact]
    public void Every_service_of_the_contracts_is_in_the_table()
    {
        Assert.NotEmpty(AllServices.OfTheCorridor);
        Assert.Empty(AllServices.OfTheCorridor.Select(service => service.FullName).Except(CallerTable.Services));
    }

    [Fact]
    public void All_four_kinds_of_call_are_checked()
    {
        var handlers = typeof(Interceptor).GetMethods().Where(method => method.Name.EndsWith("ServerHandler", StringComparison.Ordinal)).Select(method => method.Name).ToList();

        Assert.Equal(4, handlers.Count);
        Assert.All(handlers, name => Assert.Equal(typeof(CallerCheck), typeof(CallerCheck).GetMethod(name)!.DeclaringType));
    }

    [Fact]
    public async Task Each_service_is_open_to_the_servers_that_carry_its_callers_also_after_a_restart()
    {
        await using (var server = await Start())
        {
            // Certificates and lists are changed by the server's own hub only, from the beginning.
            foreach (var service in Told().Where(each => each.Service.FullName != "tutti.server.v1.Cluster"))
            {
                Assert.False(await IsRefused(server, Dst, service));
            }

            await _world.Logged("The hub's registry was not heard yet: until then every server in SSLAllowedClients may call everything");
            await Tell(server, Hub, 1, _registry);
            await _world.Logged("The hub's registry was heard", $"{Several}: dst, hub, lui");
            await AssertNarrowed(server);
            await _world.Logged($"Call refused [call.not-allowed] port={server.InternalPort} peer=127.0.0.1:", $"names={Dst}: tutti.dst.v1.Deliveries is open to LUI only; by the hub's registry it carries DST.");
        }

        await using var again = await Start();
        await AssertNarrowed(again);
    }

    [Fact]
    public async Task A_component_that_came_or_moved_may_call_as_soon_as_the_next_list_is_there()
    {
        await using var server = await Start();
        await Tell(server, Hub, 1, _registry);
        var submit = Method("tutti.dst.v1.Deliveries");
        var status = Method("tutti.server.v1.Server");
        Assert.True(await IsRefused(server, Dst, submit));
        Assert.True(await IsRefused(server, Moved, status));

        // The hub stands under another name now, and a User Interface was added to the distributor's server.
        await Tell(server, Moved, 2, (Moved, ["hub"]), (Dst, ["dst", "lui"]), (World.Own, ["trk"]));

        Assert.False(await IsRefused(server, Dst, submit));
        Assert.False(await IsRefused(server, Moved, status));
        Assert.True(await IsRefused(server, Hub, status));
        Assert.True(await IsRefused(server, Lui, submit));
    }

    [Fact]
    public async Task A_list_that_is_older_or_of_another_hub_or_forged_is_not_taken()
    {
        await using var server = await Start();
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await Tell(server, Hub, 7, _registry);
        var forged = Sign(_key, 9, (Dst, ["lui"]));
        forged.Content = Sign(_key, 10, (Dst, ["lui"])).Content;

        Assert.Contains("newer", (await Refused(server, Dst, Sign(_key, 6, (Dst, ["lui"])))).Detail, StringComparison.Ordinal);
        Assert.Contains("callers.json", (await Refused(server, Dst, Sign(other, 8, (Dst, ["lui"])))).Detail, StringComparison.Ordinal);
        Assert.Contains("not signed", (await Refused(server, Dst, forged)).Detail, StringComparison.Ordinal);
        Assert.True(await IsRefused(server, Dst, Method("tutti.dst.v1.Deliveries")));

        // A hub that was made anew is heard after people have said so.
        _world.Delete("conf/callers.json");
        await Client(server, Hub).TellAsync(Sign(other, 1, _registry), cancellationToken: Stop);
        Assert.True(await IsRefused(server, Dst, Method("tutti.dst.v1.Deliveries")));
        Assert.False(await IsRefused(server, Lui, Method("tutti.dst.v1.Deliveries")));
    }

    [Fact]
    public async Task Where_a_hub_let_the_server_in_the_first_list_comes_from_there()
    {
        _world.Write("conf/cluster.ini", $"Hub={Hub}\n");
        await using var server = await Start();

        var refused = await Refused(server, Dst, Sign(_key, 5, (Dst, ["hub", "lui"])));
        await Tell(server, Hub, 1, _registry);

        Assert.Equal(StatusCode.PermissionDenied, refused.StatusCode);
        Assert.Contains(Hub, refused.Detail, StringComparison.Ordinal);
        await AssertNarrowed(server);
    }

    [Fact]
    [Trait("Row", "B-22")]
    public async Task A_further_name_in_a_certificate_gives_no_further_right()
    {
        await using var server = await Start();
        await Tell(server, Hub, 1, _registry);
        var status = Method("tutti.server.v1.Server");

        // One that nobody registered does not take any away either.
        Assert.True(await IsRefused(server, [Dst, Hub], status));
        Assert.False(await IsRefused(server, [Dmz, Hub], status));
    }

    [Fact]
    public async Task On_plain_ports_nobody_is_known_and_no_list_is_taken()
    {
        await using var server = await TestServer.Start([ComponentType.Of<AllServices>()]);
        using var channel = GrpcChannel.ForAddress($"http://127.0.0.1:{server.InternalPort}");

        var refused = await Assert.ThrowsAsync<RpcException>(async () => await new Contracts.Server.V1.Callers.CallersClient(channel).TellAsync(Sign(_key, 1, _registry), cancellationToken: Stop));

        Assert.Equal(StatusCode.FailedPrecondition, refused.StatusCode);
        Assert.Equal(StatusCode.Unimplemented, (await AllServices.Call(channel, Method("tutti.dst.v1.Deliveries"))).StatusCode);
    }

    /// <summary>All services, each with all components: one row of the table after the other.</summary>
    private async Task AssertNarrowed(TestServer server)
    {
        (string Name, string[] Carries)[] peers = [.. _registry, (Unknown, [])];
        List<string> wrong = [];
        foreach (var service in Told())
        {
            var callers = CallerTable.CallersOf(service.Service.FullName);
            foreach (var (name, carries) in peers)
            {
                if (await IsRefused(server, name, service) == callers.Any(carries.Contains))
                {
                    wrong.Add($"{service.FullName} by {name}");
                }
            }
        }

        Assert.Empty(wrong);

        // Except for the one call by which a User Interface makes itself known.
        var register = Method("tutti.hub.v1.Registry", "Register");
        Assert.False(await IsRefused(server, Unknown, register));
        Assert.True(await IsRefused(server, Dst, register));
    }

    private static IEnumerable<MethodDescriptor> Told() => AllServices.OfTheCorridor.Where(service => service.FullName != CallerTable.Callers).Select(service => service.FullName == "tutti.hub.v1.Registry" ? Method(service.FullName, "GetLinkKeys") : service.Methods[0]);

    private static MethodDescriptor Method(string service, string? name = null)
    {
        var found = AllServices.OfTheCorridor.Single(each => each.FullName == service);
        return name is null ? found.Methods[0] : found.FindMethodByName(name);
    }

    private async Task<TestServer> Start()
    {
        if (!File.Exists(_world.Home.Resolve("conf/cluster.ini")))
        {
            _world.Write("conf/cluster.ini", $"Hub={Hub}\n");
        }

        _world.Secure(list: string.Join(',', World.Own, Hub, Lui, Dst, Dmz, Several, Unknown, Moved));
        return await TestServer.Start([ComponentType.Of<AllServices>()], [("server", $"HostName={World.Own}")], home: _world.Home);
    }

    private GrpcChannel Channel(int port, params string[] names)
    {
        var caller = World.Caller(_world.Authority.Issue(new TestCertificate(names)), port);
        var channel = GrpcChannel.ForAddress(caller.BaseAddress!, new GrpcChannelOptions { HttpClient = caller });
        _owned.AddRange([channel, caller]);
        return channel;
    }

    private Contracts.Server.V1.Callers.CallersClient Client(TestServer server, string name) => new(Channel(server.InternalPort, name));

    private async Task Tell(TestServer server, string by, long number, params (string Host, string[] Components)[] registry) =>
        Assert.Equal(number, (await Client(server, by).TellAsync(Sign(_key, number, registry), cancellationToken: Stop)).Number);

    private async Task<Status> Refused(TestServer server, string by, SignedCallers signed) =>
        (await Assert.ThrowsAsync<RpcException>(async () => await Client(server, by).TellAsync(signed, cancellationToken: Stop))).Status;

    private Task<bool> IsRefused(TestServer server, string name, MethodDescriptor method) => IsRefused(server, [name], method);

    private async Task<bool> IsRefused(TestServer server, string[] names, MethodDescriptor method)
    {
        var port = method.Service.FullName.StartsWith("tutti.trk.v1.", StringComparison.Ordinal) ? server.TrackerPort : server.InternalPort;
        var status = await AllServices.Call(Channel(port, names), method);
        Assert.NotEqual(StatusCode.Unavailable, status.StatusCode);
        return status.StatusCode == StatusCode.PermissionDenied;
    }

    private static SignedCallers Sign(ECDsa key, long number, params (string Host, string[] Components)[] registry)
    {
        var content = new CallerList { Number = number, Servers = { registry.Select(each => new Caller { Host = each.Host, Components = { each.Components } }) } }.ToByteArray();
        return new SignedCallers
        {
            Content = ByteString.CopyFrom(content),
            Signature = ByteString.CopyFrom(key.SignData(content, HashAlgorithmName.SHA256)),
            Key = ByteString.CopyFrom(key.ExportSubjectPublicKeyInfo()),
        };
    }
}
