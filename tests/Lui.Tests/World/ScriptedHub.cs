// SPDX-License-Identifier: Apache-2.0
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Tutti.Contracts.Hub.V1;
using Tutti.Contracts.Links.V1;

namespace Tutti.Lui.Tests.World;

/// <summary>A hub that lists what it is told to list.</summary>
public sealed class ScriptedHub : IAsyncDisposable
{
    private PeerHost? _host;

    public Mischief Answering { get; } = new();

    public ComponentList Listed { get; } = new();

    public LinkKeys Keys { get; } = new()
    {
        Current = 1,
        Keys = { new LinkKey { Id = 1, Secret = ByteString.CopyFrom([.. Enumerable.Range(0, 32).Select(one => (byte)one)]) } },
    };

    public List<Component> Registered { get; } = [];

    public int Port => _host!.Port;

    public static async Task<ScriptedHub> Start()
    {
        var hub = new ScriptedHub();
        hub._host = await PeerHost.Start(services => services.AddSingleton(hub), application => application.MapGrpcService<RegistryDouble>());
        return hub;
    }

    public void List(string name, int port, string publicUrl = "http://click.example/") => Listed.Components.Add(new Component
    {
        Name = name,
        Host = "localhost",
        InternalPort = (uint)port,
        TrackerPort = (uint)port,
        PublicUrl = name == "trk" ? publicUrl : "",
    });

    public async ValueTask DisposeAsync() => await _host!.DisposeAsync();

    private sealed class RegistryDouble(ScriptedHub hub) : Registry.RegistryBase
    {
        public override Task<RegisterReply> Register(Component request, ServerCallContext context) => Task.FromResult(hub.Answering.Play(() =>
        {
            hub.Registered.Add(request);
            return new RegisterReply();
        }));

        public override Task<ComponentList> ListComponents(ListComponentsRequest request, ServerCallContext context) =>
            Task.FromResult(hub.Answering.Play(() => hub.Listed));

        public override Task<LinkKeys> GetLinkKeys(LinkKeysRequest request, ServerCallContext context) =>
            Task.FromResult(hub.Answering.Play(() => hub.Keys));
    }
}
