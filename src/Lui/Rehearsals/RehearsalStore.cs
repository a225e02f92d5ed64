// SPDX-License-Identifier: Apache-2.0
using System.Data.Common;
using Dapper;
using Google.Protobuf;
using Tutti.Contracts.Dst.V1;
using Tutti.Lui.Jobs;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Rehearsals;

/// <summary>Rehearsals: what is fixed at their beginning, and how far they are.</summary>
internal sealed class RehearsalStore(Database database)
{
    private const string Columns =
        """
        id, job_id AS JobId, state, manner, recipients_id AS RecipientsId, planned, component_id AS ComponentId, claimed_to AS ClaimedTo, batches,
        is_sealed AS IsSealed, is_forgotten AS IsForgotten, seen, report, reason, begun_at AS BegunAt, begun_by AS BegunBy, ended_at AS EndedAt
        """;

    /// <summary>Keeps a new rehearsal with its fixed bytes. Those before it of the same job are not wanted any more.</summary>
    public static async Task Add(DbTransaction transaction, Rehearsal rehearsal, byte[] message, string plan, CancellationToken cancellationToken)
    {
        await Drop(transaction, rehearsal.JobId, cancellationToken);
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO rehearsal (id, job_id, state, manner, recipients_id, planned, message, plan, claimed_to, batches, is_sealed, is_forgotten, seen, begun_at, begun_by)
            VALUES (@Id, @JobId, @state, @Manner, @RecipientsId, @Planned, @message, @plan, 0, 0, 0, 0, @seen, @begunAt, @BegunBy)
            """,
            new
            {
                rehearsal.Id,
                rehearsal.JobId,
                state = Words.Of(rehearsal.State),
                rehearsal.Manner,
                rehearsal.RecipientsId,
                rehearsal.Planned,
                message,
                plan,
                seen = rehearsal.Seen.ToJson(),
                begunAt = rehearsal.BegunAt.ToUnixTimeMilliseconds(),
                rehearsal.BegunBy,
            },
            transaction,
            cancellationToken: cancellationToken));
    }

    /// <summary>Nobody wants the rehearsals of a job any more.</summary>
    public static Task Drop(DbTransaction transaction, long jobId, CancellationToken cancellationToken) => transaction.Connection!.ExecuteAsync(new CommandDefinition(
        "UPDATE rehearsal SET state = 'dropped' WHERE job_id = @jobId", new { jobId }, transaction, cancellationToken: cancellationToken));

    /// <summary>The rehearsal of a job, or null.</summary>
    public Task<Rehearsal?> OfJob(long jobId, CancellationToken cancellationToken) =>
        One($"SELECT {Columns} FROM rehearsal WHERE job_id = @jobId AND state <> 'dropped' ORDER BY id DESC LIMIT 1", new { jobId }, cancellationToken);

    /// <summary>A rehearsal, or null.</summary>
    public Task<Rehearsal?> Find(long id, CancellationToken cancellationToken) =>
        One($"SELECT {Columns} FROM rehearsal WHERE id = @id", new { id }, cancellationToken);

    /// <summary>Those with which something is to be done.</summary>
    public async Task<IReadOnlyList<Rehearsal>> Open(CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(
            $"SELECT {Columns} FROM rehearsal WHERE state IN ('running', 'stopping', 'dropped') OR is_forgotten = 0 ORDER BY id", cancellationToken: cancellationToken));
        return [.. rows.Select(row => row.ToRehearsal())];
    }

    /// <summary>The fixed bytes of a rehearsal.</summary>
    public async Task<(byte[] Message, string Plan)> Parts(long id, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        return await connection.QuerySingleAsync<(byte[], string)>(new CommandDefinition(
            "SELECT message, plan FROM rehearsal WHERE id = @id", new { id }, cancellationToken: cancellationToken));
    }

    /// <summary>Remembers who plays it; the first one stays.</summary>
    public Task SaveAddressee(long id, long componentId, CancellationToken cancellationToken) => Run(
        "UPDATE rehearsal SET component_id = @componentId, reason = NULL WHERE id = @id AND component_id IS NULL", new { id, componentId }, cancellationToken);

    /// <summary>Remembers that a batch is on the distributor's disk. False if another node was faster, or people stopped it.</summary>
    public async Task<bool> SaveBatch(Rehearsal rehearsal, long batches, long claimedTo, SeenHere seen, CancellationToken cancellationToken) => await Run(
        "UPDATE rehearsal SET batches = @batches, claimed_to = @claimedTo, seen = @seen, reason = NULL WHERE id = @Id AND batches = @Batches0 AND claimed_to = @ClaimedTo0 AND state = 'running'",
        new { rehearsal.Id, Batches0 = rehearsal.Batches, ClaimedTo0 = rehearsal.ClaimedTo, batches, claimedTo, seen = seen.ToJson() },
        cancellationToken) > 0;

    /// <summary>Remembers that the distributor knows of the end.</summary>
    public Task SaveSealed(long id, CancellationToken cancellationToken) => Run("UPDATE rehearsal SET is_sealed = 1 WHERE id = @id", new { id }, cancellationToken);

    /// <summary>Keeps what the distributor told.</summary>
    public Task SaveReport(long id, RehearsalReport report, CancellationToken cancellationToken) => Run(
        "UPDATE rehearsal SET report = @report, reason = NULL WHERE id = @id AND state IN ('running', 'stopping')", new { id, report = report.ToByteArray() }, cancellationToken);

    /// <summary>Says why it does not go on.</summary>
    public Task SaveReason(long id, string reason, CancellationToken cancellationToken) => Run(
        "UPDATE rehearsal SET reason = @reason WHERE id = @id AND state IN ('running', 'stopping')", new { id, reason }, cancellationToken);

    /// <summary>People stop it.</summary>
    public async Task<bool> Stop(long id, CancellationToken cancellationToken) =>
        await Run("UPDATE rehearsal SET state = 'stopping' WHERE id = @id AND state = 'running'", new { id }, cancellationToken) > 0;

    /// <summary>It ended, with the odd messages that are kept of it.</summary>
    public Task End(long id, RehearsalState state, string? reason, IReadOnlyDictionary<long, byte[]> odd, DateTimeOffset at, CancellationToken cancellationToken) => database.Write(
        async transaction =>
        {
            var ended = await transaction.Connection!.ExecuteAsync(new CommandDefinition(
                "UPDATE rehearsal SET state = @state, reason = @reason, ended_at = @at WHERE id = @id AND state IN ('running', 'stopping')",
                new { id, state = Words.Of(state), reason, at = at.ToUnixTimeMilliseconds() },
                transaction,
                cancellationToken: cancellationToken));
            if (ended > 0)
            {
                await transaction.Connection!.ExecuteAsync(new CommandDefinition(
                    "INSERT INTO rehearsal_odd (rehearsal_id, number, message) VALUES (@id, @Number, @Message) ON CONFLICT (rehearsal_id, number) DO NOTHING",
                    odd.Select(one => new { id, Number = one.Key, Message = one.Value }),
                    transaction,
                    cancellationToken: cancellationToken));
            }
        },
        cancellationToken);

    /// <summary>The distributor has forgotten it; one that nobody wants goes.</summary>
    public Task Forgotten(long id, CancellationToken cancellationToken) => Run(
        """
        UPDATE rehearsal SET is_forgotten = 1 WHERE id = @id;
        DELETE FROM rehearsal_odd WHERE rehearsal_id IN (SELECT id FROM rehearsal WHERE id = @id AND state = 'dropped');
        DELETE FROM rehearsal WHERE id = @id AND state = 'dropped';
        """,
        new { id },
        cancellationToken);

    /// <summary>An odd message, or null.</summary>
    public async Task<byte[]?> OddMessage(long id, long number, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<byte[]?>(new CommandDefinition(
            "SELECT message FROM rehearsal_odd WHERE rehearsal_id = @id AND number = @number", new { id, number }, cancellationToken: cancellationToken));
    }

    /// <summary>Those of some recipients of a set that are on the suppression list.</summary>
    public async Task<HashSet<long>> Suppressed(long recipientsId, long after, long last, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        return [.. await connection.QueryAsync<long>(new CommandDefinition(
            """
            SELECT recipient.id FROM recipient JOIN suppression ON suppression.address = recipient.normalized
            WHERE recipient.recipients_id = @recipientsId AND recipient.id > @after AND recipient.id <= @last
            """,
            new { recipientsId, after, last },
            cancellationToken: cancellationToken))];
    }

    private Task<int> Run(string statement, object values, CancellationToken cancellationToken) => database.Write(
        transaction => transaction.Connection!.ExecuteAsync(new CommandDefinition(statement, values, transaction, cancellationToken: cancellationToken)), cancellationToken);

    private async Task<Rehearsal?> One(string query, object values, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        return (await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(query, values, cancellationToken: cancellationToken)))?.ToRehearsal();
    }

    private sealed record Row
    {
        public long Id { get; init; }

        public long JobId { get; init; }

        public string State { get; init; } = "";

        public string Manner { get; init; } = "";

        public long RecipientsId { get; init; }

        public long Planned { get; init; }

        public long? ComponentId { get; init; }

        public long ClaimedTo { get; init; }

        public long Batches { get; init; }

        public long IsSealed { get; init; }

        public long IsForgotten { get; init; }

        public string Seen { get; init; } = "";

        public byte[]? Report { get; init; }

        public string? Reason { get; init; }

        public long BegunAt { get; init; }

        public string BegunBy { get; init; } = "";

        public long? EndedAt { get; init; }

        public Rehearsal ToRehearsal() => new()
        {
            Id = Id,
            JobId = JobId,
            State = Words.To<RehearsalState>(State),
            Manner = Manner,
            RecipientsId = RecipientsId,
            Planned = Planned,
            ComponentId = ComponentId,
            ClaimedTo = ClaimedTo,
            Batches = Batches,
            IsSealed = IsSealed > 0,
            IsForgotten = IsForgotten > 0,
            Seen = SeenHere.FromJson(Seen),
            Report = Report is null ? null : RehearsalReport.Parser.ParseFrom(Report),
            Reason = Reason,
            BegunAt = DateTimeOffset.FromUnixTimeMilliseconds(BegunAt),
            BegunBy = BegunBy,
            EndedAt = EndedAt is { } ended ? DateTimeOffset.FromUnixTimeMilliseconds(ended) : null,
        };
    }
}
