// SPDX-License-Identifier: Apache-2.0
using System.Data.Common;
using Dapper;
using Tutti.Wiring.Outcomes;
using Tutti.Wiring.Storage;

namespace Tutti.Hub.Groups;

/// <summary>Keeps the groups, and which account is in which.</summary>
internal sealed class GroupStore(Database database)
{
    private const string Select = "SELECT id AS Id, name AS Name, four_eyes AS FourEyes, others AS Others, late_senders AS LateSenders, evaluation AS Evaluation, created_at AS CreatedAt FROM account_group";

    /// <summary>All groups, by name.</summary>
    public async Task<IReadOnlyList<Group>> All(CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition($"{Select} ORDER BY name_key", cancellationToken: cancellationToken));
        return [.. rows.Select(row => row.ToGroup())];
    }

    /// <summary>Keeps a group and who is in it; a number of 0 is a new one. Whoever is in it leaves the group that he or she was in before.</summary>
    /// <param name="group">The group.</param>
    /// <param name="members">The accounts that are in it from now on; nobody else is.</param>
    /// <param name="also">What else has to be written in the same transaction.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<Outcome<Group>> Save(
        Group group, IReadOnlyCollection<long> members, Func<DbTransaction, Group, Task> also, CancellationToken cancellationToken) => database.Write<Outcome<Group>>(
        async transaction =>
        {
            var connection = transaction.Connection!;
            var (newest, taken, known) = await connection.QuerySingleAsync<(long, long, long)>(new CommandDefinition(
                """
                SELECT COALESCE(MAX(id), 0), COALESCE(SUM(CASE WHEN name_key = @Key AND id <> @Id THEN 1 ELSE 0 END), 0), COALESCE(SUM(CASE WHEN id = @Id THEN 1 ELSE 0 END), 0)
                FROM account_group
                """,
                new { Key = Group.KeyOf(group.Name), group.Id },
                transaction,
                cancellationToken: cancellationToken));
            if (taken > 0)
            {
                return GroupRefusals.NameTaken(group.Name);
            }

            if (group.Id != 0 && known == 0)
            {
                return GroupRefusals.Unknown(group.Id);
            }

            var kept = group.Id == 0 ? group with { Id = newest + 1 } : group;
            await connection.ExecuteAsync(new CommandDefinition(
                """
                INSERT INTO account_group (id, name, name_key, four_eyes, others, late_senders, evaluation, created_at)
                VALUES (@Id, @Name, @Key, @FourEyes, @Others, @LateSenders, @Evaluation, @CreatedAt)
                ON CONFLICT (id) DO UPDATE
                    SET name = excluded.name, name_key = excluded.name_key, four_eyes = excluded.four_eyes, others = excluded.others,
                        late_senders = excluded.late_senders, evaluation = excluded.evaluation
                """,
                new
                {
                    kept.Id,
                    kept.Name,
                    Key = Group.KeyOf(kept.Name),
                    FourEyes = kept.FourEyes ? 1 : 0,
                    Others = WordOf(kept.Others),
                    LateSenders = kept.LateSenders ? 1 : 0,
                    Evaluation = kept.Evaluation ? 1 : 0,
                    CreatedAt = kept.CreatedAt.ToUnixTimeMilliseconds(),
                },
                transaction,
                cancellationToken: cancellationToken));
            await Empty(transaction, kept.Id, cancellationToken);
            foreach (var member in members)
            {
                await connection.ExecuteAsync(new CommandDefinition(
                    "UPDATE account SET group_id = @Id WHERE id = @member", new { kept.Id, member }, transaction, cancellationToken: cancellationToken));
            }

            await also(transaction, kept);
            return kept;
        },
        cancellationToken);

    /// <summary>Ends a group; its members are in none.</summary>
    public Task<Outcome<Group>> Delete(long id, Func<DbTransaction, Group, Task> also, CancellationToken cancellationToken) => database.Write<Outcome<Group>>(
        async transaction =>
        {
            var row = await transaction.Connection!.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
                $"{Select} WHERE id = @id", new { id }, transaction, cancellationToken: cancellationToken));
            if (row?.ToGroup() is not { } group)
            {
                return GroupRefusals.Unknown(id);
            }

            await Empty(transaction, id, cancellationToken);
            await transaction.Connection!.ExecuteAsync(new CommandDefinition("DELETE FROM account_group WHERE id = @id", new { id }, transaction, cancellationToken: cancellationToken));
            await also(transaction, group);
            return group;
        },
        cancellationToken);

    /// <summary>Whether the deliveries of the whole installation are only simulated.</summary>
    public async Task<bool> IsEvaluation(CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        return await connection.ExecuteScalarAsync<long>(new CommandDefinition("SELECT evaluation FROM installation_rule WHERE one = 1", cancellationToken: cancellationToken)) != 0;
    }

    /// <summary>Decides that.</summary>
    public Task SetEvaluation(bool on, Func<DbTransaction, Task> also, CancellationToken cancellationToken) => database.Write(
        async transaction =>
        {
            await transaction.Connection!.ExecuteAsync(new CommandDefinition(
                "UPDATE installation_rule SET evaluation = @on WHERE one = 1", new { on = on ? 1 : 0 }, transaction, cancellationToken: cancellationToken));
            await also(transaction);
        },
        cancellationToken);

    /// <summary>The word of a rule, as it is stored and told.</summary>
    public static string WordOf(OthersMay others) => others switch
    {
        OthersMay.Edit => "edit",
        OthersMay.See => "see",
        OthersMay.None => "none",
    };

    private static Task<int> Empty(DbTransaction transaction, long id, CancellationToken cancellationToken) => transaction.Connection!.ExecuteAsync(new CommandDefinition(
        "UPDATE account SET group_id = NULL WHERE group_id = @id", new { id }, transaction, cancellationToken: cancellationToken));

    private sealed class Row
    {
        public long Id { get; init; }

        public string Name { get; init; } = "";

        public int FourEyes { get; init; }

        public string Others { get; init; } = "";

        public int LateSenders { get; init; }

        public int Evaluation { get; init; }

        public long CreatedAt { get; init; }

        public Group ToGroup() => new(
            Id, Name, FourEyes != 0, Enum.GetValues<OthersMay>().First(one => WordOf(one) == Others), DateTimeOffset.FromUnixTimeMilliseconds(CreatedAt))
        {
            LateSenders = LateSenders != 0,
            Evaluation = Evaluation != 0,
        };
    }
}
