// SPDX-License-Identifier: Apache-2.0
using System.Data.Common;
using Dapper;
using Tutti.Lui.Attachments;
using Tutti.Lui.Content;
using Tutti.Lui.Delivery;
using Tutti.Lui.Jobs.Codes;
using Tutti.Lui.Preflight;
using Tutti.Lui.Rehearsals;
using Tutti.Lui.Webhooks.Events;
using Tutti.Wiring.Outcomes;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Jobs;

/// <summary>Mail jobs and their journals. A change, its line in the journal and what webhooks are told of it are one transaction.</summary>
internal sealed class JobStore(Database database, TimeProvider clock)
{
    /// <summary>Makes a job: allocates its number and its code.</summary>
    /// <param name="day">Local date of the installation, for the code.</param>
    /// <param name="make">The job of a number and a code.</param>
    /// <param name="entry">The first line of its journal.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<Job> Create(DateOnly day, Func<long, string, Job> make, JournalEntry entry, CancellationToken cancellationToken) =>
        database.Write(transaction => Create(transaction, day, make, entry, cancellationToken), cancellationToken);

    /// <summary>The same inside a transaction that does more.</summary>
    public static async Task<Job> Create(DbTransaction transaction, DateOnly day, Func<long, string, Job> make, JournalEntry entry, CancellationToken cancellationToken)
    {
        var connection = transaction.Connection!;
        var id = await NumberSequence.Next(transaction, NumberSequence.Delivery, cancellationToken);
        var number = await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            """
            INSERT INTO job_code (day, last) VALUES (@Day, 1)
            ON CONFLICT (day) DO UPDATE SET last = job_code.last + 1
            RETURNING last
            """,
            new { Day = JobCode.DayOf(day) },
            transaction,
            cancellationToken: cancellationToken));
        var job = make(id, JobCode.Of(day, number)) with { Version = 1 };
        await connection.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO job (id, code, title, state, failure_code, failure, owner_id, owner_name, created_at, recipients_id, tracking, tracker_host,
                sender_name, sender_address, sender_reply_to, way, schedule_kind, schedule_at, schedule_zone, schedule_more, chain_id, run, test_state, test_at, test_rule, four_eyes, edits,
                authorized_by_id, authorized_by_name, authorized_at, due_at, started_at, handed_over_at, completed_at, version)
            VALUES (@Id, @Code, @Title, @State, @FailureCode, @Failure, @OwnerId, @OwnerName, @CreatedAt, @RecipientsId, @Tracking, @TrackerHost,
                @SenderName, @SenderAddress, @SenderReplyTo, @Way, @ScheduleKind, @ScheduleAt, @ScheduleZone, @ScheduleMore, @ChainId, @Run, @TestState, @TestAt, @TestRule, @FourEyes, @Edits,
                @AuthorizedById, @AuthorizedByName, @AuthorizedAt, @DueAt, @StartedAt, @HandedOverAt, @CompletedAt, @Version)
            """,
            JobRow.Of(job),
            transaction,
            cancellationToken: cancellationToken));
        await Write(transaction, id, entry, cancellationToken);
        await JobEvents.Write(transaction, before: null, job, entry.Who, entry.At, cancellationToken);
        return job;
    }

    /// <summary>A job by its number, or null.</summary>
    public async Task<Job?> Find(long id, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<JobRow>(new CommandDefinition(
            $"SELECT {JobRow.Columns} FROM job WHERE id = @id", new { id }, cancellationToken: cancellationToken));
        return row?.ToJob();
    }

    /// <summary>A job by its code, in any case, or null.</summary>
    public async Task<Job?> Find(string code, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<JobRow>(new CommandDefinition(
            $"SELECT {JobRow.Columns} FROM job WHERE code = @code", new { code = code.ToUpperInvariant() }, cancellationToken: cancellationToken));
        return row?.ToJob();
    }

    /// <summary>Jobs, the newest first.</summary>
    public async Task<JobListing> List(JobQuery query, CancellationToken cancellationToken)
    {
        const string Where = """
            WHERE (@State IS NULL OR state = @State)
              AND (@Pattern IS NULL OR LOWER(title) LIKE @Pattern ESCAPE '\' OR LOWER(code) LIKE @Pattern ESCAPE '\')
            """;
        var parameters = new DynamicParameters();
        parameters.Add("State", query.State is { } state ? Words.Of(state) : null, System.Data.DbType.String);
        parameters.Add("Pattern", PatternOf(query.Search), System.Data.DbType.String);
        parameters.Add("Skip", query.Skip);
        parameters.Add("Take", query.Take);
        await using var connection = await database.Open(cancellationToken);
        var total = await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            $"SELECT COUNT(*) FROM job {Where}", parameters, cancellationToken: cancellationToken));
        var rows = await connection.QueryAsync<JobRow>(new CommandDefinition(
            $"SELECT {JobRow.Columns} FROM job {Where} ORDER BY id DESC LIMIT @Take OFFSET @Skip", parameters, cancellationToken: cancellationToken));
        return new JobListing([.. rows.Select(row => row.ToJob())], total);
    }

    /// <summary>Jobs in a state, the one that is due first first; for workers.</summary>
    public async Task<IReadOnlyList<Job>> InState(JobState state, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var rows = await connection.QueryAsync<JobRow>(new CommandDefinition(
            $"SELECT {JobRow.Columns} FROM job WHERE state = @state ORDER BY due_at, id", new { state = Words.Of(state) }, cancellationToken: cancellationToken));
        return [.. rows.Select(row => row.ToJob())];
    }

    /// <summary>Loads a job, applies a rule and saves what it answers, with a line in the journal, in one transaction.</summary>
    /// <param name="id">The job.</param>
    /// <param name="version">The version that people saw, or null for whatever is there.</param>
    /// <param name="rule">Decides; a refusal changes nothing.</param>
    /// <param name="entry">The line in the journal; null for none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<Outcome<Job>> Change(
        long id, long? version, Func<Job, Outcome<Job>> rule, Func<Job, JournalEntry?> entry, CancellationToken cancellationToken) =>
        database.Write(transaction => Change(transaction, id, version, rule, entry, cancellationToken), cancellationToken);

    /// <summary>The same inside a transaction that also writes tables of another slice. A refusal changes nothing; the caller then rolls back its own part by throwing or by asking first.</summary>
    public async Task<Outcome<Job>> Change(
        DbTransaction transaction, long id, long? version, Func<Job, Outcome<Job>> rule, Func<Job, JournalEntry?> entry, CancellationToken cancellationToken)
    {
        var row = await transaction.Connection!.QuerySingleOrDefaultAsync<JobRow>(new CommandDefinition(
            $"SELECT {JobRow.Columns} FROM job WHERE id = @id {ForUpdate}", new { id }, transaction, cancellationToken: cancellationToken));
        if (row is null)
        {
            return JobRefusals.NotFound(id);
        }

        var job = row.ToJob();
        if (version is not null && version != job.Version)
        {
            return JobRefusals.Changed(job);
        }

        if (!rule(job).Is(out var changed, out var refusal))
        {
            return refusal;
        }

        changed = changed with { Version = job.Version + 1 };
        await Save(transaction, changed, cancellationToken);
        var line = entry(changed);
        if (line is not null)
        {
            await Write(transaction, id, line, cancellationToken);
        }

        await JobEvents.Write(transaction, job, changed, line?.Who ?? Actor.Tutti, line?.At ?? clock.GetUtcNow(), cancellationToken);

        return changed;
    }

    /// <summary>Holds a job until the transaction ends, so that what another slice asks of its own tables stays true. SQLite has one writer at a time anyway.</summary>
    public Task Lock(DbTransaction transaction, long id, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition($"SELECT id FROM job WHERE id = @id {ForUpdate}", new { id }, transaction, cancellationToken: cancellationToken));

    /// <summary>Deletes a job with its journal; what other slices keep of it goes with it.</summary>
    public Task<Outcome<Job>> Delete(long id, Actor who, CancellationToken cancellationToken) => database.Write(
        async transaction =>
        {
            var outcome = await Change(transaction, id, version: null, job => job.Delete(), _ => null, cancellationToken);
            if (outcome.Is(out var deleted, out _))
            {
                await JobFileStore.Forget(transaction, id, cancellationToken);
                await JobEvents.Write(transaction, "job.deleted", deleted, who, clock.GetUtcNow(), cancellationToken);
                await ForgetTests.Of(transaction, id, cancellationToken);
                await RehearsalStore.Drop(transaction, id, cancellationToken);
                await PreflightStore.Forget(transaction, id, cancellationToken);
                await DraftStore.Forget(transaction, id, cancellationToken);
                await transaction.Connection!.ExecuteAsync(new CommandDefinition(
                    "DELETE FROM job WHERE id = @id", new { id }, transaction, cancellationToken: cancellationToken));
            }

            return outcome;
        },
        cancellationToken);

    /// <summary>The journal of a job, the newest line first.</summary>
    public async Task<IReadOnlyList<JournalEntry>> Journal(long id, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var rows = await connection.QueryAsync<(long At, string WhoId, string WhoName, string Kind, string Words)>(new CommandDefinition(
            "SELECT at, who_id, who_name, kind, words FROM job_journal WHERE job_id = @id ORDER BY number DESC", new { id }, cancellationToken: cancellationToken));
        return [.. rows.Select(row => new JournalEntry(
            DateTimeOffset.FromUnixTimeMilliseconds(row.At), new Actor(row.WhoId, row.WhoName), row.Kind, row.Words))];
    }

    /// <summary>Adds a line to the journal of a job that is not changed by it.</summary>
    public static Task Write(DbTransaction transaction, long id, JournalEntry entry, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO job_journal (job_id, number, at, who_id, who_name, kind, words)
            SELECT @id, COALESCE(MAX(number), 0) + 1, @At, @WhoId, @WhoName, @Kind, @Words FROM job_journal WHERE job_id = @id
            """,
            new { id, At = entry.At.ToUnixTimeMilliseconds(), WhoId = entry.Who.Id, WhoName = entry.Who.Name, entry.Kind, entry.Words },
            transaction,
            cancellationToken: cancellationToken));

    private string ForUpdate => database.Dialect == Dialect.Postgres ? "FOR UPDATE" : "";

    private static string? PatternOf(string? search) => string.IsNullOrWhiteSpace(search)
        ? null
        : "%" + search.Trim().ToLowerInvariant().Replace(@"\", @"\\", StringComparison.Ordinal).Replace("%", @"\%", StringComparison.Ordinal).Replace("_", @"\_", StringComparison.Ordinal) + "%";

    private static Task<int> Save(DbTransaction transaction, Job job, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            UPDATE job
            SET title = @Title, state = @State, failure_code = @FailureCode, failure = @Failure, recipients_id = @RecipientsId, tracking = @Tracking, tracker_host = @TrackerHost,
                sender_name = @SenderName, sender_address = @SenderAddress, sender_reply_to = @SenderReplyTo, way = @Way,
                schedule_kind = @ScheduleKind, schedule_at = @ScheduleAt, schedule_zone = @ScheduleZone, schedule_more = @ScheduleMore,
                test_state = @TestState, test_at = @TestAt, test_rule = @TestRule, four_eyes = @FourEyes, edits = @Edits,
                authorized_by_id = @AuthorizedById, authorized_by_name = @AuthorizedByName, authorized_at = @AuthorizedAt,
                due_at = @DueAt, started_at = @StartedAt, handed_over_at = @HandedOverAt, completed_at = @CompletedAt, version = @Version
            WHERE id = @Id
            """,
            JobRow.Of(job),
            transaction,
            cancellationToken: cancellationToken));
}

/// <summary>Which jobs to list.</summary>
/// <param name="State">Only those in this state, or all.</param>
/// <param name="Search">Part of the title or code, in any case, or null.</param>
/// <param name="Skip">How many to leave out.</param>
/// <param name="Take">How many at most.</param>
internal sealed record JobQuery(JobState? State = null, string? Search = null, int Skip = 0, int Take = 50);

/// <summary>A page of a list of jobs.</summary>
/// <param name="Jobs">The jobs of this page.</param>
/// <param name="Total">How many there are on all pages.</param>
internal sealed record JobListing(IReadOnlyList<Job> Jobs, long Total);
