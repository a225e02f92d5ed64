// SPDX-License-Identifier: Apache-2.0
using Dapper;
using Tutti.Lui.Delivery;
using Tutti.Lui.Jobs;
using Tutti.Lui.Jobs.Sending;
using Tutti.Lui.Reports;
using Tutti.Lui.Suppression;
using Tutti.Lui.Tests.World;
using Tutti.Testing;
using Tutti.Wiring.Outcomes;
using Tutti.Wiring.Storage;
using Wire = Tutti.Contracts.Dst.V1;

namespace Tutti.Lui.Tests.Delivery;

public abstract class DeliverySpec : WorldSpec
{
    [Fact]
    public async Task Everybody_gets_one_message_and_the_receipt_adds_up()
    {
        World.Distributor.Judge = recipient => recipient.Id % 10 == 0 ? Wire.Fate.Refused : Wire.Fate.Accepted;
        var job = await World.Lui.Authorized(2500);

        await World.Settle();

        Assert.Equal(JobState.Completed, (await World.Lui.Job(job.Id)).State);
        var receipt = await Receipt(job);
        Assert.Equal(new Receipt(2500, 2250, 250, 0, 0, 0, 0, 0), receipt);
        Assert.True(receipt.AddsUp);
        AssertNobodyTwice(2500);
        Assert.Equal((ulong)World.Distributor.Events.Count, World.Distributor.Confirmed);
    }

    [Fact]
    public async Task Links_are_on_the_tracker_before_a_distributor_hears_of_the_job()
    {
        World.Tracker.Away = true;
        var job = await World.Lui.Authorized(10);

        await World.Settle();

        Assert.Empty(World.Distributor.Opened);
        Assert.Contains("has not confirmed the links", (await Wait(job))!.Reason, StringComparison.Ordinal);

        World.Tracker.Away = false;
        await World.Settle();

        Assert.Equal(["https://example.org/a", "https://example.org/b", "https://example.org/c"], World.Tracker.Published[(ulong)job.Id].Links.Select(link => link.Target));
        Assert.Null(await Wait(job));
        Assert.Equal(10, (await Receipt(job)).Accepted);
    }

    [Fact]
    public async Task A_distributor_that_is_away_keeps_the_job_in_processing_and_it_goes_on_at_the_first_batch_not_confirmed()
    {
        var job = await World.Lui.Authorized(3500);
        World.Distributor.Submitting.Plan(Trick.None, Trick.LoseAnswer, Trick.FailBefore);

        await World.Lui.Deliver();
        World.Distributor.Away = true;
        await World.Settle();

        Assert.Equal(JobState.Processing, (await World.Lui.Job(job.Id)).State);
        Assert.Contains("The job goes on by itself when it takes recipients again", (await Wait(job))!.Reason, StringComparison.Ordinal);

        World.Distributor.Away = false;
        await World.Settle();

        Assert.Equal(new Receipt(3500, 3500, 0, 0, 0, 0, 0, 0), await Receipt(job));
        AssertNobodyTwice(3500);
    }

    [Fact]
    public async Task A_repeated_batch_has_the_same_bytes()
    {
        var job = await World.Lui.Authorized(1200);
        World.Distributor.Submitting.Plan(Trick.LoseAnswer, Trick.LoseAnswer);
        await World.Lui.Deliver();

        // Somebody unsubscribes after the batch was fixed: it stays as it was offered.
        await Suppress("r7@rcpt.example");
        await World.Restart();
        await World.Settle();

        var repeated = World.Distributor.Came.GroupBy(batch => batch.Number).Where(group => group.Count() > 1).ToList();
        Assert.NotEmpty(repeated);
        Assert.All(repeated, group => Assert.Single(group.Distinct()));
        Assert.Equal(1200, (await Receipt(job)).Accepted);
    }

    [Fact]
    public async Task Suppressed_recipients_are_never_offered()
    {
        await Suppress("r3@rcpt.example", "r5@rcpt.example");
        var job = await World.Lui.Authorized(20);

        await World.Settle();

        Assert.Equal(new Receipt(20, 18, 0, 0, 2, 0, 0, 0), await Receipt(job));
        Assert.DoesNotContain(World.Distributor.Taken, taken => taken.Recipient.Address is "r3@rcpt.example" or "r5@rcpt.example");
        Assert.Equal(["r3@rcpt.example", "r5@rcpt.example"], World.Distributor.Suppressed.Select(change => change.Address));
    }

    [Fact]
    public async Task A_job_whose_recipients_are_all_suppressed_is_completed()
    {
        await Suppress([.. Enumerable.Range(1, 5).Select(number => $"r{number}@rcpt.example")]);
        var job = await World.Lui.Authorized(5);

        await World.Settle();

        Assert.Equal(JobState.Completed, (await World.Lui.Job(job.Id)).State);
        Assert.Equal(new Receipt(5, 0, 0, 0, 5, 0, 0, 0), await Receipt(job));
    }

    [Fact]
    public async Task A_stopped_job_is_held_and_goes_on_when_it_is_retried()
    {
        World.Distributor.Judge = _ => null;
        var job = await World.Lui.Authorized(30);
        await World.Lui.Deliver();

        await World.Lui.Get<StopJob>().Handle(new StopJob.Command(job.Id, Ada), Token);
        World.Distributor.Directing.Plan(Trick.LoseAnswer, Trick.FailBefore);
        await World.Settle();
        Assert.Equal(Wire.Course.Hold, World.Distributor.Directions[^1].Course);
        Assert.Equal(30, (await Receipt(job)).Waiting);

        World.Distributor.Judge = _ => Wire.Fate.Accepted;
        await World.Lui.Get<RetryJob>().Handle(new RetryJob.Command(job.Id, Ada), Token);
        await World.Settle();

        Assert.Equal([1u, 2u], World.Distributor.Directions.Select(direction => direction.Number).Distinct());
        Assert.Equal(JobState.Completed, (await World.Lui.Job(job.Id)).State);
        Assert.Equal(30, (await Receipt(job)).Accepted);
        AssertNobodyTwice(30);
    }

    [Fact]
    public async Task A_closed_job_withdraws_those_who_wait_here_and_there()
    {
        World.Distributor.Judge = recipient => recipient.Id <= 100 ? Wire.Fate.Accepted : null;
        var job = await World.Lui.Authorized(5000);
        World.Distributor.Submitting.Plan(Trick.None, Trick.FailBefore, Trick.LoseAnswer, Trick.FailBefore);
        await World.Lui.Deliver();

        await World.Lui.Get<StopJob>().Handle(new StopJob.Command(job.Id, Ada), Token);
        await World.Lui.Deliver();
        await World.Lui.Get<CloseJob>().Handle(new CloseJob.Command(job.Id, Ada), Token);
        await World.Settle();

        // Whether the batch with the first hundred came through before the stop is up to the network.
        var receipt = await Receipt(job);
        Assert.True(receipt is { AddsUp: true, Waiting: 0 } && receipt.Accepted + receipt.Withdrawn == 5000 && receipt.Accepted <= 100, receipt.ToString());
        Assert.Equal(DeliveryState.Closed, (await World.Lui.Get<DeliveryStore>().Find(job.Id, Token))!.State);
        AssertNobodyTwice(World.Distributor.Taken.Count);
    }

    [Fact]
    public async Task A_delivery_that_this_version_would_fill_with_the_wrong_values_fails_with_the_reason()
    {
        var job = await World.Lui.Authorized(10);
        await World.Lui.Get<AdvanceDeliveries>().Handle(Token);
        await Rewrite("Dear", "Deer");

        await World.Settle();

        var failed = await World.Lui.Job(job.Id);
        Assert.Equal(JobState.Failed, failed.State);
        Assert.Contains("cuts messages in another way", failed.Failure!.Message, StringComparison.Ordinal);
        Assert.Empty(World.Distributor.Taken);

        await Rewrite("Deer", "Dear");
        _ = (await World.Lui.Get<RetryJob>().Handle(new RetryJob.Command(job.Id, Ada), Token)).Value;
        await World.Settle();
        Assert.Equal(new Receipt(10, 10, 0, 0, 0, 0, 0, 0), await Receipt(job));
    }

    [Fact]
    public async Task A_job_missed_by_an_hour_fails_and_nothing_leaves()
    {
        var job = await World.Lui.Authorized(5);
        World.Clock.Advance(TimeSpan.FromMinutes(61));

        await World.Settle();

        Assert.Equal("missed", (await World.Lui.Job(job.Id)).Failure!.Code);
        Assert.Empty(World.Distributor.Opened);
    }

    [Fact]
    public async Task In_doubt_is_settled_by_a_later_fate_and_by_nothing_else()
    {
        World.Distributor.Judge = recipient => recipient.Id <= 2 ? Wire.Fate.InDoubt : Wire.Fate.Accepted;
        var job = await World.Lui.Authorized(5);
        await World.Settle();
        Assert.Equal(new Receipt(5, 3, 0, 0, 0, 0, 2, 0), await Receipt(job));

        World.Distributor.Settle((ulong)job.Id, 1, Wire.Fate.Refused);
        World.Distributor.Settle((ulong)job.Id, 5, Wire.Fate.Refused);
        await World.Settle();

        Assert.Equal(new Receipt(5, 3, 1, 0, 0, 0, 1, 0), await Receipt(job));
    }

    [Fact]
    public async Task A_distributor_whose_store_was_replaced_is_given_the_content_again()
    {
        var job = await World.Lui.Authorized(1500);
        World.Distributor.Submitting.Plan(Trick.None, Trick.FailBefore);
        await World.Lui.Deliver();
        await World.Lui.Read();

        World.Distributor.Replace();
        await World.Settle();

        Assert.Contains((ulong)job.Id, World.Distributor.Opened.Keys);
        Assert.Equal(1500, (await Receipt(job)).Accepted);
    }

    [Fact]
    public async Task A_delivery_waits_for_the_keys_of_a_hub_that_was_never_reached()
    {
        await using var world = await Installation.Start(await CreateDatabase());
        world.Hub.Keys.Current = 9;
        await world.Lui.Refresh();
        var job = await world.Lui.Authorized(3);

        await world.Settle();
        var wait = await world.Lui.Get<WaitStore>().Find(job.Id, Token);
        Assert.Contains("keys", wait!.Reason, StringComparison.Ordinal);

        world.Hub.Keys.Current = 1;
        await world.Lui.Refresh();
        world.Hub.Answering.Away = true;
        Assert.False(await world.Lui.Refresh());
        await world.Settle();

        Assert.Equal(JobState.Completed, (await world.Lui.Job(job.Id)).State);
    }

    private Task<int> Rewrite(string old, string now) => World.Lui.Database.Write(
        transaction => transaction.Connection!.ExecuteAsync("UPDATE delivery SET plan = replace(plan, @old, @now), parts_hash = ''", new { old, now }, transaction), Token);

    private void AssertNobodyTwice(int expected)
    {
        Assert.Equal(expected, World.Distributor.Taken.Count);
        Assert.Equal(expected, World.Distributor.Taken.Select(taken => (taken.Job, taken.Recipient.Address)).Distinct().Count());
    }

    private Task<Outcome<int>> Suppress(params IReadOnlyList<string> addresses) =>
        World.Lui.Get<SuppressAddress>().Handle(new SuppressAddress.Command(addresses, "asked by phone", Ada), Token);

    private Task<DeliveryWait?> Wait(Job job) => World.Lui.Get<WaitStore>().Find(job.Id, Token);
}

public sealed class DeliveryOnSqlite : DeliverySpec, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private protected override Task<Database> CreateDatabase() => OnSqlite(_folder);
}

public sealed class DeliveryOnPostgres(PostgresServer server) : DeliverySpec
{
    private protected override Task<Database> CreateDatabase() => OnPostgres(server);
}
