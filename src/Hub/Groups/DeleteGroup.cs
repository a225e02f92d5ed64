// SPDX-License-Identifier: Apache-2.0
using Tutti.Hub.Audit;
using Tutti.Hub.Servers;
using Tutti.Wiring.Outcomes;

namespace Tutti.Hub.Groups;

/// <summary>Ends a group; the accounts stay, and are in none.</summary>
internal sealed class DeleteGroup(GroupStore groups, AuditStore audit)
{
    public sealed record Command(long Id, Doer Doer);

    public Task<Outcome<Group>> Handle(Command command, CancellationToken cancellationToken) => groups.Delete(
        command.Id,
        (transaction, gone) => audit.Add(transaction, "group.deleted", command.Doer.Account, command.Doer.From, gone.Name, cancellationToken),
        cancellationToken);
}
