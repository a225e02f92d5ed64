// SPDX-License-Identifier: Apache-2.0
using Tutti.Hub.Audit;
using Tutti.Hub.Components;
using Tutti.Hub.Servers;
using Tutti.Wiring.Outcomes;

namespace Tutti.Hub.Distributors;

/// <summary>Pauses a lane of a distributor, or lets it go on.</summary>
internal sealed class ChangeLane(ServerStore servers, CallDistributor distributor, AuditStore audit)
{
    /// <param name="Server">HOST:PORT of the distributor's process.</param>
    /// <param name="Lane">Its name there.</param>
    /// <param name="Pause">True pauses it, false lets it go on.</param>
    /// <param name="Doer">Who asks for it.</param>
    public sealed record Command(string Server, string Lane, bool Pause, Doer Doer);

    /// <summary>The distributor has it on disk when this returns.</summary>
    public async Task<Outcome<KnownServer>> Handle(Command command, CancellationToken cancellationToken)
    {
        if ((await servers.All(cancellationToken)).FirstOrDefault(server => server.Address == command.Server && server.Components.Any(component => component.Name == "dst")) is not { } found)
        {
            return DistributorRefusals.Unknown(command.Server);
        }

        var changed = command.Pause
            ? await distributor.Hold(found, command.Lane, command.Doer.Account, cancellationToken)
            : await distributor.Release(found, command.Lane, cancellationToken);
        if (!changed.Is(out _, out var refusal))
        {
            return refusal;
        }

        await audit.Add(command.Pause ? "lane.paused" : "lane.resumed", command.Doer.Account, command.Doer.From, $"{command.Lane} at {found.Address}", cancellationToken);
        return found;
    }
}
