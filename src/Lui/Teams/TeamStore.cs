// SPDX-License-Identifier: Apache-2.0
using System.Data.Common;
using Dapper;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Teams;

/// <summary>What owners decided about who may do what with their jobs.</summary>
internal sealed class TeamStore(Database database)
{
    /// <summary>Who was given rights of their own, by account.</summary>
    public async Task<IReadOnlyDictionary<string, StepRights>> Of(long jobId, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var rows = await connection.QueryAsync<(string Person, string Rights)>(new CommandDefinition(
            "SELECT person_id, rights FROM job_member WHERE job_id = @jobId", new { jobId }, cancellationToken: cancellationToken));
        return rows.ToDictionary(row => row.Person, row => StepRights.FromLetters(row.Rights));
    }

    /// <summary>Decides for somebody; null: as the group's rule says.</summary>
    public static Task<int> Set(DbTransaction transaction, long jobId, string person, StepRights? rights, CancellationToken cancellationToken) => rights is null
        ? transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "DELETE FROM job_member WHERE job_id = @jobId AND person_id = @person", new { jobId, person }, transaction, cancellationToken: cancellationToken))
        : transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO job_member (job_id, person_id, rights, sees) VALUES (@jobId, @person, @rights, @sees)
            ON CONFLICT (job_id, person_id) DO UPDATE SET rights = excluded.rights, sees = excluded.sees
            """,
            new { jobId, person, rights = rights.ToLetters(), sees = rights.SeesAny ? 1 : 0 },
            transaction,
            cancellationToken: cancellationToken));

    /// <summary>Gives a job the same team as another one.</summary>
    public static Task<int> Copy(DbTransaction transaction, long from, long to, CancellationToken cancellationToken) => transaction.Connection!.ExecuteAsync(new CommandDefinition(
        "INSERT INTO job_member (job_id, person_id, rights, sees) SELECT @to, person_id, rights, sees FROM job_member WHERE job_id = @from",
        new { from, to },
        transaction,
        cancellationToken: cancellationToken));
}
