// SPDX-License-Identifier: Apache-2.0
using System.Data.Common;
using System.Globalization;
using Dapper;
using Tutti.Lui.Attachments;
using Tutti.Lui.Content;
using Tutti.Lui.Delivery;
using Tutti.Lui.DropIns;
using Tutti.Lui.Folders;
using Tutti.Lui.Jobs.Codes;
using Tutti.Lui.Jobs.Listing;
using Tutti.Lui.Notices;
using Tutti.Lui.OnDemand;
using Tutti.Lui.Preflight;
using Tutti.Lui.Rehearsals;
using Tutti.Lui.Teams;
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
        var id = await NumberSequence.Next(transaction, NumberSequence.Delivery, cancellationToken);
        var job = make(id, JobCode.Of(day, await NextOfDay(transaction, day, cancellationToken))) with { Version = 1 };
        await Insert(transaction, job, cancellationToken);
        await Write(transaction, id, entry, cancellationToken);
        await JobEvents.Write(transaction, before: null, job, entry.Who, entry.At, cancellationToken);
        return job;
    }

    /// <summary>The next place among the jobs of a day, for a code.</summary>
    public static Task<long> NextOfDay(DbTransaction transaction, DateOnly day, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteScalarAsync<long>(new CommandDefinition(
            """
            INSERT INTO job_code (day, last) VALUES (@Day, 1)
            ON CONFLICT (day) DO UPDATE SET last = job_code.last + 1
            RETURNING last
            """,
            new { Day = JobCode.DayOf(day) },
            transaction,
            cancellationToken: cancellationToken));

    /// <summary>Writes a job that has its number and its code, without a line in its journal.</summary>
    public static Task Insert(DbTransaction transaction, Job job, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO job (id, code, title, folder_id, decide_by, archive_after, state, failure_code, failure, owner_id, owner_name, created_at, recipients_id, tracking, tracking_more, tracker_host,
                sender_name, sender_address, sender_reply_to, sender_more, sender_profile, simulated, way, schedule_kind, schedule_at, schedule_zone, schedule_more, chain_id, run, test_state, test_at, test_rule, four_eyes, edits,
                authorized_by_id, authorized_by_name, authorized_at, due_at, started_at, handed_over_at, completed_at, version)
            VALUES (@Id, @Code, @Title, @FolderId, @DecideBy, @ArchiveAfter, @State, @FailureCode, @Failure, @OwnerId, @OwnerName, @CreatedAt, @RecipientsId, @Tracking, @TrackingMore, @TrackerHost,
                @SenderName, @SenderAddress, @SenderReplyTo, @SenderMore, @SenderProfile, @Simulated, @Way, @ScheduleKind, @ScheduleAt, @ScheduleZone, @ScheduleMore, @ChainId, @Run, @TestState, @TestAt, @TestRule, @FourEyes, @Edits,
                @AuthorizedById, @AuthorizedByName, @AuthorizedAt, @DueAt, @StartedAt, @HandedOverAt, @CompletedAt, @Version)
            """,
            JobRow.Of(job),
            transaction,
            cancellationToken: cancellationToken));

    /// <summary>Whether a folder is one of those that somebody finds.</summary>
    public async Task<bool> FindsFolder(Actor who, long folder, CancellationToken cancellationToken) =>
        (await new FolderStore(database).Of(who, cancellationToken)).Any(one => one.Id == folder);

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

    /// <summary>The jobs of a query, page by page.</summary>
    public async Task<JobListing> List(JobQuery query, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var parameters = query.Parameters();
        (query.Viewer is null ? JobScope.All : await RightsReader.ScopeOf(connection, query.Viewer, cancellationToken)).AddTo(parameters);
        var total = await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            $"SELECT COUNT(*) FROM job {JobQuery.Where}", parameters, cancellationToken: cancellationToken));
        var rows = await connection.QueryAsync<JobRow>(new CommandDefinition(
            $"SELECT {JobRow.Columns} FROM job {JobQuery.Where} {query.OrderBy} LIMIT @Take OFFSET @Skip", parameters, cancellationToken: cancellationToken));
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

    /// <summary>
    /// Loads a job, applies a rule and saves what it answers, with a line in the journal, in one transaction. Whoever the line
    /// names must have the right to every step that the rule changed.
    /// </summary>
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
        if (await Read(transaction, id, cancellationToken) is not { } job)
        {
            return JobRefusals.NotFound(id);
        }

        if (version is not null && version != job.Version)
        {
            return JobRefusals.Changed(job);
        }

        if (!rule(job).Is(out var changed, out var refusal))
        {
            return refusal;
        }

        changed = changed with { Version = job.Version + 1 };
        var line = entry(changed);
        if (line is not null && await RightsReader.Refuse(transaction, job, changed, line.Who, cancellationToken) is { } notTheirs)
        {
            return notTheirs;
        }

        await Save(transaction, changed, cancellationToken);
        if (line is not null)
        {
            await Write(transaction, id, line, cancellationToken);
            if (NoticeRule.Of(job, changed) is { } isAlert)
            {
                await NoticeStore.Tell(transaction, changed, string.Create(CultureInfo.InvariantCulture, $"{line.Kind} {changed.Version}"), line, isAlert, cancellationToken);
            }
        }

        await JobEvents.Write(transaction, job, changed, line?.Who ?? Actor.Tutti, line?.At ?? clock.GetUtcNow(), cancellationToken);

        return changed;
    }

    /// <summary>Holds a job until the transaction ends, so that what another slice asks of its own tables stays true. SQLite has one writer at a time anyway.</summary>
    public Task Lock(DbTransaction transaction, long id, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition($"SELECT id FROM job WHERE id = @id {ForUpdate}", new { id }, transaction, cancellationToken: cancellationToken));

    /// <summary>
    /// Holds a job until the transaction ends and answers it, for what is written beside it and changes nothing of the job itself: refused where it is no longer as it was
    /// seen, or whoever writes may change none of it.
    /// </summary>
    public async Task<Outcome<Job>> Hold(DbTransaction transaction, long id, long version, Actor who, CancellationToken cancellationToken)
    {
        if (await Read(transaction, id, cancellationToken) is not { } job)
        {
            return JobRefusals.NotFound(id);
        }

        return job.Version != version ? JobRefusals.Changed(job) : await RightsReader.Refuse(transaction, job, job, who, cancellationToken) is { } notTheirs ? notTheirs : job;
    }

    /// <summary>Deletes a job with its journal, for somebody who may change all of it; what other slices keep of it goes with it.</summary>
    public Task<Outcome<Job>> Delete(long id, Actor who, CancellationToken cancellationToken) => database.Write(
        async transaction =>
        {
            if (await Read(transaction, id, cancellationToken) is { } job && !(await RightsReader.Of(transaction.Connection!, transaction, job, who, cancellationToken)).Steps.EditsAll)
            {
                return TeamRefusals.NotAll(job);
            }

            var outcome = await Change(transaction, id, version: null, one => one.Delete(), _ => null, cancellationToken);
            if (outcome.Is(out var deleted, out _))
            {
                await JobFileStore.Forget(transaction, id, cancellationToken);
                await JobEvents.Write(transaction, "job.deleted", deleted, who, clock.GetUtcNow(), cancellationToken);
                await OnDemandStore.Forget(transaction, id, cancellationToken);
                await DropInStore.Forget(transaction, id, cancellationToken);
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

    private async Task<Job?> Read(DbTransaction transaction, long id, CancellationToken cancellationToken)
    {
        var row = await transaction.Connection!.QuerySingleOrDefaultAsync<JobRow>(new CommandDefinition(
            $"SELECT {JobRow.Columns} FROM job WHERE id = @id {ForUpdate}", new { id }, transaction, cancellationToken: cancellationToken));
        return row?.ToJob();
    }

    private string ForUpdate => database.Dialect == Dialect.Postgres ? "FOR UPDATE" : "";

    private static Task<int> Save(DbTransaction transaction, Job job, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            UPDATE job
            SET title = @Title, folder_id = @FolderId, decide_by = @DecideBy, archive_after = @ArchiveAfter, owner_id = @OwnerId, owner_name = @OwnerName,
                state = @State, failure_code = @FailureCode, failure = @Failure, recipients_id = @RecipientsId, tracking = @Tracking, tracking_more = @TrackingMore, tracker_host = @TrackerHost,
                sender_name = @SenderName, sender_address = @SenderAddress, sender_reply_to = @SenderReplyTo, sender_more = @SenderMore, sender_profile = @SenderProfile, simulated = @Simulated, way = @Way,
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
