// SPDX-License-Identifier: Apache-2.0
using Tutti.Hub.Audit;
using Tutti.Hub.Servers;

namespace Tutti.Hub.Groups;

/// <summary>Decides whether the deliveries of the whole installation are only simulated.</summary>
internal sealed class SetEvaluation(GroupStore groups, AuditStore audit)
{
    public sealed record Command(bool On, Doer Doer);

    public Task Handle(Command command, CancellationToken cancellationToken) => groups.SetEvaluation(
        command.On,
        transaction => audit.Add(transaction, command.On ? "evaluation.on" : "evaluation.off", command.Doer.Account, command.Doer.From, "", cancellationToken),
        cancellationToken);
}
