// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tutti.Lui.Fates;
using Tutti.Lui.Jobs;
using Tutti.Lui.Jobs.Sending;
using Tutti.Lui.Reports;
using Tutti.Lui.Tests.World;
using Tutti.Testing;
using Tutti.Wiring.Storage;
using Wire = Tutti.Contracts.Dst.V1;

namespace Tutti.Lui.Tests.Reports;

public abstract class ReportsSpec : WorldSpec
{
    [Fact]
    public async Task Before_its_start_everybody_waits_and_after_closing_it_everybody_is_withdrawn()
    {
        var job = await World.Lui.Authorized(7);
        Assert.Equal(new Receipt(7, 0, 0, 0, 0, 0, 0, 7), await Receipt(job));

        World.Clock.Advance(TimeSpan.FromHours(2));
        await World.Lui.Deliver();
        await World.Lui.Get<CloseJob>().Handle(new CloseJob.Command(job.Id, Ada), Token);

        Assert.Equal(new Receipt(7, 0, 0, 0, 0, 7, 0, 0), await Receipt(job));
        Assert.Equal(0, (await Receipt(await World.Lui.Prepare(3))).Planned);
    }

    [Fact]
    public async Task Recipients_are_listed_with_their_fates_in_pages_and_as_a_file()
    {
        World.Distributor.Judge = recipient => recipient.Id switch { 2 => Wire.Fate.Refused, 3 => null, 4 => Wire.Fate.InDoubt, _ => Wire.Fate.Accepted };
        var job = await World.Lui.Authorized(6);
        await World.Settle();

        var refused = Assert.Single(await Page(job, "refused", 0));
        Assert.Equal(("r2@rcpt.example", "scripted", "mx.example"), (refused.Address, refused.Reply, refused.Host));
        Assert.Equal(3, Assert.Single(await Page(job, "waiting", 0)).Id);
        Assert.Equal(4, Assert.Single(await Page(job, "in-doubt", 0)).Id);
        Assert.Equal([5L, 6L], (await Page(job, null, 4)).Select(one => one.Id));
        Assert.Equal("report.fate", (await Lister.Page(new ListFates.Query(job.Id, "lost", 0, 10), Token)).Refusal.Code);

        var selection = (await Lister.Find(new ListFates.Query(job.Id, null, 0, 0), Token)).Value;
        using var file = new MemoryStream();
        await Lister.Write(selection, file, Token);
        var lines = Encoding.UTF8.GetString(file.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Assert.Equal("address,fate,time,reply,host,attempts,came_back", lines[0]);
        Assert.Equal(7, lines.Length);
        Assert.StartsWith("r4@rcpt.example,in-doubt,20", lines[4], StringComparison.Ordinal);
        Assert.StartsWith("r3@rcpt.example,waiting,,", lines[3], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_job_that_was_not_started_lists_its_recipients_as_waiting()
    {
        var job = await World.Lui.Prepare(2);

        Assert.Equal([Fate.Waiting, Fate.Waiting], (await Page(job, null, 0)).Select(one => one.Fate));
    }

    [Fact]
    public async Task Progress_tells_the_receivers_own_words_and_does_without_a_distributor_that_is_away()
    {
        World.Distributor.Judge = _ => null;
        World.Distributor.Progress = new Wire.Progress { Deferred = 4, DeferredLanes = { new Wire.DeferredLane { Destination = "rcpt.example", Recipients = 4, Reply = "451 later" } } };
        var job = await World.Lui.Authorized(4);
        await World.Settle();

        var progress = (await World.Lui.Get<ReadProgress>().Handle(job.Id, Token)).Value;
        Assert.Equal((4, 4, "451 later"), (progress.HandedOver, progress.Deferred, progress.Destinations[0].Reply));

        World.Distributor.Away = true;
        World.Clock.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(4, (await World.Lui.Get<ReadProgress>().Handle(job.Id, Token)).Value.Receipt.Waiting);
    }

    private ListFates Lister => World.Lui.Get<ListFates>();

    private async Task<RecipientFate[]> Page(Job job, string? fate, long after) =>
        (await Lister.Page(new ListFates.Query(job.Id, fate, after, 10), Token)).Value;
}

public sealed class ReportsOnSqlite : ReportsSpec, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private protected override Task<Database> CreateDatabase() => OnSqlite(_folder);
}

public sealed class ReportsOnPostgres(PostgresServer server) : ReportsSpec
{
    private protected override Task<Database> CreateDatabase() => OnPostgres(server);
}
