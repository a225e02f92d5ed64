// SPDX-License-Identifier: Apache-2.0
using Google.Protobuf;
using Grpc.Core;
using Tutti.Contracts.Hub.V1;

namespace Tutti.Hub.Components;

/// <summary>The door through which the components ask who belongs to the installation, and for its link keys.</summary>
internal sealed class RegistryService(ServerStore servers, LinkKeyStore keys) : Registry.RegistryBase
{
    /// <inheritdoc/>
    public override async Task<RegisterReply> Register(Component request, ServerCallContext context)
    {
        if (Uri.CheckHostName(request.Host) == UriHostNameType.Unknown || request.InternalPort is 0 or > ushort.MaxValue)
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument, "A component registers with the host name and the internal port under which it is reached."));
        }

        await servers.Add(request.Host, (int)request.InternalPort, context.CancellationToken);
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
                from server in known
                from component in server.Components
                select new Component
                {
                    Name = component.Name,
                    Host = server.Host,
                    InternalPort = (uint)server.Port,
                    TrackerPort = (uint)component.TrackerPort,
                    PublicUrl = component.PublicUrl,
                    Version = server.Version ?? "",
                },
            },
        };
    }

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
