// SPDX-License-Identifier: Apache-2.0
using System.Data.Common;
using Dapper;
using Tutti.Lui.Files;
using Tutti.Lui.Jobs;
using Tutti.Lui.Jobs.Codes;
using Tutti.Mail.Composing;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Attachments;

/// <summary>The files of jobs' messages; their bytes lie in <see cref="StoredFileStore"/>.</summary>
internal sealed class JobFileStore(Database database)
{
    private const string Columns = "id, job_id AS JobId, name, content_type AS ContentType, digest, size, content_id AS ContentId, danger, by_id AS ById, by_name AS ByName, added_at AS AddedAt";

    /// <summary>The files of a job, in the order in which they were added.</summary>
    public async Task<IReadOnlyList<JobFile>> List(long jobId, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        return [.. (await connection.QueryAsync<Row>(new CommandDefinition(
            $"SELECT {Columns} FROM job_file WHERE job_id = @jobId ORDER BY id", new { jobId }, cancellationToken: cancellationToken))).Select(row => row.ToFile())];
    }

    /// <summary>The same within a transaction that has locked the job.</summary>
    public static async Task<IReadOnlyList<JobFile>> List(DbTransaction transaction, long jobId, CancellationToken cancellationToken) =>
        [.. (await transaction.Connection!.QueryAsync<Row>(new CommandDefinition(
            $"SELECT {Columns} FROM job_file WHERE job_id = @jobId ORDER BY id", new { jobId }, transaction, cancellationToken: cancellationToken))).Select(row => row.ToFile())];

    /// <summary>Adds a file; its number.</summary>
    public static async Task<long> Add(DbTransaction transaction, JobFile file, CancellationToken cancellationToken)
    {
        var id = await NumberSequence.Next(transaction, NumberSequence.File, cancellationToken);
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO job_file (id, job_id, name, content_type, digest, size, content_id, danger, by_id, by_name, added_at)
            VALUES (@id, @JobId, @Name, @ContentType, @Digest, @Size, @ContentId, @danger, @byId, @byName, @at)
            """,
            new
            {
                id,
                file.JobId,
                file.File.Name,
                file.File.ContentType,
                file.File.Digest,
                file.File.Size,
                file.File.ContentId,
                danger = file.Danger is { } danger ? Words.Of(danger) : null,
                byId = file.By.Id,
                byName = file.By.Name,
                at = file.At.ToUnixTimeMilliseconds(),
            },
            transaction,
            cancellationToken: cancellationToken));
        return id;
    }

    /// <summary>Takes a file out of a job.</summary>
    public static Task Remove(DbTransaction transaction, long id, CancellationToken cancellationToken) => transaction.Connection!.ExecuteAsync(new CommandDefinition(
        "DELETE FROM job_file WHERE id = @id", new { id }, transaction, cancellationToken: cancellationToken));

    /// <summary>Takes all out of a job that is deleted, and out of its test deliveries.</summary>
    public static Task Forget(DbTransaction transaction, long jobId, CancellationToken cancellationToken) => transaction.Connection!.ExecuteAsync(new CommandDefinition(
        """
        DELETE FROM job_file WHERE job_id = @jobId;
        DELETE FROM delivery_file WHERE delivery_id IN (SELECT id FROM delivery WHERE job_id = @jobId)
        """,
        new { jobId },
        transaction,
        cancellationToken: cancellationToken));

    /// <summary>Notes what a delivery carries, within the transaction that starts it.</summary>
    public static Task Carry(DbTransaction transaction, long deliveryId, IEnumerable<MessageFile> files, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "INSERT INTO delivery_file (delivery_id, digest) VALUES (@deliveryId, @Digest) ON CONFLICT (delivery_id, digest) DO NOTHING",
            files.Select(file => new { deliveryId, file.Digest }).ToList(),
            transaction,
            cancellationToken: cancellationToken));

    private sealed class Row
    {
        public long Id { get; init; }

        public long JobId { get; init; }

        public string Name { get; init; } = "";

        public string ContentType { get; init; } = "";

        public string Digest { get; init; } = "";

        public long Size { get; init; }

        public string? ContentId { get; init; }

        public string? Danger { get; init; }

        public string ById { get; init; } = "";

        public string ByName { get; init; } = "";

        public long AddedAt { get; init; }

        public JobFile ToFile() => new(
            Id,
            JobId,
            new MessageFile(Name, ContentType, Digest, Size, ContentId),
            Danger is not null && Words.TryTo<FileDanger>(Danger, out var danger) ? danger : null,
            new Actor(ById, ByName),
            DateTimeOffset.FromUnixTimeMilliseconds(AddedAt));
    }
}
