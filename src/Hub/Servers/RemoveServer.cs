// SPDX-License-Identifier: Apache-2.0
using Tutti.Hub.Audit;
using Tutti.Hub.Cluster;
using Tutti.Hub.Components;
using Tutti.Wiring.Outcomes;

namespace Tutti.Hub.Servers;

/// <summary>A server that belongs to the installation no more.</summary>
/// <param name="Server">As it was, with the work that was given up.</param>
/// <param name="Notes">What people should know of it.</param>
internal sealed record RemovedServer(KnownServer Server, IReadOnlyList<string> Notes);

/// <summary>Takes a server out of the installation. What it still has to do would be lost with it, so that is refused unless people insist.</summary>
internal sealed class RemoveServer(ServerStore servers, OwnProcesses own, AskServer ask, ShortenList shorten, HandDownCallers callers, AuditStore audit)
{
    public sealed record Command(string Address, bool Force, Doer Who);

    /// <summary>Takes it out. Killed in between, the same again completes it.</summary>
    public async Task<Outcome<RemovedServer>> Handle(Command command, CancellationToken cancellationToken)
    {
        if (!(await Find(command.Address, cancellationToken)).Is(out var server, out var refusal))
        {
            return refusal;
        }

        if (own.Addresses.Any(one => one.Port == server.Port && string.Equals(one.Host, server.Host, StringComparison.OrdinalIgnoreCase)))
        {
            return ServerRefusals.Own(server);
        }

        // What counts is how it is now, not when it was asked last.
        var answers = await ask.Handle(server.Host, server.Port, cancellationToken);
        if (!(await Find(server.Address, cancellationToken)).Is(out server, out refusal))
        {
            return refusal;
        }

        if (answers && server.Components.Any(component => component is { Name: "lui", State: "running" }))
        {
            return ServerRefusals.UserInterfaceRuns(server);
        }

        // What has moved to another server is not lost with this one. One that never answered has nothing that anybody waits for.
        var others = (await servers.All(cancellationToken)).Where(other => other.Address != server.Address).SelectMany(other => other.Components).Select(component => component.StoreId).ToHashSet();
        server = server with { Components = [.. server.Components.Where(component => component.StoreId.Length == 0 || !others.Contains(component.StoreId))] };
        if (!command.Force && !answers && server.SeenAt is not null && server.Components.Count > 0)
        {
            return ServerRefusals.Silent(server);
        }

        if (!command.Force && server.UnfinishedWork.Count > 0)
        {
            return ServerRefusals.Unfinished(server);
        }

        // First nobody lets it in any more, then nobody knows it.
        var notes = await shorten.Handle(server, cancellationToken);
        await servers.Remove(server.Host, server.Port, cancellationToken);
        await callers.Handle(cancellationToken);
        await audit.Add(
            "server.removed",
            command.Who.Account,
            command.Who.From,
            server.UnfinishedWork.Count == 0 ? server.Address : $"{server.Address}, given up: {string.Join("; ", server.UnfinishedWork)}",
            cancellationToken);
        return new RemovedServer(server, notes);
    }

    /// <summary>The server that is meant; without a port the one of that host, if there is one only.</summary>
    public async Task<Outcome<KnownServer>> Find(string text, CancellationToken cancellationToken)
    {
        if (!ServerAddress.Read(text).Is(out var address, out var refusal))
        {
            return refusal;
        }

        var there = (await servers.All(cancellationToken))
            .Where(server => string.Equals(server.Host, address.Host, StringComparison.OrdinalIgnoreCase) && (address.Port is null || server.Port == address.Port))
            .ToList();
        return there switch
        {
            [] => ServerRefusals.Unknown(text),
            [var one] => one,
            _ => ServerRefusals.Ambiguous(address.Host, there.Select(server => server.Port)),
        };
    }
}
