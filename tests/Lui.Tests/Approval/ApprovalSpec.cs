// SPDX-License-Identifier: Apache-2.0
using Dapper;
using Tutti.Lui.Approval;
using Tutti.Lui.Content;
using Tutti.Lui.Jobs;
using Tutti.Lui.Jobs.Sending;
using Tutti.Lui.Jobs.Steps;
using Tutti.Lui.Tests.World;
using Tutti.Testing;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Tests.Approval;

public abstract class ApprovalSpec : WorldSpec
{
    [Theory]
    [InlineData("UPDATE content SET html = '<p>Buy</p>' WHERE job_id = @Id", "the message")]
    [InlineData("UPDATE content SET subject = 'Other' WHERE job_id = @Id", "the message")]
    [InlineData("UPDATE job SET sender_address = 'else@sender.example' WHERE id = @Id", "the sender")]
    [InlineData("UPDATE job SET tracking = 'blind' WHERE id = @Id", "tracking and links")]
    [InlineData("UPDATE job SET schedule_zone = 'Asia/Tokyo' WHERE id = @Id", "the schedule")]
    [InlineData("UPDATE recipient_source SET valid = valid + 1 WHERE job_id = @Id", "the recipients")]
    [InlineData("UPDATE content SET text = 'x' WHERE job_id = @Id; UPDATE job SET sender_name = 'Y' WHERE id = @Id", "the message, the sender")]
    public async Task A_part_changed_in_the_database_stops_the_delivery_and_the_reason_names_it(string change, string part)
    {
        var job = await World.Lui.Authorized(5);
        await Execute(change, job);
        await World.Settle();

        var stopped = await World.Lui.Job(job.Id);
        Assert.Equal((JobState.Failed, "seal.differs"), (stopped.State, stopped.Failure?.Code));
        Assert.Contains(part, stopped.Failure!.Message, StringComparison.Ordinal);
        Assert.Empty(World.Distributor.Opened);
        Assert.Equal(stopped.Failure.Message, (await World.Lui.Get<JobStore>().Journal(job.Id, Token))[0].Words);
    }

    [Fact]
    public async Task A_job_that_is_brought_forward_in_the_database_does_not_leave()
    {
        var job = await World.Lui.Prepare(5);
        _ = (await World.Lui.Get<ScheduleJob>().Handle(new ScheduleJob.Command(job.Id, "2026-11-25T09:00", "UTC", Ada), Token)).Value;
        await World.Lui.PassPreflight(await World.Lui.Job(job.Id));
        _ = (await World.Lui.Get<AuthorizeJob>().Handle(new AuthorizeJob.Command(job.Id, Ada), Token)).Value;
        Assert.True((await Verdict(job)).Holds);
        await Execute("UPDATE job SET due_at = due_at - 86400000 WHERE id = @Id", job);
        await World.Settle();

        var stopped = await World.Lui.Job(job.Id);
        Assert.Equal((JobState.Failed, "seal.differs"), (stopped.State, stopped.Failure?.Code));
        Assert.Contains("the schedule", stopped.Failure!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("UPDATE seal SET hash = REPLACE(hash, SUBSTR(hash, 1, 4), 'beef') WHERE job_id = @Id", "seal.broken")]
    [InlineData("UPDATE seal SET who_name = 'Eve' WHERE job_id = @Id", "seal.broken")]
    [InlineData("UPDATE job SET authorized_by_id = '66' WHERE id = @Id", "seal.broken")]
    [InlineData("UPDATE seal SET parts = 'nothing' WHERE job_id = @Id", "seal.differs")]
    [InlineData("DELETE FROM seal WHERE job_id = @Id", "seal.missing")]
    public async Task A_seal_changed_in_the_database_stops_the_delivery(string change, string code)
    {
        var job = await World.Lui.Authorized(5);
        await Execute(change, job);
        await World.Settle();

        var stopped = await World.Lui.Job(job.Id);
        Assert.Equal((JobState.Failed, code), (stopped.State, stopped.Failure?.Code));
        Assert.Empty(World.Distributor.Opened);
    }

    [Fact]
    public async Task A_job_that_was_put_back_leaves_when_it_is_retried()
    {
        var job = await World.Lui.Authorized(5);
        await Execute("UPDATE content SET subject = subject || '!' WHERE job_id = @Id", job);
        await World.Settle();
        await Execute("UPDATE content SET subject = SUBSTR(subject, 1, LENGTH(subject) - 1) WHERE job_id = @Id", job);
        await World.Lui.Get<RetryJob>().Handle(new RetryJob.Command(job.Id, Ada), Token);
        await World.Settle();

        Assert.Equal(JobState.Completed, (await World.Lui.Job(job.Id)).State);
        Assert.Equal(5, (await Receipt(job)).Accepted);
    }

    [Fact]
    public async Task A_job_that_was_opened_and_authorised_again_has_a_seal_of_what_it_is_then()
    {
        var job = await World.Lui.Authorized(5);
        var first = await Verdict(job);
        Assert.True(first.Holds);
        await World.Lui.Get<RevokeAuthorization>().Handle(new RevokeAuthorization.Command(job.Id, Ada), Token);
        await World.Lui.Get<SaveContent>().Handle(new SaveContent.Command(job.Id, Ada, "Another", "", "Text"), Token);
        await World.Lui.Get<WaiveTest>().Handle(new WaiveTest.Command(job.Id, Ada), Token);
        _ = (await World.Lui.Get<AuthorizeJob>().Handle(new AuthorizeJob.Command(job.Id, Ada), Token)).Value;

        var second = await Verdict(job);
        Assert.True(second.Holds);
        Assert.NotEqual(first.Seal!.Hash, second.Seal!.Hash);
        Assert.Equal(
            [SealedPart.Content],
            Enum.GetValues<SealedPart>().Where(part => first.Seal.Parts[part] != second.Seal.Parts[part]));
        await World.Settle();
        Assert.Equal(JobState.Completed, (await World.Lui.Job(job.Id)).State);
    }

    [Fact]
    public async Task The_fixed_bytes_of_a_delivery_changed_in_the_database_stop_it()
    {
        var job = await World.Lui.Authorized(5);
        World.Distributor.Away = true;
        await World.Lui.Deliver();
        await Execute("UPDATE delivery SET plan = REPLACE(plan, 'Hello', 'Hollo') WHERE id = @Id", job);
        World.Distributor.Away = false;
        await World.Settle();

        var stopped = await World.Lui.Job(job.Id);
        Assert.Equal(JobState.Failed, stopped.State);
        Assert.Contains("changed in the database", stopped.Failure!.Message, StringComparison.Ordinal);
        Assert.Empty(World.Distributor.Taken);
    }

    [Fact]
    public async Task Where_two_people_decide_the_one_who_edited_last_cannot_authorise()
    {
        var job = await World.Lui.Prepare(5);
        _ = (await World.Lui.Get<AskForFourEyes>().Handle(new AskForFourEyes.Command(job.Id, Ada, Asked: true), Token)).Value;
        var authorise = World.Lui.Get<AuthorizeJob>();

        Assert.Equal("approval.own-edit", (await authorise.Handle(new AuthorizeJob.Command(job.Id, Ada), Token)).Refusal.Code);
        Assert.Equal("approval.token", (await authorise.Handle(new AuthorizeJob.Command(job.Id, new Actor("token:1", "script")), Token)).Refusal.Code);
        await World.Lui.PassPreflight(await World.Lui.Job(job.Id));
        Assert.Equal(JobState.Waiting, (await authorise.Handle(new AuthorizeJob.Command(job.Id, new Actor("2", "Grace")), Token)).Value.State);
    }

    private Task<SealVerdict> Verdict(Job job) => Look(job.Id);

    private async Task<SealVerdict> Look(long id) => await World.Lui.Get<CheckSeal>().Handle(await World.Lui.Job(id), Token);

    private Task<int> Execute(string sql, Job job) => World.Database.Write(
        transaction => transaction.Connection!.ExecuteAsync(new CommandDefinition(sql, new { job.Id }, transaction, cancellationToken: Token)), Token);
}

public sealed class ApprovalOnSqlite : ApprovalSpec
{
    private readonly TemporaryFolder _folder = new();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
    }

    private protected override Task<Database> CreateDatabase() => OnSqlite(_folder);
}

public sealed class ApprovalOnPostgres(PostgresServer server) : ApprovalSpec
{
    private protected override Task<Database> CreateDatabase() => OnPostgres(server);
}
