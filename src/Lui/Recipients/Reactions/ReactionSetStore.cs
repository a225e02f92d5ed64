// SPDX-License-Identifier: Apache-2.0
using Dapper;
using Tutti.Lui.Jobs;
using Tutti.Lui.Recipients.Columns;
using Tutti.Lui.Teams;
using Tutti.Lui.Tracking.Types;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Recipients.Reactions;

/// <summary>Reads who reacted to a job's message, and how.</summary>
internal sealed class ReactionSetStore(Database database)
{
    private const string Accepted = "EXISTS (SELECT 1 FROM outcome WHERE outcome.job_id = @job AND outcome.recipient_id = recipient.id AND outcome.fate = 1)";

    /// <summary>The columns of those who belong to a set, in the order of the job's recipients, as one moment shows them. One row at a time is in memory.</summary>
    public async IAsyncEnumerable<string> Fields(
        Delivery.Delivery delivery, ReactionSet set, int? permission, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        await using var reader = await connection.ExecuteReaderAsync(new CommandDefinition(
            $"SELECT recipient.fields FROM recipient WHERE recipient.recipients_id = @RecipientsId AND {WhereOf(set, permission)} ORDER BY recipient.id",
            new { job = delivery.Id, delivery.RecipientsId, link = set.Link ?? "" },
            commandTimeout: 3600,
            cancellationToken: cancellationToken));
        while (await reader.ReadAsync(cancellationToken))
        {
            yield return reader.GetString(0);
        }
    }

    /// <summary>How many belong to a set now.</summary>
    public async Task<long> Count(Delivery.Delivery delivery, ReactionSet set, int? permission, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        return await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            $"SELECT COUNT(*) FROM recipient WHERE recipient.recipients_id = @RecipientsId AND {WhereOf(set, permission)}",
            new { job = delivery.Id, delivery.RecipientsId, link = set.Link ?? "" },
            cancellationToken: cancellationToken));
    }

    /// <summary>The aliases and then the targets of a job's tracked links, each once, in the order of the message.</summary>
    public async Task<IReadOnlyList<string>> Links(long jobId, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        return (await connection.QueryAsync<string>(new CommandDefinition(
            """
            SELECT name FROM (
                SELECT alias AS name, 0 AS sort, MIN(number) AS place FROM delivery_link WHERE delivery_id = @jobId AND alias <> '' GROUP BY alias
                UNION ALL
                SELECT target AS name, 1 AS sort, MIN(number) AS place FROM delivery_link WHERE delivery_id = @jobId GROUP BY target) AS named
            ORDER BY sort, place
            """,
            new { jobId },
            cancellationToken: cancellationToken))).AsList();
    }

    /// <summary>Jobs that have begun and that somebody finds, the newest first.</summary>
    public async Task<IReadOnlyList<(long Id, string Code, string Title, JobTracking Tracking)>> Jobs(int take, Actor viewer, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var parameters = new DynamicParameters(new { take });
        (await RightsReader.ScopeOf(connection, viewer, cancellationToken)).AddTo(parameters);
        var rows = await connection.QueryAsync<(long Id, string Code, string Title, string Tracking)>(new CommandDefinition(
            $"""
            SELECT job.id, job.code, job.title, delivery.tracking FROM job
            JOIN delivery ON delivery.id = job.id WHERE {JobScope.Condition} ORDER BY job.id DESC LIMIT @take
            """,
            parameters,
            cancellationToken: cancellationToken));
        return [.. rows.Select(row => (row.Id, row.Code, row.Title, Words.To<JobTracking>(row.Tracking)))];
    }

    private string WhereOf(ReactionSet set, int? permission)
    {
        var reacted = set.Kind switch
        {
            ReactionKind.Got => null,
            ReactionKind.Opened => "kind IN (1, 2)",
            ReactionKind.Clicked => "kind = 2",
            ReactionKind.ClickedLink => "kind = 2 AND link IN (SELECT number FROM delivery_link WHERE delivery_id = @job AND (target = @link OR (alias <> '' AND alias = @link)))",
        };
        var no = set.Not ? "NOT " : "";

        // Of those who do not permit it nobody knows what they did, nor what they did not.
        var known = permission is { } column ? $" AND {Permission.Sql(FieldSql.Of(database.Dialect, column))}" : "";
        return reacted is null
            ? no + Accepted
            : $"{Accepted} AND recipient.id {no}IN (SELECT recipient_id FROM tracker_event WHERE job_id = @job AND recipient_id IS NOT NULL AND {reacted}){known}";
    }
}
