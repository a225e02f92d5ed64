// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Dapper;
using Tutti.Contracts.Dst.V1;
using Tutti.Lui.Delivery;
using Tutti.Lui.Jobs;
using Tutti.Lui.Jobs.Repeats;
using Tutti.Lui.Jobs.Sending;
using Tutti.Lui.Jobs.Steps;
using Tutti.Lui.Recipients.Reasons;
using Tutti.Lui.Reports;
using Tutti.Lui.Reports.Signed;
using Tutti.Lui.Senders;
using Tutti.Lui.Teams;
using Tutti.Lui.Tests.World;
using Tutti.Testing;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Tests.Delivery;

/// <summary>Evaluation mode: deliveries are only simulated, and what was simulated once is never sent.</summary>
public abstract class EvaluationSpec : WorldSpec
{
    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task Where_the_group_or_the_installation_evaluates_everything_is_handed_over_to_be_captured(bool group, bool installation)
    {
        await Evaluate(group, installation);
        var job = await World.Lui.Authorized(5);
        Assert.True(job.Simulated);
        await World.Settle();

        Assert.True(World.Distributor.Opened[(ulong)job.Id].Capture);
        Assert.NotEmpty(World.Distributor.Came);
        Assert.All(World.Distributor.Came, batch => Assert.True(batch.Capture));
        Assert.Equal(5, World.Distributor.Taken.Count);
        var done = await World.Lui.Job(job.Id);
        Assert.Equal((JobState.Completed, true), (done.State, done.IsSimulated));
        Assert.EndsWith(", simulated", JobLook.WordOf(done), StringComparison.Ordinal);
        Assert.True(JobDocument.Of(done).Simulated);
    }

    [Fact]
    public async Task Reports_receipts_and_reasons_say_that_it_was_simulated()
    {
        await Evaluate(group: true);
        var job = await World.Lui.Authorized(5);
        await World.Settle();

        var report = (await World.Lui.Get<ReadReport>().Handle(job.Id, Token)).Value;
        Assert.True(report.Receipt.Simulated);
        Assert.StartsWith("Simulated, nobody got a message. ", ReceiptLook.SentenceOf(report.Receipt, report.Opens, report.Clicks), StringComparison.Ordinal);
        using var file = new MemoryStream();
        await World.Lui.Get<WriteSignedReceipt>().Handle(await World.Lui.Job(job.Id), (await World.Lui.Get<ListFates>().Find(new ListFates.Query(job.Id, null, 0, 0), Token)).Value, file, Token);
        Assert.Contains("\"simulated\":true", Encoding.UTF8.GetString(file.ToArray()).Split('\n')[0], StringComparison.Ordinal);
        Assert.Contains("-simulated-", WriteSignedReceipt.FileName(await World.Lui.Job(job.Id)), StringComparison.Ordinal);
        var reason = (await World.Lui.Get<ExplainAddress>().Handle(new(await World.Lui.Job(job.Id), "r1@rcpt.example"), Token)).Value;
        Assert.Contains("only simulated", ReasonLook.SentenceOf(reason, at => at.ToString("O", null)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_authorised_to_be_simulated_stays_so_when_the_mode_ends_and_becomes_real_by_a_new_authorisation_only()
    {
        await Evaluate(group: true);
        var (stays, anew) = (await World.Lui.Authorized(2), await World.Lui.Authorized(2));
        await Evaluate(group: false);
        _ = (await World.Lui.Get<RevokeAuthorization>().Handle(new RevokeAuthorization.Command(anew.Id, Ada), Token)).Value;
        await World.Lui.PassPreflight(anew);
        _ = (await World.Lui.Get<AuthorizeJob>().Handle(new AuthorizeJob.Command(anew.Id, Ada), Token)).Value;
        await World.Settle();

        Assert.True(World.Distributor.Opened[(ulong)stays.Id].Capture);
        Assert.False(World.Distributor.Opened[(ulong)anew.Id].Capture);
        Assert.Equal((true, false), ((await World.Lui.Job(stays.Id)).IsSimulated, (await World.Lui.Job(anew.Id)).IsSimulated));
    }

    [Fact]
    public async Task What_was_authorised_before_the_mode_began_and_has_not_left_is_simulated_too_and_what_has_left_is_not()
    {
        World.Distributor.Judge = _ => null;
        var left = await World.Lui.Authorized(2);
        await World.Lui.Deliver();
        var waits = await World.Lui.Authorized(2);
        await Evaluate(installation: true);
        await World.Settle();

        Assert.False(World.Distributor.Opened[(ulong)left.Id].Capture);
        Assert.False((await World.Lui.Job(left.Id)).IsSimulated);
        Assert.True(World.Distributor.Opened[(ulong)waits.Id].Capture);
        await Evaluate();
        Assert.True((await World.Lui.Job(waits.Id)).IsSimulated);
    }

    [Theory]
    [InlineData(true, "UPDATE job SET simulated = 0 WHERE id = @Id")]
    [InlineData(false, "UPDATE job SET simulated = 1 WHERE id = @Id")]
    public async Task A_mark_changed_in_the_database_stops_the_delivery(bool evaluates, string change)
    {
        await Evaluate(group: evaluates);
        var job = await World.Lui.Authorized(2);
        await Evaluate();
        await Execute(change, job);
        await World.Settle();

        var stopped = await World.Lui.Job(job.Id);
        Assert.Equal((JobState.Failed, "seal.differs"), (stopped.State, stopped.Failure?.Code));
        Assert.Empty(World.Distributor.Opened);
    }

    [Fact]
    public async Task A_delivery_whose_record_was_changed_is_not_handed_over()
    {
        await Evaluate(group: true);
        var job = await World.Lui.Authorized(2);
        World.Distributor.Away = true;
        await World.Lui.Deliver();
        await Execute("UPDATE delivery SET simulated = 0 WHERE id = @Id", job);
        World.Distributor.Away = false;
        await World.Settle();

        Assert.Empty(World.Distributor.Taken);
        Assert.Equal(JobState.Failed, (await World.Lui.Job(job.Id)).State);
    }

    [Fact]
    public async Task A_distributor_that_does_not_know_how_gets_nobody_until_it_does()
    {
        World.Distributor.KnowsCapture = false;
        await Evaluate(group: true);
        var job = await World.Lui.Authorized(3);
        await World.Settle();

        Assert.Empty(World.Distributor.Taken);
        Assert.Equal(JobState.Processing, (await World.Lui.Job(job.Id)).State);
        Assert.Contains("cannot simulate", (await World.Lui.Get<WaitStore>().Find(job.Id, Token))!.Reason, StringComparison.Ordinal);
        World.Distributor.KnowsCapture = true;
        await World.Settle();
        Assert.Equal((3, JobState.Completed), (World.Distributor.Taken.Count, (await World.Lui.Job(job.Id)).State));
    }

    [Fact]
    public async Task A_test_message_goes_out_with_a_banner()
    {
        await Evaluate(group: true);
        var job = await World.Lui.Prepare(2, html: "<html><body class=\"x\"><p>Dear {{ name }}</p></body></html>");
        var test = (await World.Lui.Get<SendTest>().Handle(new SendTest.Command(job.Id, Ada, ["me@test.example"], []), Token)).Value;
        await World.Settle();

        var opened = World.Distributor.Opened[(ulong)test];
        Assert.False(opened.Capture);
        Assert.Equal("me@test.example", Assert.Single(World.Distributor.Taken).Recipient.Address);
        var sent = string.Concat(opened.Content.Pieces.Select(piece => piece.HasFixed ? piece.Fixed.ToStringUtf8() : "")).Replace("=\r\n", "", StringComparison.Ordinal);
        Assert.Contains("*** Evaluation mode: this is a test message.", sent, StringComparison.Ordinal);
        Assert.Matches("<body class=3D\"x\"><div [^>]*>Evaluation mode: this is a test message.", sent);

        // Elsewhere a test is as the message will be.
        await Evaluate();
        var plain = (await World.Lui.Get<SendTest>().Handle(new SendTest.Command(job.Id, Ada, ["me@test.example"], []), Token)).Value;
        await World.Settle();
        Assert.DoesNotContain("Evaluation mode", string.Concat(World.Distributor.Opened[(ulong)plain].Content.Pieces.Select(piece => piece.HasFixed ? piece.Fixed.ToStringUtf8() : "")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_runs_of_a_repetition_stay_simulated()
    {
        await Evaluate(group: true);
        var job = await World.Lui.Prepare(2);
        _ = (await World.Lui.Get<ScheduleJob>().Handle(new ScheduleJob.Command(job.Id, null, "UTC", Ada) { Repeat = new RepeatChoice(1, "days", 2) }, Token)).Value;
        await World.Lui.PassPreflight(await World.Lui.Job(job.Id));
        _ = (await World.Lui.Get<AuthorizeJob>().Handle(new AuthorizeJob.Command(job.Id, Ada), Token)).Value;
        await World.Settle();
        await Evaluate();
        World.Clock.Advance(TimeSpan.FromDays(1));
        await World.Settle();

        Assert.Equal(2, World.Distributor.Opened.Count);
        Assert.All(World.Distributor.Opened.Values, opened => Assert.True(opened.Capture));
        Assert.Equal(4, World.Distributor.Taken.Count);
    }

    [Fact]
    public async Task It_does_not_leave_through_LISTSERV()
    {
        World.Distributor.Listserv.SetUp();
        await Evaluate(group: true);
        var job = await World.Lui.Prepare(2);
        _ = (await World.Lui.Get<NameSender>().Handle(new NameSender.Command(job.Id, Ada, "", "news@sender.example", null, Way: JobWay.Listserv), Token)).Value;
        _ = (await World.Lui.Get<WaiveTest>().Handle(new WaiveTest.Command(job.Id, Ada), Token)).Value;
        await World.Lui.PassPreflight(await World.Lui.Job(job.Id));
        _ = (await World.Lui.Get<AuthorizeJob>().Handle(new AuthorizeJob.Command(job.Id, Ada), Token)).Value;
        await World.Settle();

        Assert.Single(World.Distributor.Opened);
        Assert.All(World.Distributor.Opened.Values, opened => Assert.Equal((true, Way.Unspecified), (opened.Capture, opened.Way)));
    }

    private Task<bool> Evaluate(bool group = false, bool installation = false) => World.Lui.Get<PeopleStore>().Replace(
        [new Person(Ada.Id, Ada.Name, Ada.Name, "", "", Administrator: false, Disabled: false, GroupId: 1)],
        [new PersonGroup(1, "Press", FourEyes: false, StepRight.Edit) { Evaluation = group }],
        Token,
        installation);

    private Task<int> Execute(string sql, Job job) => World.Lui.Database.Write(transaction => transaction.Connection!.ExecuteAsync(sql, new { job.Id }, transaction), Token);
}

public sealed class EvaluationOnSqlite : EvaluationSpec, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private protected override Task<Database> CreateDatabase() => OnSqlite(_folder);
}

public sealed class EvaluationOnPostgres(PostgresServer server) : EvaluationSpec
{
    private protected override Task<Database> CreateDatabase() => OnPostgres(server);
}
