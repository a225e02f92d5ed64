// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using Tutti.Contracts.Hub.V1;
using Tutti.Hub.Components;
using Tutti.Testing.Server;
using Tutti.Wiring.Hosting;
using Tutti.Wiring.Storage;

namespace Tutti.Hub.Tests.Components;

public sealed class RegistryServiceTests(RunningHub hub)
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private Registry.RegistryClient Client => new(hub.Channel);

    [Fact]
    public async Task The_link_keys_are_the_same_at_every_call_and_the_current_one_is_among_them()
    {
        var first = await Client.GetLinkKeysAsync(new LinkKeysRequest(), cancellationToken: Stop);
        var second = await Client.GetLinkKeysAsync(new LinkKeysRequest(), cancellationToken: Stop);

        Assert.Contains(first.Keys, key => key.Id == first.Current && key.Secret.Length == LinkKeyStore.SecretLength);
        Assert.Equal(first, second);
    }

    [Theory]
    [InlineData("", 1099U)]
    [InlineData("two words", 1099U)]
    [InlineData("lui.example", 0U)]
    [InlineData("lui.example", 70000U)]
    public async Task A_component_that_cannot_be_reached_is_not_registered(string host, uint port)
    {
        var refused = await Assert.ThrowsAsync<RpcException>(async () =>
            await Client.RegisterAsync(new Component { Name = "lui", Host = host, InternalPort = port }, cancellationToken: Stop));

        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
        Assert.DoesNotContain(await Known(), server => server.Host == host);
    }

    [Fact]
    public async Task A_server_that_registers_is_watched_and_its_silence_is_noticed_while_its_components_stay_listed()
    {
        var other = await TestServer.Start([ComponentType.Of<AdministrationHub>()]);
        await Client.RegisterAsync(new Component { Name = "hub", Host = "127.0.0.1", InternalPort = (uint)other.InternalPort }, cancellationToken: Stop);

        await Until(server => server.Port == other.InternalPort && server.Answers && server.Components.Count == 1);
        Assert.Contains(await Listed(), component => component.InternalPort == other.InternalPort && component.Name == "hub");

        await other.DisposeAsync();
        await Until(server => server.Port == other.InternalPort && !server.Answers);
        Assert.Contains(await Listed(), component => component.InternalPort == other.InternalPort);
    }

    private async Task<IEnumerable<Component>> Listed() => (await Client.ListComponentsAsync(new ListComponentsRequest(), cancellationToken: Stop)).Components;

    private async Task<IReadOnlyList<KnownServer>> Known()
    {
        await using var database = Database.OnSqlite(hub.DatabaseFile);
        return await new ServerStore(database, TimeProvider.System).All(Stop);
    }

    private async Task Until(Predicate<KnownServer> holds)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        patience.CancelAfter(_patience);
        while (!(await Known()).Any(server => holds(server)))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, patience.Token);
        }
    }
}
