// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Fates;
using Tutti.Lui.Jobs;
using Tutti.Lui.Jobs.Sending;
using Tutti.Lui.OnDemand;
using Tutti.Lui.Reports;
using Tutti.Lui.Suppression;
using Tutti.Lui.Tests.World;
using Tutti.Testing;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Tests.OnDemand;

public abstract class OnDemandSpec : WorldSpec
{
    [Fact]
    public async Task Recipients_come_one_by_one_get_the_message_and_are_counted_and_samples_get_nothing()
    {
        var job = await Begun();
        Assert.Equal(new Receipt(0, 0, 0, 0, 0, 0, 0, 0), await Receipt(job));
        var ann = await Send(job, "ann@rcpt.example", "order-1");
        Assert.Equal((3, Fate.Waiting), (ann.Number, ann.Fate));
        await World.Settle();
        Assert.Equal(Fate.Accepted, (await World.Lui.Get<OnDemandStore>().Find(job.Id, ann.Number, Token))!.Fate);
        Assert.Equal(JobState.Processing, (await World.Lui.Job(job.Id)).State);

        // The same address may get another message; the same reference makes none.
        await Send(job, "ann@rcpt.example", "order-2");
        Assert.Equal(ann.Number, (await Send(job, "Ann@RCPT.example", "order-1")).Number);
        await World.Restart();
        await Send(job, "ben@rcpt.example", null);
        await World.Settle();
        Assert.Equal(new Receipt(3, 3, 0, 0, 0, 0, 0, 0), await Receipt(job));
        Assert.Equal(["ann@rcpt.example", "ann@rcpt.example", "ben@rcpt.example"], World.Distributor.Taken.Select(one => one.Recipient.Address));

        _ = (await World.Lui.Get<EndOnDemand>().Handle(new(job, Ada), Token)).Value;
        await World.Settle();
        Assert.Equal(JobState.Completed, (await World.Lui.Job(job.Id)).State);
        Assert.Equal("on-demand.not-running", (await Try(job, "cy@rcpt.example", null)).Refusal.Code);
        Assert.Equal(ann.Number, (await Send(job, "ann@rcpt.example", "order-1")).Number);
    }

    [Fact]
    public async Task What_cannot_be_sent_is_refused_and_who_is_suppressed_gets_nothing()
    {
        var job = await Begun();
        Assert.Equal("on-demand.address", (await Try(job, "nobody", null)).Refusal.Code);
        Assert.Equal("on-demand.reference", (await Try(job, "ann@rcpt.example", "")).Refusal.Code);
        Assert.Equal("on-demand.column", (await World.Lui.Get<SendOne>().Handle(new(job, "ann@rcpt.example", new Dictionary<string, string?> { ["colour"] = "red" }, null, Ada), Token)).Refusal.Code);
        await Send(job, "ann@rcpt.example", "order-1");
        Assert.Equal("on-demand.other-message", (await Try(job, "ben@rcpt.example", "order-1")).Refusal.Code);
        _ = (await World.Lui.Get<SuppressAddress>().Handle(new(["ben@rcpt.example"], "asked by letter", Ada), Token)).Value;
        var ben = await Send(job, "ben@rcpt.example", null);
        await World.Settle();
        Assert.Equal(Fate.Suppressed, (await World.Lui.Get<OnDemandStore>().Find(job.Id, ben.Number, Token))!.Fate);

        // Stopped and given up: the job ends although nobody ended it.
        _ = (await World.Lui.Get<StopJob>().Handle(new(job.Id, Ada), Token)).Value;
        Assert.Equal("on-demand.not-running", (await Try(job, "cy@rcpt.example", null)).Refusal.Code);
        _ = (await World.Lui.Get<CloseJob>().Handle(new(job.Id, Ada), Token)).Value;
        await World.Settle();
        Assert.Equal(new Receipt(2, 1, 0, 0, 1, 0, 0, 0), await Receipt(job));
    }

    [Fact]
    public async Task Many_at_once_get_numbers_of_their_own()
    {
        var job = await Begun();
        var sent = await Task.WhenAll(Enumerable.Range(0, 40).Select(number => Send(job, $"p{number % 20}@rcpt.example", $"order-{number % 20}")));
        Assert.Equal(Enumerable.Range(3, 20), sent.Select(one => (int)one.Number).Distinct().Order());
        await World.Settle();
        Assert.Equal(20, (await Receipt(job)).Accepted);
    }

    [Fact]
    public async Task A_job_takes_single_recipients_only_if_that_was_approved()
    {
        var plain = await World.Lui.Authorized(2);
        await World.Settle();
        Assert.Equal("on-demand.not-running", (await Try(plain, "ann@rcpt.example", null)).Refusal.Code);
        Assert.Equal("job.not-open", (await World.Lui.Get<ChooseOnDemand>().Handle(new(plain.Id, Ada, true), Token)).Refusal.Code);
    }

    private async Task<Job> Begun()
    {
        var job = await World.Lui.Prepare(2);
        _ = (await World.Lui.Get<ChooseOnDemand>().Handle(new(job.Id, Ada, true), Token)).Value;
        _ = (await World.Lui.Get<Tutti.Lui.Jobs.Steps.WaiveTest>().Handle(new(job.Id, Ada), Token)).Value;
        await World.Lui.PassPreflight(job);
        job = (await World.Lui.Get<AuthorizeJob>().Handle(new(job.Id, Ada), Token)).Value;
        await World.Settle();
        return job;
    }

    private Task<Tutti.Wiring.Outcomes.Outcome<SentMessage>> Try(Job job, string address, string? reference) =>
        World.Lui.Get<SendOne>().Handle(new(job, address, new Dictionary<string, string?> { ["NAME"] = "Ann" }, reference, Ada), Token);

    private async Task<SentMessage> Send(Job job, string address, string? reference) => (await Try(job, address, reference)).Value;
}

public sealed class OnDemandOnSqlite : OnDemandSpec
{
    private readonly TemporaryFolder _folder = new();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
    }

    private protected override Task<Database> CreateDatabase() => OnSqlite(_folder);
}

public sealed class OnDemandOnPostgres(PostgresServer server) : OnDemandSpec
{
    private protected override Task<Database> CreateDatabase() => OnPostgres(server);
}
