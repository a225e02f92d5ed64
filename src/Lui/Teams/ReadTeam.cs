// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Jobs;

namespace Tutti.Lui.Teams;

/// <summary>Who works on a job, and what each may do.</summary>
internal sealed class ReadTeam(PeopleStore people, TeamStore teams)
{
    /// <param name="Person">Who.</param>
    /// <param name="Rights">What they may do.</param>
    /// <param name="Decided">Whether the owner decided so; else the group's rule did.</param>
    public sealed record Member(Person Person, StepRights Rights, bool Decided);

    /// <param name="Group">The owner's group; null for none.</param>
    /// <param name="Members">The others who may work on it, without the owner and without administrators.</param>
    public sealed record Team(PersonGroup? Group, IReadOnlyList<Member> Members);

    public async Task<Team> Handle(Job job, CancellationToken cancellationToken)
    {
        var everybody = await people.All(cancellationToken);
        var groupId = everybody.FirstOrDefault(person => person.Id == job.Owner.Id)?.GroupId ?? 0;
        var group = (await people.Groups(cancellationToken)).FirstOrDefault(one => one.Id == groupId);
        var decided = await teams.Of(job.Id, cancellationToken);
        var others = StepRights.All(group?.Others ?? StepRight.Edit);
        return new Team(group, [.. everybody
            .Where(person => person.GroupId == groupId && person.Id != job.Owner.Id && !person.Administrator && !person.Disabled)
            .Select(person => new Member(person, decided.GetValueOrDefault(person.Id) ?? others, decided.ContainsKey(person.Id)))]);
    }
}
