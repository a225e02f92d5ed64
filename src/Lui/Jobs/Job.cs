// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Tutti.Lui.Archives;
using Tutti.Lui.Jobs.Schedules;
using Tutti.Lui.Jobs.Steps;
using Tutti.Lui.Tracking.Types;
using Tutti.Lui.Triggers;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Jobs;

/// <summary>A mail job: its data, and the rules of its life. Each transition is one method; none of them does anything but answer.</summary>
internal sealed record Job
{
    /// <summary>Longest title in characters.</summary>
    public const int MaxTitle = 500;

    /// <summary>Its number, on every wire and in every table.</summary>
    public required long Id { get; init; }

    /// <summary>Its name for people, such as 261124A; never changes.</summary>
    public required string Code { get; init; }

    /// <summary>Free text; need not be unique.</summary>
    public required string Title { get; init; }

    /// <summary>Where it stands.</summary>
    public JobState State { get; init; }

    /// <summary>Why it failed; stays after it was closed.</summary>
    public JobFailure? Failure { get; init; }

    /// <summary>Who made it.</summary>
    public required Actor Owner { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The folder that it lies in; null for none.</summary>
    public long? FolderId { get; init; }

    /// <summary>Until when somebody has to have authorised it; null for no such date.</summary>
    public DateTimeOffset? DecideBy { get; init; }

    /// <summary>How many days after its delivery it is archived by itself; null for never.</summary>
    public int? ArchiveAfterDays { get; init; }

    /// <summary>The recipient set in use; null if none is yet.</summary>
    public long? RecipientsId { get; init; }

    /// <summary>The tracking type; null if not decided.</summary>
    public JobTracking? Tracking { get; init; }

    /// <summary>What the tracking type needs besides, and what is chosen for links.</summary>
    public TrackingDetails TrackingDetails { get; init; } = TrackingDetails.None;

    /// <summary>The host name of the tracker that its links lead to; null for the installation's first one.</summary>
    public string? TrackerHost { get; init; }

    /// <summary>The sender; null if not named.</summary>
    public JobSender? Sender { get; init; }

    /// <summary>The profile that <see cref="Sender"/> is as it stands now; null if the sender is the job's own.</summary>
    public long? SenderProfile { get; init; }

    /// <summary>Whether the owner's group lets changes of a profile count after the authorisation, as HUB told it last. It is not kept with the job.</summary>
    public bool GroupLateSenders { get; init; }

    /// <summary>It was authorised to be simulated, or handed over so: its messages reach nobody, whatever is decided later.</summary>
    public bool Simulated { get; init; }

    /// <summary>Whether the installation or the owner's group is in evaluation mode, as HUB told it last. It is not kept with the job.</summary>
    public bool EvaluationNow { get; init; }

    /// <summary>Whether its delivery is, or would be, only simulated. Once it was handed over nothing changes that.</summary>
    public bool IsSimulated => Simulated || (EvaluationNow && HandedOverAt is null);

    /// <summary>How its messages leave.</summary>
    public JobWay Way { get; init; }

    /// <summary>The chosen time; null if not chosen.</summary>
    public JobSchedule? Schedule { get; init; }

    /// <summary>What the test has come to.</summary>
    public TestState TestState { get; init; }

    /// <summary>When the test came to that.</summary>
    public DateTimeOffset? TestAt { get; init; }

    /// <summary>Which later changes ask for a new test.</summary>
    public TestRule TestRule { get; init; }

    /// <summary>Whether a second person has to authorize it.</summary>
    public bool FourEyes { get; init; }

    /// <summary>Whether the owner's group asks for a second person, as HUB told it last. It is not kept with the job.</summary>
    public bool GroupFourEyes { get; init; }

    /// <summary>Who worked on each step last.</summary>
    public ImmutableDictionary<JobStep, Edit> Edits { get; init; } = ImmutableDictionary<JobStep, Edit>.Empty;

    /// <summary>The job that is the first run of the repetition that it belongs to; null if it is the first itself, or there is none.</summary>
    public long? ChainId { get; init; }

    /// <summary>Which run of its repetition it is, from 1.</summary>
    public int Run { get; init; } = 1;

    /// <summary>Who authorized it; null while it is open.</summary>
    public Actor? AuthorizedBy { get; init; }

    /// <summary>When it was authorized.</summary>
    public DateTimeOffset? AuthorizedAt { get; init; }

    /// <summary>When it is, or was, due; null while it is open.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>When its delivery started for the first time.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>From this moment on a distributor or a tracker may know of it, and it cannot be opened for editing again.</summary>
    public DateTimeOffset? HandedOverAt { get; init; }

    /// <summary>When it was completed.</summary>
    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>Grows with every change; 0 for a job that was never saved.</summary>
    public long Version { get; init; }

    /// <summary>True if a person closed it after a failure.</summary>
    public bool ClosedAfterFailure => State == JobState.Completed && Failure is not null;

    /// <summary>True while nobody has triggered it, authorized or not; only of a job that leaves when it is triggered.</summary>
    public bool WaitsForTrigger => Schedule is { OnTrigger: true } && DueAt is null && State is JobState.Open or JobState.Waiting;

    /// <summary>True if it was triggered.</summary>
    public bool IsTriggered => Schedule is { OnTrigger: true } && DueAt is not null;

    /// <summary>Gives it another title.</summary>
    public Outcome<Job> Rename(string title)
    {
        var trimmed = title.Trim();
        return trimmed.Length is 0 or > MaxTitle ? JobRefusals.Title() : this with { Title = trimmed };
    }

    /// <summary>Records that a step was edited: only while open. Whether a test that came before still counts is the job's rule.</summary>
    public Outcome<Job> Edited(JobStep step, Actor who, DateTimeOffset now)
    {
        if (State != JobState.Open)
        {
            return JobRefusals.NotOpen(this);
        }

        var edited = this with { Edits = Edits.SetItem(step, new Edit(who, now)) };
        return TestState != TestState.None && AsksForTest(step) ? edited with { TestState = TestState.Outdated, TestAt = now } : edited;
    }

    /// <summary>Puts a set of recipients to use.</summary>
    public Outcome<Job> UseRecipients(long recipientsId, Actor who, DateTimeOffset now) =>
        Edited(JobStep.Recipients, who, now).Is(out var edited, out var refusal) ? edited with { RecipientsId = recipientsId } : refusal;

    /// <summary>Puts recipients to use that were found anew for a run, before anybody hears of it.</summary>
    public Outcome<Job> DrawRecipients(long recipientsId) => (State, HandedOverAt) switch
    {
        (not JobState.Processing, _) => JobRefusals.NotProcessing(this),
        (_, not null) => JobRefusals.AlreadyHandedOver(this),
        _ => this with { RecipientsId = recipientsId },
    };

    /// <summary>Decides the tracking type, and which tracker's address the links lead to.</summary>
    public Outcome<Job> Track(JobTracking tracking, string? trackerHost, Actor who, DateTimeOffset now) =>
        Edited(JobStep.Tracking, who, now).Is(out var edited, out var refusal) ? edited with { Tracking = tracking, TrackerHost = trackerHost } : refusal;

    /// <summary>Decides what the tracking type needs besides, and about links.</summary>
    public Outcome<Job> TrackBy(TrackingDetails details, Actor who, DateTimeOffset now) =>
        Edited(JobStep.Tracking, who, now).Is(out var edited, out var refusal) ? edited with { TrackingDetails = details } : refusal;

    /// <summary>Names the sender, its own or a profile as it is now, and the way its messages leave.</summary>
    public Outcome<Job> SendAs(JobSender sender, JobWay way, Actor who, DateTimeOffset now, long? profile = null) =>
        Edited(JobStep.Sender, who, now).Is(out var edited, out var refusal) ? edited with { Sender = sender, SenderProfile = profile, Way = way } : refusal;

    /// <summary>Its sender profile was changed: as if the sender had been edited, and that also counts when an authorisation is taken back.</summary>
    public Job ProfileChanged(Actor who, DateTimeOffset now)
    {
        var edited = this with { Edits = Edits.SetItem(JobStep.Sender, new Edit(who, now)) };
        return TestState != TestState.None && AsksForTest(JobStep.Sender) ? edited with { TestState = TestState.Outdated, TestAt = now } : edited;
    }

    /// <summary>Fixes when it leaves.</summary>
    public Outcome<Job> ScheduleFor(JobSchedule schedule, Actor who, DateTimeOffset now)
    {
        if (!Edited(JobStep.Schedule, who, now).Is(out var edited, out var refusal))
        {
            return refusal;
        }

        return (schedule.At ?? schedule.Local?.In(ZoneNames.Find(schedule.Zone) ?? TimeZoneInfo.Utc)) <= now ? JobRefusals.InThePast(schedule) : edited with { Schedule = schedule };
    }

    /// <summary>Records that test messages were handed over.</summary>
    public Outcome<Job> TestSent(Actor who, DateTimeOffset now) => Tested(TestState.Sent, who, now);

    /// <summary>Accepts the test.</summary>
    public Outcome<Job> AcceptTest(Actor who, DateTimeOffset now) =>
        State == JobState.Open && TestState != TestState.Sent ? JobRefusals.NothingToAccept(this) : Tested(TestState.Accepted, who, now);

    /// <summary>Finds the test wanting: something has to be changed, and tested again.</summary>
    public Outcome<Job> RejectTest(Actor who, DateTimeOffset now) =>
        State == JobState.Open && TestState is not (TestState.Sent or TestState.Accepted) ? JobRefusals.NothingToAccept(this) : Tested(TestState.Rejected, who, now);

    /// <summary>Decides which later changes ask for a new test.</summary>
    public Outcome<Job> TestAgainAfter(TestRule rule) => State == JobState.Open ? this with { TestRule = rule } : JobRefusals.NotOpen(this);

    /// <summary>Decides whether a second person has to authorize it.</summary>
    public Outcome<Job> AskForFourEyes(bool asked) => State == JobState.Open ? this with { FourEyes = asked } : JobRefusals.NotOpen(this);

    /// <summary>Goes without a test.</summary>
    public Outcome<Job> WaiveTest(Actor who, DateTimeOffset now) => Tested(TestState.Waived, who, now);

    /// <summary>The decision to send. From now on nothing can be edited.</summary>
    /// <param name="workflow">How far the steps are; all before this one must be done.</param>
    /// <param name="who">Who decides.</param>
    /// <param name="now">The moment of the decision.</param>
    /// <param name="first">When the first recipients are due, of a job that reaches each by a clock of his or her own.</param>
    public Outcome<Job> Authorize(Workflow workflow, Actor who, DateTimeOffset now, DateTimeOffset? first = null)
    {
        if (!Edited(JobStep.Authorize, who, now).Is(out var edited, out var refusal))
        {
            return refusal;
        }

        if (workflow.Steps.FirstOrDefault(step => step.Step != JobStep.Authorize && step.State != StepState.Done) is { } missing)
        {
            return JobRefusals.StepNotDone(this, missing);
        }

        return Schedule!.At <= now
            ? JobRefusals.InThePast(Schedule)
            : edited with { State = JobState.Waiting, AuthorizedBy = who, AuthorizedAt = now, Simulated = IsSimulated, DueAt = Schedule.OnTrigger ? null : Schedule.At ?? first ?? now };
    }

    /// <summary>Takes the authorization back, as if it had never been given.</summary>
    public Outcome<Job> Revoke() => State != JobState.Waiting
        ? JobRefusals.NotWaiting(this)
        : HandedOverAt is not null
            ? JobRefusals.AlreadyHandedOver(this)
            : Opened();

    /// <summary>Lets an authorized job go that waits for its trigger: it is due now.</summary>
    public Outcome<Job> Trigger(DateTimeOffset now) => (State, WaitsForTrigger) switch
    {
        (JobState.Waiting, true) => this with { DueAt = now },
        (JobState.Open, true) => JobRefusals.NotWaiting(this),
        _ => TriggerRefusals.NotWaiting(this),
    };

    /// <summary>Begins the delivery of a job that is due; one that is due too long ago becomes failed, and people decide.</summary>
    /// <param name="now">The moment.</param>
    /// <param name="missedAfter">How long ago is too long.</param>
    public Outcome<Job> StartDelivery(DateTimeOffset now, TimeSpan missedAfter)
    {
        if (State != JobState.Waiting)
        {
            return JobRefusals.NotWaiting(this);
        }

        if (DueAt is not { } due || due > now)
        {
            return JobRefusals.NotDue(this);
        }

        return now - due >= missedAfter
            ? this with { State = JobState.Failed, Failure = JobFailures.Missed(due) }
            : this with { State = JobState.Processing, StartedAt = StartedAt ?? now, Failure = null };
    }

    /// <summary>Must be saved before a tracker or a distributor hears of the job for the first time.</summary>
    public Outcome<Job> HandOver(DateTimeOffset now) =>
        State == JobState.Processing ? this with { HandedOverAt = HandedOverAt ?? now, Simulated = IsSimulated } : JobRefusals.NotProcessing(this);

    /// <summary>Ends the delivery when no recipient is waiting any more.</summary>
    public Outcome<Job> FinishDelivery(DateTimeOffset now) => State == JobState.Processing
        ? this with { State = JobState.Completed, CompletedAt = now }
        : JobRefusals.NotProcessing(this);

    /// <summary>The delivery cannot go on by itself.</summary>
    public Outcome<Job> FailDelivery(JobFailure failure) => State is JobState.Processing or JobState.Waiting
        ? this with { State = JobState.Failed, Failure = failure }
        : JobRefusals.NotProcessing(this);

    /// <summary>Stops the delivery; messages that are on the wire are finished.</summary>
    public Outcome<Job> Stop(Actor who) => State == JobState.Processing
        ? this with { State = JobState.Failed, Failure = JobFailures.Stopped(who) }
        : JobRefusals.NotProcessing(this);

    /// <summary>Goes on with a failed delivery where it was, at once.</summary>
    public Outcome<Job> Retry(DateTimeOffset now) => State == JobState.Failed
        ? this with { State = JobState.Waiting, DueAt = now, Failure = null }
        : JobRefusals.NotFailed(this);

    /// <summary>People send to recipients in doubt again: a completed job goes on, any other is on its way or is held already.</summary>
    public Outcome<Job> RepeatDoubts() => State switch
    {
        JobState.Open => JobRefusals.NotProcessing(this),
        JobState.Completed => this with { State = JobState.Processing, CompletedAt = null, Failure = null },
        JobState.Waiting or JobState.Processing or JobState.Failed => this,
        JobState.Archived => ArchiveRefusals.IsArchived(this),
    };

    /// <summary>Opens a failed job for editing again, as long as nothing of it has left.</summary>
    public Outcome<Job> Reopen() => (State, HandedOverAt) switch
    {
        (not JobState.Failed, _) => JobRefusals.NotFailed(this),
        (_, not null) => JobRefusals.AlreadyHandedOver(this),
        _ => Opened(),
    };

    /// <summary>Gives a failed job up: what waits is never sent.</summary>
    public Outcome<Job> Close(DateTimeOffset now) => State == JobState.Failed
        ? this with { State = JobState.Completed, CompletedAt = now }
        : JobRefusals.NotFailed(this);

    /// <summary>Its rows lie in a file from now on: only of what is over.</summary>
    public Outcome<Job> Archive() => State switch
    {
        JobState.Completed => this with { State = JobState.Archived },
        JobState.Archived => ArchiveRefusals.IsArchived(this),
        _ => ArchiveRefusals.NotOver(this),
    };

    /// <summary>Its rows are back. It is over, as it was.</summary>
    public Outcome<Job> BringBack() => State == JobState.Archived ? this with { State = JobState.Completed } : ArchiveRefusals.NotArchived(this);

    /// <summary>Whether it may be deleted: only what has never been authorized leaves no trace.</summary>
    public Outcome<Job> Delete() => State == JobState.Open ? this : JobRefusals.NotDeletable(this);

    private bool AsksForTest(JobStep step) => TestRule switch
    {
        TestRule.Always => step is not (JobStep.Schedule or JobStep.Test or JobStep.Authorize),
        TestRule.ContentOnly => step == JobStep.Content,
        TestRule.Never => false,
    };

    private Outcome<Job> Tested(TestState state, Actor who, DateTimeOffset now) =>
        Edited(JobStep.Test, who, now).Is(out var edited, out var refusal) ? edited with { TestState = state, TestAt = now } : refusal;

    private Job Opened() => this with
    {
        State = JobState.Open,
        Failure = null,
        AuthorizedBy = null,
        AuthorizedAt = null,
        DueAt = null,
        StartedAt = null,
        Simulated = false,
        Edits = Edits.Remove(JobStep.Authorize),
    };
}
