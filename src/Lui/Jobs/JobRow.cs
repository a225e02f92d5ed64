// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Text.Json;
using Tutti.Lui.Jobs.Schedules;
using Tutti.Lui.Jobs.Steps;
using Tutti.Lui.Senders;
using Tutti.Lui.Tracking.Types;

namespace Tutti.Lui.Jobs;

/// <summary>A job as it stands in its table.</summary>
internal sealed class JobRow
{
    /// <summary>The columns, in the names of the properties.</summary>
    public const string Columns = """
        id AS Id, code AS Code, title AS Title, state AS State, failure_code AS FailureCode, failure AS Failure,
        owner_id AS OwnerId, owner_name AS OwnerName, created_at AS CreatedAt, folder_id AS FolderId, decide_by AS DecideBy, archive_after AS ArchiveAfter, recipients_id AS RecipientsId, tracking AS Tracking, tracking_more AS TrackingMore, tracker_host AS TrackerHost,
        sender_name AS SenderName, sender_address AS SenderAddress, sender_reply_to AS SenderReplyTo, sender_more AS SenderMore, sender_profile AS SenderProfile, way AS Way,
        schedule_kind AS ScheduleKind, schedule_at AS ScheduleAt, schedule_zone AS ScheduleZone, schedule_more AS ScheduleMore, chain_id AS ChainId, run AS Run,
        test_state AS TestState, test_at AS TestAt, test_rule AS TestRule, four_eyes AS FourEyes, edits AS Edits,
        authorized_by_id AS AuthorizedById, authorized_by_name AS AuthorizedByName, authorized_at AS AuthorizedAt,
        due_at AS DueAt, started_at AS StartedAt, handed_over_at AS HandedOverAt, completed_at AS CompletedAt, version AS Version,
        (SELECT g.four_eyes FROM person p JOIN person_group g ON g.id = p.group_id WHERE p.id = job.owner_id) AS GroupFourEyes,
        (SELECT g.late_senders FROM person p JOIN person_group g ON g.id = p.group_id WHERE p.id = job.owner_id) AS GroupLateSenders,
        COALESCE((SELECT g.evaluation FROM person p JOIN person_group g ON g.id = p.group_id WHERE p.id = job.owner_id), 0) + (SELECT r.evaluation FROM installation_rule r) AS EvaluationNow,
        simulated AS Simulated,
        (SELECT s.sender FROM sender_profile s WHERE s.id = job.sender_profile AND job.handed_over_at IS NULL) AS ProfileSender
        """;

    public long Id { get; set; }

    public string Code { get; set; } = "";

    public string Title { get; set; } = "";

    public string State { get; set; } = "";

    public string? FailureCode { get; set; }

    public string? Failure { get; set; }

    public string OwnerId { get; set; } = "";

    public string OwnerName { get; set; } = "";

    public long CreatedAt { get; set; }

    public long? FolderId { get; set; }

    public long? DecideBy { get; set; }

    public long? ArchiveAfter { get; set; }

    public long? RecipientsId { get; set; }

    public string? Tracking { get; set; }

    public string? TrackingMore { get; set; }

    public string? TrackerHost { get; set; }

    public string? SenderName { get; set; }

    public string? SenderAddress { get; set; }

    public string? SenderReplyTo { get; set; }

    public string? SenderMore { get; set; }

    public long? SenderProfile { get; set; }

    public string? ProfileSender { get; set; }

    public long? GroupLateSenders { get; set; }

    public long EvaluationNow { get; set; }

    public long Simulated { get; set; }

    public string Way { get; set; } = "engine";

    public string? ScheduleKind { get; set; }

    public long? ScheduleAt { get; set; }

    public string? ScheduleZone { get; set; }

    public string? ScheduleMore { get; set; }

    public long? ChainId { get; set; }

    public long Run { get; set; } = 1;

    public string TestState { get; set; } = "";

    public long? TestAt { get; set; }

    public string TestRule { get; set; } = "always";

    public long FourEyes { get; set; }

    public long? GroupFourEyes { get; set; }

    public string Edits { get; set; } = "{}";

    public string? AuthorizedById { get; set; }

    public string? AuthorizedByName { get; set; }

    public long? AuthorizedAt { get; set; }

    public long? DueAt { get; set; }

    public long? StartedAt { get; set; }

    public long? HandedOverAt { get; set; }

    public long? CompletedAt { get; set; }

    public long Version { get; set; }

    /// <summary>The row of a job.</summary>
    public static JobRow Of(Job job) => new()
    {
        Id = job.Id,
        Code = job.Code,
        Title = job.Title,
        State = Words.Of(job.State),
        FailureCode = job.Failure?.Code,
        Failure = job.Failure?.Message,
        OwnerId = job.Owner.Id,
        OwnerName = job.Owner.Name,
        CreatedAt = job.CreatedAt.ToUnixTimeMilliseconds(),
        FolderId = job.FolderId,
        DecideBy = job.DecideBy?.ToUnixTimeMilliseconds(),
        ArchiveAfter = job.ArchiveAfterDays,
        RecipientsId = job.RecipientsId,
        Tracking = job.Tracking is { } tracking ? Words.Of(tracking) : null,
        TrackingMore = job.TrackingDetails.ToJson(),
        TrackerHost = job.TrackerHost,
        SenderName = job.Sender?.Name,
        SenderAddress = job.Sender?.Address,
        SenderReplyTo = job.Sender?.ReplyTo,
        SenderMore = job.Sender is { } sender ? SenderRow.MoreOf(sender) : null,
        SenderProfile = job.SenderProfile,
        Simulated = job.Simulated ? 1 : 0,
        Way = Words.Of(job.Way),
        ScheduleKind = job.Schedule switch { null => null, { OnTrigger: true } => "trigger", { Local: not null } => "local", { At: null } => "now", _ => "at" },
        ScheduleAt = job.Schedule?.At?.ToUnixTimeMilliseconds(),
        ScheduleZone = job.Schedule?.Zone,
        ChainId = job.ChainId,
        Run = job.Run,
        ScheduleMore = job.Schedule is { } schedule ? ScheduleRow.Of(schedule) : null,
        TestState = Words.Of(job.TestState),
        TestAt = job.TestAt?.ToUnixTimeMilliseconds(),
        TestRule = Words.Of(job.TestRule),
        FourEyes = job.FourEyes ? 1 : 0,
        Edits = JsonSerializer.Serialize(job.Edits.ToDictionary(
            edit => Words.Of(edit.Key), edit => new EditRow(edit.Value.Who.Id, edit.Value.Who.Name, edit.Value.At.ToUnixTimeMilliseconds()))),
        AuthorizedById = job.AuthorizedBy?.Id,
        AuthorizedByName = job.AuthorizedBy?.Name,
        AuthorizedAt = job.AuthorizedAt?.ToUnixTimeMilliseconds(),
        DueAt = job.DueAt?.ToUnixTimeMilliseconds(),
        StartedAt = job.StartedAt?.ToUnixTimeMilliseconds(),
        HandedOverAt = job.HandedOverAt?.ToUnixTimeMilliseconds(),
        CompletedAt = job.CompletedAt?.ToUnixTimeMilliseconds(),
        Version = job.Version,
    };

    /// <summary>The job of this row.</summary>
    public Job ToJob() => new()
    {
        Id = Id,
        Code = Code,
        Title = Title,
        State = Words.To<JobState>(State),
        Failure = FailureCode is null ? null : new JobFailure(FailureCode, Failure ?? ""),
        Owner = new Actor(OwnerId, OwnerName),
        CreatedAt = Moment(CreatedAt),
        FolderId = FolderId,
        DecideBy = Moment(DecideBy),
        ArchiveAfterDays = (int?)ArchiveAfter,
        RecipientsId = RecipientsId,
        Tracking = Tracking is null ? null : Words.To<JobTracking>(Tracking),
        TrackingDetails = TrackingDetails.FromJson(TrackingMore),
        TrackerHost = TrackerHost,
        Sender = ProfileSender is not null ? SenderRow.Read(ProfileSender) : SenderAddress is null ? null : SenderRow.Read(SenderMore, new JobSender(SenderName ?? "", SenderAddress, SenderReplyTo)),
        SenderProfile = SenderProfile,
        GroupLateSenders = GroupLateSenders is > 0,
        EvaluationNow = EvaluationNow > 0,
        Simulated = Simulated != 0,
        Way = Words.To<JobWay>(Way),
        Schedule = ScheduleKind is null ? null : ScheduleRow.Read(ScheduleMore, new JobSchedule(Moment(ScheduleAt), ScheduleZone ?? "UTC") { OnTrigger = ScheduleKind == "trigger" }),
        ChainId = ChainId,
        Run = (int)Run,
        TestState = Words.To<TestState>(TestState),
        TestAt = Moment(TestAt),
        TestRule = Words.To<TestRule>(TestRule),
        FourEyes = FourEyes != 0,
        GroupFourEyes = GroupFourEyes is > 0,
        Edits = JsonSerializer.Deserialize<Dictionary<string, EditRow>>(Edits)!
            .ToImmutableDictionary(edit => Words.To<JobStep>(edit.Key), edit => new Edit(new Actor(edit.Value.Id, edit.Value.Name), Moment(edit.Value.At))),
        AuthorizedBy = AuthorizedById is null ? null : new Actor(AuthorizedById, AuthorizedByName ?? ""),
        AuthorizedAt = Moment(AuthorizedAt),
        DueAt = Moment(DueAt),
        StartedAt = Moment(StartedAt),
        HandedOverAt = Moment(HandedOverAt),
        CompletedAt = Moment(CompletedAt),
        Version = Version,
    };

    private static DateTimeOffset Moment(long at) => DateTimeOffset.FromUnixTimeMilliseconds(at);

    private static DateTimeOffset? Moment(long? at) => at is { } value ? Moment(value) : null;

    private sealed record EditRow(string Id, string Name, long At);
}
