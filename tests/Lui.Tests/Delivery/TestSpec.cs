// SPDX-License-Identifier: Apache-2.0
using Dapper;
using Tutti.Lui.Delivery;
using Tutti.Lui.Jobs;
using Tutti.Lui.Reports;
using Tutti.Lui.Tests.World;
using Tutti.Testing;
using Tutti.Wiring.Outcomes;
using Tutti.Wiring.Storage;
using Trk = Tutti.Contracts.Trk.V1;
using Wire = Tutti.Contracts.Dst.V1;

namespace Tutti.Lui.Tests.Delivery;

public abstract class TestSpec : WorldSpec
{
    [Fact]
    public async Task A_test_goes_to_the_given_addresses_with_the_data_of_recipients_and_counts_in_no_report()
    {
        World.Distributor.Judge = recipient => recipient.Id == 2 ? Wire.Fate.Refused : Wire.Fate.Accepted;
        var job = await World.Lui.Prepare(5);

        var number = (await Send(job, ["ada@office.example", "bob@office.example"], [3])).Value;
        await World.Settle();

        Assert.NotEqual(job.Id, number);
        Assert.Equal([("ada@office.example", "Nr 3"), ("bob@office.example", "Nr 3")], World.Distributor.Taken.Select(taken => (taken.Recipient.Address, taken.Recipient.DisplayName)));
        Assert.All(World.Distributor.Taken, taken => Assert.Equal((ulong)number, taken.Job));
        var test = Assert.Single(await World.Lui.Get<ListTests>().Handle(job.Id, Token));
        Assert.Equal(["accepted", "refused"], test.Messages.Select(message => message.Fate));
        Assert.Equal(0, (await Receipt(job)).Planned);
        Assert.Equal(0, (await World.Lui.Get<ReadReport>().Handle(job.Id, Token)).Value.Receipt.Accepted);
        Assert.Equal(TestState.Sent, (await World.Lui.Job(job.Id)).TestState);
        Assert.Equal(JobState.Open, (await World.Lui.Job(job.Id)).State);
    }

    [Fact]
    public async Task Addresses_are_checked_before_anything_is_sent()
    {
        var job = await World.Lui.Prepare(1);

        Assert.Equal("test.count", (await Send(job, [], [])).Refusal.Code);
        Assert.Equal("test.address", (await Send(job, ["ada@office.example", "nobody"], [])).Refusal.Code);
        Assert.Equal("test.sample", (await Send(job, ["ada@office.example"], [7])).Refusal.Code);
    }

    [Fact]
    public async Task A_job_whose_steps_are_not_done_cannot_be_tested()
    {
        var job = (await World.Lui.Get<CreateJob>().Handle(new CreateJob.Command("Bare", Ada), Token)).Value;

        var refusal = (await Send(job, ["ada@office.example"], [])).Refusal;

        Assert.Equal("test.not-yet", refusal.Code);
    }

    [Fact]
    public async Task With_its_job_a_test_goes_and_all_that_came_of_it()
    {
        var (job, other) = (await World.Lui.Prepare(5), await World.Lui.Prepare(5));
        await Send(job, ["ada@office.example", "bob@office.example"], [3]);
        await Send(other, ["cy@office.example"], [1]);
        await World.Settle();
        Assert.Equal(2, await Rows("delivery"));
        Assert.Equal(3, await Rows("outcome"));

        Assert.False((await World.Lui.Get<DeleteJob>().Handle(new DeleteJob.Command(job.Id, Ada), Token)).IsRefused);
        await World.Settle();

        Assert.Equal((1, 1, 1), (await Rows("delivery"), await Rows("test_recipient"), await Rows("delivery_batch")));
        Assert.Equal((1, 1), (await Rows("outcome"), await Rows("outcome_count")));
        Assert.Equal("accepted", Assert.Single(Assert.Single(await World.Lui.Get<ListTests>().Handle(other.Id, Token)).Messages).Fate);
    }

    [Fact]
    public async Task What_comes_of_a_test_that_ran_when_its_job_was_deleted_leaves_nothing_behind()
    {
        World.Distributor.Judge = _ => null;
        var job = await World.Lui.Prepare(5);
        var number = (await Send(job, ["ada@office.example"], [3])).Value;
        await World.Settle();
        Assert.False((await World.Lui.Get<DeleteJob>().Handle(new DeleteJob.Command(job.Id, Ada), Token)).IsRefused);

        World.Distributor.Decide((_, _) => Wire.Fate.Accepted);
        World.Distributor.Return(number, 1, Wire.CameBack.Bounced, Wire.BounceClass.Hard, "550 5.1.1 Nobody");
        World.Tracker.Add(Trk.EventKind.Click, number, World.Distributor.Taken[0].Recipient.Token);
        await World.Settle();

        Assert.Equal(2UL, World.Distributor.Confirmed);
        Assert.Equal((0, 0, 0, 0), (await Rows("outcome"), await Rows("outcome_count"), await Rows("came_back"), await Rows("tracker_event")));
    }

    private async Task<long> Rows(string table)
    {
        await using var connection = await World.Lui.Get<Database>().Open(Token);
        return await connection.ExecuteScalarAsync<long>($"SELECT COUNT(*) FROM {table}");
    }

    private Task<Outcome<long>> Send(Job job, IReadOnlyList<string> addresses, IReadOnlyList<long> samples) =>
        World.Lui.Get<SendTest>().Handle(new SendTest.Command(job.Id, Ada, addresses, samples), Token);
}

public sealed class TestOnSqlite : TestSpec, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private protected override Task<Database> CreateDatabase() => OnSqlite(_folder);
}

public sealed class TestOnPostgres(PostgresServer server) : TestSpec
{
    private protected override Task<Database> CreateDatabase() => OnPostgres(server);
}
