// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using Tutti.Contracts.Hub.V1;
using Tutti.Lui.Teams;

namespace Tutti.Lui.Components;

/// <summary>Makes LUI known to HUB and brings HUB's list of components and its link keys home. HUB away: what was last known counts.</summary>
internal sealed class RefreshComponents(ComponentStore components, LinkKeyStore keys, RefreshPeople people, HubCaller hub, HubContact contact, TimeProvider clock)
{
    /// <summary>Whether HUB answered, and whether what it knows suffices to send: right after a start it may not have found everybody yet.</summary>
    public async Task<(bool Answered, bool Suffices)> Handle(CancellationToken cancellationToken)
    {
        var registry = new Registry.RegistryClient(hub.Channel());
        using var patience = new Patience(clock, cancellationToken);
        try
        {
            await registry.RegisterAsync(hub.Self(), cancellationToken: patience.Token);
            var list = await registry.ListComponentsAsync(new ListComponentsRequest(), cancellationToken: patience.Token);
            await components.Replace(list.Components, cancellationToken);
            await keys.Replace(await registry.GetLinkKeysAsync(new LinkKeysRequest(), cancellationToken: patience.Token), cancellationToken);
            contact.Answered();
            await people.Handle(cancellationToken);
            return (true, list.Components.Any(one => one.Name == Component.Trackers && one.PublicUrl.Length > 0) && list.Components.Any(one => one.Name == Component.Distributors));
        }
        catch (RpcException) when (!cancellationToken.IsCancellationRequested)
        {
            contact.Missed();
            return (false, false);
        }
    }
}
