// SPDX-License-Identifier: Apache-2.0
using Tutti.Hub.Audit;
using Tutti.Hub.Servers;
using Tutti.Wiring.Outcomes;

namespace Tutti.Hub.Groups;

/// <summary>Makes a group, or changes its name, rules and members.</summary>
internal sealed class SaveGroup(GroupStore groups, AuditStore audit, TimeProvider clock)
{
    /// <param name="Id">The group's number; null for a new one.</param>
    /// <param name="Name">As people read it.</param>
    /// <param name="FourEyes">Whoever edited a mail job last may not authorise it.</param>
    /// <param name="Others">What members may do in each other's mail jobs to begin with.</param>
    /// <param name="Members">The accounts that are in it.</param>
    /// <param name="Doer">Who asks for it.</param>
    public sealed record Command(long? Id, string Name, bool FourEyes, OthersMay Others, IReadOnlyCollection<long> Members, Doer Doer)
    {
        /// <summary>Whether changes of a sender profile count for mail jobs that were authorised before.</summary>
        public bool LateSenders { get; init; }

        /// <summary>Whether deliveries of its members' mail jobs are only simulated.</summary>
        public bool Evaluation { get; init; }
    }

    public async Task<Outcome<Group>> Handle(Command command, CancellationToken cancellationToken)
    {
        var bare = new Group(command.Id ?? 0, "", FourEyes: false, OthersMay.Edit, clock.GetUtcNow());
        return bare.Describe(command.Name, command.FourEyes, command.Others).Is(out var group, out var refusal)
            ? await groups.Save(
                group with { LateSenders = command.LateSenders, Evaluation = command.Evaluation },
                command.Members,
                (transaction, kept) => audit.Add(
                    transaction, command.Id is null ? "group.created" : "group.changed", command.Doer.Account, command.Doer.From, kept.Name, cancellationToken),
                cancellationToken)
            : refusal;
    }
}
