// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using Tutti.Contracts.Hub.V1;
using Tutti.Contracts.Lui.Control.V1;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Outcomes;
using Tutti.Wiring.Transport;

namespace Tutti.Lui.Components;

/// <summary>HUB has another server now: LUI dials it there, if it is the same HUB.</summary>
internal sealed class FollowHub(Peers peers, LinkKeyStore keys, ServerConfiguration server, TimeProvider clock)
{
    public async Task<Outcome<PeerAddress>> Handle(PeerAddress there, CancellationToken cancellationToken)
    {
        using var patience = new Patience(clock, cancellationToken);
        try
        {
            // What an installation has in common, and nobody else knows, are its link keys.
            var theirs = await new Registry.RegistryClient(peers.Dial(there.Host, there.Port)).GetLinkKeysAsync(new LinkKeysRequest(), cancellationToken: patience.Token);
            foreach (var key in theirs.Keys)
            {
                if (await keys.Find((int)key.Id, cancellationToken) is { } known && !known.AsSpan().SequenceEqual(key.Secret.Span))
                {
                    return new Refusal(RefusalKind.Conflict, "hub.another", $"The hub at {there.Host}:{there.Port} is the one of another installation: its link keys are not ours. Nothing was changed.");
                }
            }
        }
        catch (RpcException problem) when (!cancellationToken.IsCancellationRequested)
        {
            return new Refusal(RefusalKind.Unavailable, "hub.silent", $"The hub at {there.Host}:{there.Port} {PeerWords.Of(problem)}. Start it there first. Nothing was changed.");
        }

        server.FollowHub(there);
        return there;
    }
}

/// <summary>Takes the word of the person who owns home.</summary>
internal sealed class FollowHubService(FollowHub follow) : HubAddress.HubAddressBase
{
    /// <inheritdoc/>
    public override async Task<FollowReply> Follow(FollowRequest request, ServerCallContext context) =>
        (await follow.Handle(new PeerAddress(request.Host, (int)request.Port), context.CancellationToken)).Is(out _, out var refusal)
            ? new FollowReply()
            : throw RefusedCall.Of(refusal);
}
