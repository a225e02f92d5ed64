// SPDX-License-Identifier: Apache-2.0
using System.Data.Common;
using Dapper;
using Tutti.Lui.Jobs;
using Tutti.Lui.Jobs.Codes;
using Tutti.Lui.Teams;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Senders.Profiles;

/// <summary>Sender profiles, and who uses them.</summary>
internal sealed class SenderProfileStore(Database database)
{
    private const string Columns = "id AS Id, title AS Title, group_id AS GroupId, sender AS Sender, by_id AS ById, by_name AS ByName, saved_at AS SavedAt, version AS Version";

    /// <summary>What somebody finds, by title.</summary>
    public async Task<IReadOnlyList<SenderProfile>> List(Actor who, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var scope = await RightsReader.ScopeOf(connection, who, cancellationToken);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition($"SELECT {Columns} FROM sender_profile ORDER BY title_key, id", cancellationToken: cancellationToken));
        return [.. rows.Select(row => row.ToProfile()).Where(profile => profile.IsSeenBy(scope))];
    }

    /// <summary>Whom somebody is taken for where it is about profiles.</summary>
    public async Task<JobScope> ScopeOf(Actor who, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        return await RightsReader.ScopeOf(connection, who, cancellationToken);
    }

    /// <summary>One by its number, or null.</summary>
    public async Task<SenderProfile?> Find(long id, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        return (await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition($"SELECT {Columns} FROM sender_profile WHERE id = @id", new { id }, cancellationToken: cancellationToken)))?.ToProfile();
    }

    /// <summary>The same, held until the transaction ends: it neither changes nor goes meanwhile.</summary>
    public async Task<SenderProfile?> Hold(DbTransaction transaction, long id, CancellationToken cancellationToken) =>
        (await transaction.Connection!.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
            $"SELECT {Columns} FROM sender_profile WHERE id = @id {(database.Dialect == Dialect.Postgres ? "FOR UPDATE" : "")}", new { id }, transaction, cancellationToken: cancellationToken)))?.ToProfile();

    /// <summary>Whether another profile for the same jobs has this title.</summary>
    public static async Task<bool> IsTaken(DbTransaction transaction, SenderProfile profile, CancellationToken cancellationToken) =>
        await transaction.Connection!.ExecuteScalarAsync<long>(new CommandDefinition(
            "SELECT COUNT(*) FROM sender_profile WHERE title_key = @key AND COALESCE(group_id, -1) = @group AND id <> @Id",
            new { key = SenderProfile.KeyOf(profile.Title), group = profile.GroupId ?? -1L, profile.Id },
            transaction,
            cancellationToken: cancellationToken)) > 0;

    /// <summary>Keeps one, as new or in the place of what it was.</summary>
    public static async Task<SenderProfile> Save(DbTransaction transaction, SenderProfile profile, CancellationToken cancellationToken)
    {
        var saved = profile.Id > 0 ? profile : profile with { Id = await NumberSequence.Next(transaction, NumberSequence.SenderProfile, cancellationToken) };
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO sender_profile (id, title, title_key, group_id, sender, by_id, by_name, saved_at, version)
            VALUES (@Id, @Title, @key, @GroupId, @sender, @byId, @byName, @at, @Version)
            ON CONFLICT (id) DO UPDATE
                SET title = excluded.title, title_key = excluded.title_key, group_id = excluded.group_id, sender = excluded.sender,
                    by_id = excluded.by_id, by_name = excluded.by_name, saved_at = excluded.saved_at, version = excluded.version
            """,
            new
            {
                saved.Id,
                saved.Title,
                key = SenderProfile.KeyOf(saved.Title),
                saved.GroupId,
                sender = SenderRow.Of(saved.Sender),
                byId = saved.By.Id,
                byName = saved.By.Name,
                at = saved.At.ToUnixTimeMilliseconds(),
                saved.Version,
            },
            transaction,
            cancellationToken: cancellationToken));
        return saved;
    }

    /// <summary>Takes one away.</summary>
    public static Task Remove(DbTransaction transaction, long id, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition("DELETE FROM sender_profile WHERE id = @id", new { id }, transaction, cancellationToken: cancellationToken));

    /// <summary>The jobs whose sender it still is; those that were handed over have what it was then.</summary>
    public async Task<IReadOnlyList<ProfileUse>> Uses(long id, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        return await Uses(connection, null, id, cancellationToken);
    }

    /// <summary>How many of these jobs each profile has; those that have none are left out.</summary>
    public async Task<Dictionary<long, int>> CountUses(CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var rows = await connection.QueryAsync<(long Id, long Count)>(new CommandDefinition(
            "SELECT sender_profile, COUNT(*) FROM job WHERE sender_profile IS NOT NULL AND handed_over_at IS NULL GROUP BY sender_profile", cancellationToken: cancellationToken));
        return rows.ToDictionary(row => row.Id, row => (int)row.Count);
    }

    /// <summary>The same within a transaction that holds the profile.</summary>
    public static async Task<IReadOnlyList<ProfileUse>> Uses(DbConnection connection, DbTransaction? transaction, long id, CancellationToken cancellationToken)
    {
        var rows = await connection.QueryAsync<(string Code, string Owner, string State)>(new CommandDefinition(
            "SELECT code, owner_name, state FROM job WHERE sender_profile = @id AND handed_over_at IS NULL ORDER BY id", new { id }, transaction, cancellationToken: cancellationToken));
        return [.. rows.Select(row => new ProfileUse(row.Code, row.Owner, Words.To<JobState>(row.State)))];
    }

    /// <summary>Numbers of these jobs.</summary>
    public static async Task<IReadOnlyList<long>> JobsOf(DbTransaction transaction, long id, CancellationToken cancellationToken) =>
        [.. await transaction.Connection!.QueryAsync<long>(new CommandDefinition(
            "SELECT id FROM job WHERE sender_profile = @id AND handed_over_at IS NULL ORDER BY id", new { id }, transaction, cancellationToken: cancellationToken))];

    /// <summary>The group of somebody who owns jobs; 0 for none.</summary>
    public static Task<long> GroupOf(DbConnection connection, DbTransaction? transaction, string person, CancellationToken cancellationToken) =>
        connection.ExecuteScalarAsync<long>(new CommandDefinition("SELECT COALESCE((SELECT group_id FROM person WHERE id = @person), 0)", new { person }, transaction, cancellationToken: cancellationToken));

    /// <summary>The profiles that a job may use, by title.</summary>
    public async Task<IReadOnlyList<SenderProfile>> For(Job job, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var group = await GroupOf(connection, null, job.Owner.Id, cancellationToken);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(
            $"SELECT {Columns} FROM sender_profile WHERE group_id IS NULL OR group_id = @group ORDER BY title_key, id", new { group }, cancellationToken: cancellationToken));
        return [.. rows.Select(row => row.ToProfile())];
    }

    private sealed class Row
    {
        public long Id { get; init; }

        public string Title { get; init; } = "";

        public long? GroupId { get; init; }

        public string Sender { get; init; } = "";

        public string ById { get; init; } = "";

        public string ByName { get; init; } = "";

        public long SavedAt { get; init; }

        public long Version { get; init; }

        public SenderProfile ToProfile() => new(Id, Title, GroupId, SenderRow.Read(Sender), new Actor(ById, ByName), DateTimeOffset.FromUnixTimeMilliseconds(SavedAt), Version);
    }
}
