// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Jobs;
using Tutti.Lui.Reports;
using Tutti.Lui.Returns;
using Tutti.Lui.Suppression;
using Tutti.Lui.Tests.World;
using Tutti.Testing;
using Tutti.Wiring.Storage;
using Trk = Tutti.Contracts.Trk.V1;
using Wire = Tutti.Contracts.Dst.V1;

namespace Tutti.Lui.Tests.Returns;

public abstract class ReturnsSpec : WorldSpec
{
    [Fact]
    public async Task What_came_back_changes_no_term_of_the_receipt_and_is_counted_once()
    {
        var job = await Delivered(6);
        World.Distributor.Return(job.Id, 1, Wire.CameBack.Bounced, Wire.BounceClass.Soft, "552 5.2.2 Full");
        World.Distributor.Return(job.Id, 1, Wire.CameBack.Bounced, Wire.BounceClass.Hard, "550 5.1.1 Nobody");
        World.Distributor.Return(job.Id, 1, Wire.CameBack.Bounced, Wire.BounceClass.Soft, "552 5.2.2 Full");
        World.Distributor.Return(job.Id, 2, Wire.CameBack.Bounced, Wire.BounceClass.Policy, "550 5.7.1 No");
        World.Distributor.Return(job.Id, 3, Wire.CameBack.Complained, reply: "abuse");
        World.Distributor.Return(job.Id, 4, Wire.CameBack.Unsubscribed);
        World.Distributor.Fetching.Plan(Trick.LoseAnswer);
        World.Distributor.Confirming.Plan(Trick.LoseAnswer);
        await World.Settle();
        await World.Restart();
        await World.Settle();

        Assert.Equal(new Receipt(6, 6, 0, 0, 0, 0, 0, 0), await Receipt(job));
        Assert.Equal(new ReturnCounts(Hard: 1, Soft: 0, Policy: 1, Complained: 1, Unsubscribed: 1), (await World.Lui.Get<ReadReport>().Handle(job.Id, Token)).Value.CameBack);
        var page = (await World.Lui.Get<ListFates>().Page(new ListFates.Query(job.Id, null, 0, 10), Token)).Value;
        Assert.Equal(
            ["bounced hard 550 5.1.1 Nobody", "bounced policy 550 5.7.1 No", "complained abuse", "unsubscribed", "", ""],
            page.Select(one => ReturnLook.WordsOf(one.CameBack)));
        Assert.Equal([1L, 2L], (await World.Lui.Get<ListFates>().Page(new ListFates.Query(job.Id, "bounced", 0, 10), Token)).Value.Select(one => one.Id));
        Assert.Equal("report.fate", (await World.Lui.Get<ListFates>().Page(new ListFates.Query(job.Id, "bunced", 0, 10), Token)).Refusal.Code);
    }

    [Fact]
    public async Task Bad_addresses_complaints_and_unsubscribes_stay_out_of_the_next_job_and_policy_does_not()
    {
        var job = await Delivered(5);
        World.Distributor.Return(job.Id, 1, Wire.CameBack.Bounced, Wire.BounceClass.Hard, "550 5.1.1 Nobody");
        World.Distributor.Return(job.Id, 2, Wire.CameBack.Complained);
        World.Distributor.Return(job.Id, 3, Wire.CameBack.Unsubscribed);
        World.Distributor.Return(job.Id, 4, Wire.CameBack.Bounced, Wire.BounceClass.Policy, "550 5.7.1 No");
        await World.Settle();

        var list = await World.Lui.Get<SuppressionStore>().List("", "", 10, Token);
        Assert.Equal(
            [("r1@rcpt.example", "bounce"), ("r2@rcpt.example", "complaint"), ("r3@rcpt.example", "unsubscribe")],
            list.Select(one => (one.Address, one.Source)));
        Assert.StartsWith("bounced on 20", list[0].Reason, StringComparison.Ordinal);
        Assert.EndsWith(": 550 5.1.1 Nobody", list[0].Reason, StringComparison.Ordinal);
        Assert.Equal(1_790_000_000_000, list[0].At);
        Assert.Equal(new Receipt(5, 2, 0, 0, 3, 0, 0, 0), await Receipt(await Delivered(5)));
    }

    [Fact]
    public async Task A_refusal_at_the_moment_of_sending_has_the_same_consequences_by_its_class()
    {
        World.Distributor.Judge = recipient => recipient.Id <= 2 ? Wire.Fate.Refused : Wire.Fate.Accepted;
        World.Distributor.ClassOf = recipient => recipient == 1 ? Wire.BounceClass.Hard : Wire.BounceClass.Policy;
        var job = await Delivered(3);

        Assert.Equal(2, (await Receipt(job)).Refused);
        Assert.Equal(["r1@rcpt.example"], (await World.Lui.Get<SuppressionStore>().List("", "", 10, Token)).Select(one => one.Address));
    }

    [Fact]
    public async Task Soft_bounces_in_a_row_suppress_an_address_and_an_open_in_between_forgives()
    {
        for (var round = 1; round <= 5; round++)
        {
            var job = await Delivered(3);
            World.Distributor.Return(job.Id, 1, Wire.CameBack.Bounced, Wire.BounceClass.Soft, "552 5.2.2 Full");
            World.Distributor.Return(job.Id, 2, Wire.CameBack.Bounced, Wire.BounceClass.Soft, "552 5.2.2 Full");
            await World.Settle();
            if (round == 3)
            {
                World.Tracker.Add(Trk.EventKind.Open, job.Id, World.Distributor.Taken.Last(taken => taken.Job == (ulong)job.Id && taken.Recipient.Id == 2).Recipient.Token);
                await World.Settle();
            }

            Assert.Equal(round < 5 ? 0 : 1, await World.Lui.Get<SuppressionStore>().Count(Token));
        }

        var entry = Assert.Single(await World.Lui.Get<SuppressionStore>().List("", "", 10, Token));
        Assert.Equal(("r1@rcpt.example", "bounce"), (entry.Address, entry.Source));
        Assert.StartsWith("bounced 5 times in a row, last on ", entry.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bounce_settles_what_was_in_doubt_whichever_of_the_two_comes_first()
    {
        World.Distributor.Judge = recipient => recipient.Id switch { 1 => Wire.Fate.InDoubt, 2 => null, _ => Wire.Fate.Accepted };
        var job = await Delivered(3);
        World.Distributor.Return(job.Id, 1, Wire.CameBack.Bounced, Wire.BounceClass.Policy, "550 5.7.1 No");
        World.Distributor.Return(job.Id, 2, Wire.CameBack.Bounced, Wire.BounceClass.Policy, "550 5.7.1 No");
        await World.Settle();
        World.Distributor.Decide((_, _) => Wire.Fate.InDoubt);
        await World.Settle();

        Assert.Equal(new Receipt(3, 3, 0, 0, 0, 0, 0, 0), await Receipt(job));
    }

    private async Task<Job> Delivered(int recipients)
    {
        var job = await World.Lui.Authorized(recipients);
        await World.Settle();
        return job;
    }
}

public sealed class ReturnsOnSqlite : ReturnsSpec, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private protected override Task<Database> CreateDatabase() => OnSqlite(_folder);
}

public sealed class ReturnsOnPostgres(PostgresServer server) : ReturnsSpec
{
    private protected override Task<Database> CreateDatabase() => OnPostgres(server);
}
