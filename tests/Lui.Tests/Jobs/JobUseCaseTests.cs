// SPDX-License-Identifier: Apache-2.0
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Tutti.Lui.Approval;
using Tutti.Lui.Delivery;
using Tutti.Lui.Delivery.Zones;
using Tutti.Lui.Jobs;
using Tutti.Lui.Jobs.Codes;
using Tutti.Lui.Jobs.Sending;
using Tutti.Lui.Jobs.Steps;

namespace Tutti.Lui.Tests.Jobs;

public sealed class JobUseCaseTests : IAsyncLifetime
{
    private static readonly Actor _ada = new("1", "Ada");
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 24, 23, 30, 0, TimeSpan.Zero));
    private readonly LuiDatabase _database = LuiDatabase.OnSqlite();
    private readonly StepOf _recipients = new(JobStep.Recipients);
    private readonly StepOf _content = new(JobStep.Content);
    private readonly JobStore _store;
    private readonly WorkflowReader _workflows;
    private readonly InstallationZone _zone;

    public JobUseCaseTests()
    {
        _store = new JobStore(_database.Database, _clock);
        _workflows = new WorkflowReader([_recipients, _content]);
        _zone = new InstallationZone(new JobSettings { TimeZone = "Europe/Berlin" }, _clock);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task A_job_gets_the_local_date_of_the_installation() => Assert.Equal("261125A", (await Create()).Code);

    [Fact]
    public async Task Rule_1_a_prefix_stands_before_the_code_and_counts_with_the_others()
    {
        var create = new CreateJob(_store, _zone, _clock);
        var job = (await create.Handle(new("Spring", _ada, Prefix: " doe "), Stop)).Value;

        Assert.Equal(("DOE-261125A", "261125B"), (job.Code, (await Create()).Code));
        Assert.Equal(job.Id, (await _store.Find("doe-261125a", Stop))!.Id);
        foreach (var bad in (string[])["D-E", "1A", "Ä", "ABCDEFGHIJK", "A B"])
        {
            Assert.Equal("job.prefix", (await create.Handle(new("Spring", _ada, Prefix: bad), Stop)).Refusal.Code);
        }
    }

    [Fact]
    public async Task Rule_3_revoked_stopped_retried_reopened_and_closed_the_job_is_where_it_belongs_and_the_journal_tells_it()
    {
        var job = await Prepared();
        Assert.Equal("job.not-waiting", (await new RevokeAuthorization(_store, _clock).Handle(new(job.Id, _ada), Stop)).Refusal.Code);
        job = (await Authorize(job)).Value;
        Assert.Equal((JobState.Waiting, _clock.GetUtcNow()), (job.State, job.DueAt));
        job = (await new RevokeAuthorization(_store, _clock).Handle(new(job.Id, _ada), Stop)).Value;
        Assert.Equal(JobState.Open, job.State);
        await Authorize(job);
        await _store.Change(job.Id, null, one => one.StartDelivery(_clock.GetUtcNow(), TimeSpan.FromHours(1)), _ => null, Stop);
        await new StopJob(_store, _clock).Handle(new(job.Id, _ada), Stop);
        await new RetryJob(_store, _clock).Handle(new(job.Id, _ada), Stop);
        await _store.Change(job.Id, null, one => one.FailDelivery(new JobFailure("broken", "")), _ => null, Stop);
        await new ReopenJob(_store, _clock).Handle(new(job.Id, _ada), Stop);
        await Authorize(job);
        await _store.Change(job.Id, null, one => one.FailDelivery(new JobFailure("broken", "")), _ => null, Stop);
        job = (await new CloseJob(_store, _clock).Handle(new(job.Id, _ada), Stop)).Value;
        Assert.True(job.ClosedAfterFailure);
        Assert.Equal(
            ["created", "scheduled", "test-waived", "authorized", "revoked", "authorized", "stopped", "retried", "reopened", "authorized", "closed"],
            (await _store.Journal(job.Id, Stop)).Reverse().Select(line => line.Kind));
    }

    [Fact]
    public async Task A_step_that_is_not_done_holds_the_authorization_back()
    {
        var job = await Prepared();
        _content.State = StepState.NeedsAttention;
        Assert.Equal("job.step-not-done", (await Authorize(job)).Refusal.Code);
        Assert.Equal(JobState.Open, (await _store.Find(job.Id, Stop))!.State);
    }

    [Fact]
    public async Task What_changed_while_it_was_judged_is_not_authorized()
    {
        var job = await Prepared();
        _content.Meanwhile = () => _store.Change(job.Id, null, one => one.Edited(JobStep.Schedule, _ada, _clock.GetUtcNow()), _ => null, Stop);
        Assert.Equal("job.changed", (await Authorize(job)).Refusal.Code);
        _content.Meanwhile = null;
        Assert.False((await Authorize(job)).IsRefused);
    }

    [Fact]
    public async Task A_test_is_waived_only_when_there_is_something_to_test()
    {
        var job = await Create();
        Assert.Equal("job.step-not-possible", (await new WaiveTest(_store, _workflows, _clock).Handle(new(job.Id, _ada), Stop)).Refusal.Code);
    }

    [Fact]
    public async Task A_time_is_read_in_the_zone_of_the_installation_unless_another_is_named()
    {
        var job = await Create();
        var schedule = new ScheduleJob(_store, _zone, _clock);
        var at = (await schedule.Handle(new(job.Id, "2026-12-01T09:00", null, _ada), Stop)).Value.Schedule!;
        Assert.Equal(("Europe/Berlin", new DateTimeOffset(2026, 12, 1, 8, 0, 0, TimeSpan.Zero)), (at.Zone, at.At));
        at = (await schedule.Handle(new(job.Id, "2026-12-01T09:00", "Asia/Tokyo", _ada), Stop)).Value.Schedule!;
        Assert.Equal(new DateTimeOffset(2026, 12, 1, 0, 0, 0, TimeSpan.Zero), at.At);
        Assert.Null((await schedule.Handle(new(job.Id, null, null, _ada), Stop)).Value.Schedule!.At);
        Assert.Equal("schedule.zone", (await schedule.Handle(new(job.Id, null, "Mars/Olympus", _ada), Stop)).Refusal.Code);
        Assert.Equal("schedule.past", (await schedule.Handle(new(job.Id, "2026-11-25T00:30", null, _ada), Stop)).Refusal.Code);
    }

    [Fact]
    public async Task What_does_not_exist_is_not_found()
    {
        Assert.Equal("job.not-found", (await new StopJob(_store, _clock).Handle(new(99, _ada), Stop)).Refusal.Code);
        Assert.Equal("job.not-found", (await Authorize(new Job { Id = 99, Code = "", Title = "", Owner = _ada, CreatedAt = default })).Refusal.Code);
        Assert.Equal("job.not-found", (await new GetJob(_store, _workflows).Find("991231A", Stop)).Refusal.Code);
    }

    private async Task<Job> Create() => (await new CreateJob(_store, _zone, _clock).Handle(new("Spring", _ada), Stop)).Value;

    private async Task<Job> Prepared()
    {
        var job = await Create();
        await _store.Change(job.Id, null, one => one with { Tracking = JobTracking.Personal, Sender = new JobSender("", "news@sender.example") }, _ => null, Stop);
        await new ScheduleJob(_store, _zone, _clock).Handle(new(job.Id, null, null, _ada), Stop);
        return (await new WaiveTest(_store, _workflows, _clock).Handle(new(job.Id, _ada), Stop)).Value;
    }

    private Task<Wiring.Outcomes.Outcome<Job>> Authorize(Job job) =>
        new AuthorizeJob(
            _database.Database, _store, _workflows, [], new FirstDue(new ReadZones(_database.Database), new SnapshotStore(_database.Database)), new CheckSeal(new SealStore(_database.Database), []), _clock,
            NullLogger<AuthorizeJob>.Instance).Handle(new(job.Id, _ada), Stop);

    private sealed class StepOf(JobStep step) : IStepSource
    {
        public StepState State { get; set; } = StepState.Done;

        public Func<Task>? Meanwhile { get; set; }

        public JobStep Step => step;

        public async ValueTask<StepReport> Report(Job job, CancellationToken cancellationToken)
        {
            if (Meanwhile is { } meanwhile)
            {
                await meanwhile();
            }

            return new StepReport(State, "");
        }
    }
}
