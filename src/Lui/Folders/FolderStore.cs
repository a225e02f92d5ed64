// SPDX-License-Identifier: Apache-2.0
using System.Data.Common;
using Dapper;
using Tutti.Lui.Jobs;
using Tutti.Lui.Jobs.Codes;
using Tutti.Lui.Teams;
using Tutti.Wiring.Outcomes;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Folders;

/// <summary>The folders of jobs.</summary>
internal sealed class FolderStore(Database database)
{
    private const string Select = "SELECT id AS Id, group_id AS GroupId, parent_id AS ParentId, name AS Name FROM job_folder";

    /// <summary>The folders that somebody finds, by name; administrators find those of all groups.</summary>
    public async Task<IReadOnlyList<Folder>> Of(Actor who, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var scope = await RightsReader.ScopeOf(connection, who, cancellationToken);
        return await Of(connection, null, scope, cancellationToken);
    }

    /// <summary>The number of jobs that somebody finds in each folder, without those in folders below; 0 stands for no folder.</summary>
    public async Task<IReadOnlyDictionary<long, long>> Counts(Actor who, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var parameters = new DynamicParameters();
        (await RightsReader.ScopeOf(connection, who, cancellationToken)).AddTo(parameters);
        var rows = await connection.QueryAsync<(long Folder, long Count)>(new CommandDefinition(
            $"SELECT COALESCE(folder_id, 0), COUNT(*) FROM job WHERE {JobScope.Condition} GROUP BY COALESCE(folder_id, 0)", parameters, cancellationToken: cancellationToken));
        return rows.ToDictionary(row => row.Folder, row => row.Count);
    }

    /// <summary>Keeps a folder; number 0 is a new one.</summary>
    /// <param name="who">Who keeps it.</param>
    /// <param name="id">The folder; 0 for a new one.</param>
    /// <param name="name">Its name, checked.</param>
    /// <param name="parent">Where it lies; null at the top.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<Outcome<Folder>> Save(Actor who, long id, string name, long? parent, CancellationToken cancellationToken) => database.Write<Outcome<Folder>>(
        async transaction =>
        {
            var connection = transaction.Connection!;
            var scope = await RightsReader.ScopeOf(connection, who, cancellationToken, transaction);
            var tree = await Of(connection, transaction, scope, cancellationToken);
            if (id != 0 && tree.All(folder => folder.Id != id))
            {
                return FolderRefusals.NotFound(id);
            }

            if (Folder.CheckPlace(tree, id, parent) is { } misplaced)
            {
                return misplaced;
            }

            var group = tree.FirstOrDefault(folder => folder.Id == (id == 0 ? parent : id))?.GroupId ?? scope.GroupId;
            if (tree.Any(folder => folder.Id != id && folder.GroupId == group && folder.ParentId == parent && string.Equals(folder.Name, name, StringComparison.OrdinalIgnoreCase)))
            {
                return FolderRefusals.NameTaken(name);
            }

            if (parent is not null && tree.First(folder => folder.Id == parent).GroupId != group)
            {
                return FolderRefusals.NotFound(parent.Value);
            }

            var number = id != 0 ? id : await NumberSequence.Next(transaction, NumberSequence.Folder, cancellationToken);
            await connection.ExecuteAsync(new CommandDefinition(
                """
                INSERT INTO job_folder (id, group_id, parent_id, name) VALUES (@number, @group, @parent, @name)
                ON CONFLICT (id) DO UPDATE SET parent_id = excluded.parent_id, name = excluded.name
                """,
                new { number, group, parent, name },
                transaction,
                cancellationToken: cancellationToken));
            return new Folder(number, group, parent, name);
        },
        cancellationToken);

    /// <summary>Takes a folder away; what lies in it goes where it lay.</summary>
    public Task<Outcome<Folder>> Delete(Actor who, long id, CancellationToken cancellationToken) => database.Write<Outcome<Folder>>(
        async transaction =>
        {
            var connection = transaction.Connection!;
            var scope = await RightsReader.ScopeOf(connection, who, cancellationToken, transaction);
            if ((await Of(connection, transaction, scope, cancellationToken)).FirstOrDefault(one => one.Id == id) is not { } folder)
            {
                return FolderRefusals.NotFound(id);
            }

            var parameters = new { id, folder.ParentId };
            await connection.ExecuteAsync(new CommandDefinition("UPDATE job SET folder_id = @ParentId WHERE folder_id = @id", parameters, transaction, cancellationToken: cancellationToken));
            await connection.ExecuteAsync(new CommandDefinition("UPDATE job_folder SET parent_id = @ParentId WHERE parent_id = @id", parameters, transaction, cancellationToken: cancellationToken));
            await connection.ExecuteAsync(new CommandDefinition("DELETE FROM job_folder WHERE id = @id", parameters, transaction, cancellationToken: cancellationToken));
            return folder;
        },
        cancellationToken);

    private static async Task<IReadOnlyList<Folder>> Of(DbConnection connection, DbTransaction? transaction, JobScope scope, CancellationToken cancellationToken) =>
        [.. (await connection.QueryAsync<Folder>(new CommandDefinition(
            $"{Select} WHERE @All = 1 OR group_id = @GroupId ORDER BY LOWER(name), id", new { All = scope.PersonId is null ? 1L : 0L, scope.GroupId }, transaction, cancellationToken: cancellationToken)))];
}
