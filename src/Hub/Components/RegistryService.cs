// SPDX-License-Identifier: Apache-2.0
using Google.Protobuf;
using Grpc.Core;
using Tutti.Contracts.Hub.V1;

namespace Tutti.Hub.Components;

/// <summary>The door through which the components ask who belongs to the installation, and for its link keys.</summary>
internal sealed class RegistryService(ServerStore servers, LinkKeyStore keys, AskServer ask, HandDownCallers callers) : Registry.RegistryBase
{
    /// <inheritdoc/>
    public override async Task<RegisterReply> Register(Component request, ServerCallContext context)
    {
        if (Uri.CheckHostName(request.Host) == UriHostNameType.Unknown || request.InternalPort is 0 or > ushort.MaxValue)
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument, "A component registers with the host name and the internal port under which it is reached."));
        }

        if (await servers.Add(request.Host, (int)request.InternalPort, context.CancellationToken))
        {
            // Its next calls are those of a component that is known.
            await ask.Handle(request.Host, (int)request.InternalPort, context.CancellationToken);
            await callers.Handle(context.CancellationToken);
        }

        return new RegisterReply();
    }

    /// <inheritdoc/>
    public override async Task<ComponentList> ListComponents(ListComponentsRequest request, ServerCallContext context)
    {
        var known = await servers.All(context.CancellationToken);
        return new ComponentList
        {
            Components =
            {
                from one in Living(known)
                let server = one.Server
                let component = one.Component
                select new Component
                {
                    Name = component.Name,
                    Host = server.Host,
                    InternalPort = (uint)server.Port,
                    TrackerPort = (uint)component.TrackerPort,
                    PublicUrl = component.PublicUrl,
                    Version = server.Version ?? "",
                    StoreId = component.StoreId,
                },
            },
        };
    }

    /// <summary>All components; of one that stands in the register at two addresses, because it has moved, the one that runs.</summary>
    internal static IEnumerable<(KnownServer Server, KnownComponent Component)> Living(IEnumerable<KnownServer> known) => known
        .SelectMany((server, place) => server.Components.Select(component => (Server: server, Component: component, Place: place)))
        .GroupBy(one => one.Component.StoreId.Length > 0 ? one.Component.StoreId : $"{one.Component.Name} {one.Server.Host}:{one.Server.Port}")
        .Select(same => same
            .OrderByDescending(one => one.Server.Answers && one.Component.State == "running")
            .ThenByDescending(one => one.Server.Answers && one.Component.State == "running" ? null : one.Server.SeenAt)

            // Two live copies are wrong; until one is stopped nobody may jump between them. The later one came with a move.
            .ThenByDescending(one => one.Place)
            .Select(one => (one.Server, one.Component))
            .First());

    /// <inheritdoc/>
    public override async Task<LinkKeys> GetLinkKeys(LinkKeysRequest request, ServerCallContext context)
    {
        var all = await keys.All(context.CancellationToken);
        return new LinkKeys
        {
            Current = (uint)all[^1].Id,
            Keys =
            {
                all.Select(key => new Contracts.Links.V1.LinkKey { Id = (uint)key.Id, Secret = ByteString.CopyFrom(key.Secret) }),
            },
        };
    }
}
