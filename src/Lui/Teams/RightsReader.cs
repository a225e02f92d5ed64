// SPDX-License-Identifier: Apache-2.0
using System.Data.Common;
using Dapper;
using Tutti.Lui.Jobs;
using Tutti.Wiring.Outcomes;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Teams;

/// <summary>Reads what the rule about rights needs, and asks it.</summary>
internal sealed class RightsReader(Database database)
{
    /// <summary>What somebody may do with a job.</summary>
    public async Task<JobRights> Of(Job job, Actor who, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        return await Of(connection, null, job, who, cancellationToken);
    }

    /// <summary>Whether somebody may do everything: an administrator, or a token without an account or with an administrator's.</summary>
    public async Task<bool> MayEverything(Actor who, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        return await ScopeOf(connection, who, cancellationToken) == JobScope.All;
    }

    /// <summary>The same within a transaction.</summary>
    public static async Task<JobRights> Of(DbConnection connection, DbTransaction? transaction, Job job, Actor who, CancellationToken cancellationToken)
    {
        if (await AskerOf(connection, transaction, who, cancellationToken) is not { } asker)
        {
            return JobRights.Everything;
        }

        var facts = await connection.QuerySingleAsync<Facts>(new CommandDefinition(
            """
            SELECT COALESCE((SELECT group_id FROM person WHERE id = @owner), 0) AS OwnersGroup,
                (SELECT g.others FROM person p JOIN person_group g ON g.id = p.group_id WHERE p.id = @owner) AS Others,
                (SELECT rights FROM job_member WHERE job_id = @job AND person_id = @asker) AS Granted
            """,
            new { owner = job.Owner.Id, job = job.Id, asker = asker.Id },
            transaction,
            cancellationToken: cancellationToken));
        return JobRights.Judge(
            job,
            asker,
            await PeopleStore.Find(connection, transaction, asker.Id, cancellationToken),
            facts.OwnersGroup,
            facts.Others is null ? StepRight.Edit : PeopleStore.RightOf(facts.Others),
            facts.Granted is null ? null : StepRights.FromLetters(facts.Granted));
    }

    /// <summary>Which jobs somebody finds in lists.</summary>
    public static async Task<JobScope> ScopeOf(DbConnection connection, Actor who, CancellationToken cancellationToken, DbTransaction? transaction = null)
    {
        if (await AskerOf(connection, transaction, who, cancellationToken) is not { } asker)
        {
            return JobScope.All;
        }

        var person = await PeopleStore.Find(connection, transaction, asker.Id, cancellationToken);
        if (person is { Administrator: true })
        {
            return JobScope.All;
        }

        var group = person?.GroupId ?? 0;
        var others = await connection.QuerySingleOrDefaultAsync<string?>(new CommandDefinition(
            "SELECT others FROM person_group WHERE id = @group", new { group }, transaction, cancellationToken: cancellationToken));
        return new JobScope(asker.Id, group, others is null || PeopleStore.RightOf(others) >= StepRight.See);
    }

    /// <summary>Why somebody may not turn a job into what it became; null if nothing is against it.</summary>
    public static async Task<Refusal?> Refuse(DbTransaction transaction, Job before, Job after, Actor who, CancellationToken cancellationToken) =>
        (await Of(transaction.Connection!, transaction, before, who, cancellationToken)).Refuse(before, after);

    /// <summary>Who asks, with the account behind a token; null for Tutti itself and for tokens that may do everything.</summary>
    private static async Task<Actor?> AskerOf(DbConnection connection, DbTransaction? transaction, Actor who, CancellationToken cancellationToken) => who switch
    {
        { Id: "" } => null,
        { IsToken: true } => await PeopleStore.HolderOf(connection, transaction, who.Id, cancellationToken) is { } holder ? who with { Id = holder } : null,
        _ => who,
    };

    private sealed class Facts
    {
        public long OwnersGroup { get; set; }

        public string? Others { get; set; }

        public string? Granted { get; set; }
    }
}

/// <summary>Which jobs somebody finds.</summary>
/// <param name="PersonId">Who; null for somebody who finds all.</param>
/// <param name="GroupId">Whose owners' jobs they may find; 0 for those without a group.</param>
/// <param name="SeesOthers">Whether they find these where the owner decided nothing.</param>
internal sealed record JobScope(string? PersonId, long GroupId, bool SeesOthers)
{
    /// <summary>Finds all.</summary>
    public static JobScope All { get; } = new(null, 0, SeesOthers: true);

    /// <summary>The condition in SQL, over the table job; to be joined by AND.</summary>
    public const string Condition = """
        (@ScopePerson IS NULL OR owner_id = @ScopePerson
          OR (COALESCE((SELECT group_id FROM person WHERE id = job.owner_id), 0) = @ScopeGroup
            AND COALESCE((SELECT sees FROM job_member WHERE job_id = job.id AND person_id = @ScopePerson), @ScopeOthers) = 1))
        """;

    /// <summary>Adds the condition's parameters.</summary>
    public void AddTo(DynamicParameters parameters)
    {
        parameters.Add("ScopePerson", PersonId, System.Data.DbType.String);
        parameters.Add("ScopeGroup", GroupId);
        parameters.Add("ScopeOthers", SeesOthers ? 1L : 0L);
    }
}
