// SPDX-License-Identifier: Apache-2.0
using System.Data.Common;
using System.Globalization;
using Dapper;
using Tutti.Lui.Jobs;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Teams;

/// <summary>Who has an account and who works with whom, as HUB told it last.</summary>
internal sealed class PeopleStore(Database database)
{
    private const string PersonColumns = """
        id AS Id, name AS Name, display_name AS DisplayName, mail AS Mail, time_zone AS TimeZone, administrator AS Administrator, disabled AS Disabled, group_id AS GroupId
        """;

    /// <summary>Everybody, by name.</summary>
    public async Task<IReadOnlyList<Person>> All(CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition($"SELECT {PersonColumns} FROM person ORDER BY display_name, id", cancellationToken: cancellationToken));
        return [.. rows.Select(row => row.ToPerson())];
    }

    /// <summary>The others whose jobs somebody may find, by name.</summary>
    public async Task<IReadOnlyList<Person>> Colleagues(Actor who, CancellationToken cancellationToken)
    {
        var all = await All(cancellationToken);
        var own = all.FirstOrDefault(person => person.Id == who.Id);
        return [.. all.Where(person => person.Id != who.Id && (own is { Administrator: true } || person.GroupId == (own?.GroupId ?? 0)))];
    }

    /// <summary>The groups, by name.</summary>
    public async Task<IReadOnlyList<PersonGroup>> Groups(CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var rows = await connection.QueryAsync<GroupRow>(new CommandDefinition(
            "SELECT id AS Id, name AS Name, four_eyes AS FourEyes, others AS Others, late_senders AS LateSenders, evaluation AS Evaluation FROM person_group ORDER BY name", cancellationToken: cancellationToken));
        return [.. rows.Select(row => new PersonGroup(row.Id, row.Name, row.FourEyes != 0, RightOf(row.Others)) { LateSenders = row.LateSenders != 0, Evaluation = row.Evaluation != 0 })];
    }

    /// <summary>Whether all deliveries of the installation are only simulated.</summary>
    public async Task<bool> IsEvaluation(CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        return await connection.ExecuteScalarAsync<long>(new CommandDefinition("SELECT evaluation FROM installation_rule WHERE one = 1", cancellationToken: cancellationToken)) != 0;
    }

    /// <summary>Takes over what HUB says, if it differs from what is known; answers whether it did.</summary>
    public async Task<bool> Replace(IReadOnlyList<Person> people, IReadOnlyList<PersonGroup> groups, CancellationToken cancellationToken, bool evaluation = false)
    {
        if (await IsEvaluation(cancellationToken) == evaluation
            && (await All(cancellationToken)).ToHashSet().SetEquals(people) && (await Groups(cancellationToken)).ToHashSet().SetEquals(groups))
        {
            return false;
        }

        await database.Write(
            async transaction =>
            {
                var connection = transaction.Connection!;
                await connection.ExecuteAsync(new CommandDefinition(
                    "UPDATE installation_rule SET evaluation = @evaluation WHERE one = 1", new { evaluation = evaluation ? 1 : 0 }, transaction, cancellationToken: cancellationToken));
                await connection.ExecuteAsync(new CommandDefinition("DELETE FROM person_group", transaction: transaction, cancellationToken: cancellationToken));
                await connection.ExecuteAsync(new CommandDefinition("DELETE FROM person", transaction: transaction, cancellationToken: cancellationToken));
                await connection.ExecuteAsync(new CommandDefinition(
                    """
                    INSERT INTO person (id, name, display_name, mail, time_zone, administrator, disabled, group_id)
                    VALUES (@Id, @Name, @DisplayName, @Mail, @TimeZone, @Administrator, @Disabled, @GroupId)
                    """,
                    people.Select(one => new
                    {
                        one.Id,
                        one.Name,
                        one.DisplayName,
                        one.Mail,
                        one.TimeZone,
                        Administrator = one.Administrator ? 1 : 0,
                        Disabled = one.Disabled ? 1 : 0,
                        one.GroupId,
                    }),
                    transaction,
                    cancellationToken: cancellationToken));
                await connection.ExecuteAsync(new CommandDefinition(
                    "INSERT INTO person_group (id, name, four_eyes, others, late_senders, evaluation) VALUES (@Id, @Name, @FourEyes, @Others, @LateSenders, @Evaluation)",
                    groups.Select(one => new
                    {
                        one.Id,
                        one.Name,
                        FourEyes = one.FourEyes ? 1 : 0,
                        Others = Words.Of(one.Others),
                        LateSenders = one.LateSenders ? 1 : 0,
                        Evaluation = one.Evaluation ? 1 : 0,
                    }),
                    transaction,
                    cancellationToken: cancellationToken));
            },
            cancellationToken);
        return true;
    }

    /// <summary>The person of an actor; null if HUB has not told of one.</summary>
    public static async Task<Person?> Find(DbConnection connection, DbTransaction? transaction, string id, CancellationToken cancellationToken)
    {
        var row = await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition($"SELECT {PersonColumns} FROM person WHERE id = @id", new { id }, transaction, cancellationToken: cancellationToken));
        return row?.ToPerson();
    }

    /// <summary>The account whose rights a token has; null for a token that has all.</summary>
    public static Task<string?> HolderOf(DbConnection connection, DbTransaction? transaction, string actor, CancellationToken cancellationToken) =>
        long.TryParse(actor.AsSpan(Actor.TokenPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var token)
            ? connection.QuerySingleOrDefaultAsync<string?>(new CommandDefinition(
                "SELECT person_id FROM token_person WHERE token_id = @token", new { token }, transaction, cancellationToken: cancellationToken))
            : Task.FromResult<string?>(null);

    /// <summary>The right of a stored word; one that nobody knows gives nothing.</summary>
    public static StepRight RightOf(string word) => Words.TryTo<StepRight>(word, out var right) ? right : StepRight.None;

    private sealed class Row
    {
        public string Id { get; set; } = "";

        public string Name { get; set; } = "";

        public string DisplayName { get; set; } = "";

        public string Mail { get; set; } = "";

        public string TimeZone { get; set; } = "";

        public long Administrator { get; set; }

        public long Disabled { get; set; }

        public long GroupId { get; set; }

        public Person ToPerson() => new(Id, Name, DisplayName, Mail, TimeZone, Administrator != 0, Disabled != 0, GroupId);
    }

    private sealed class GroupRow
    {
        public long Id { get; set; }

        public string Name { get; set; } = "";

        public long FourEyes { get; set; }

        public string Others { get; set; } = "";

        public long LateSenders { get; set; }

        public long Evaluation { get; set; }
    }
}
