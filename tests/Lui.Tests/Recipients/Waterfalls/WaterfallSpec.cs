// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Dapper;
using Tutti.Lui.Jobs;
using Tutti.Lui.Recipients.Reasons;
using Tutti.Lui.Recipients.Waterfalls;
using Tutti.Lui.Returns;
using Tutti.Lui.Suppression;
using Tutti.Lui.Tests.World;
using Tutti.Testing;
using Tutti.Wiring.Storage;
using Wire = Tutti.Contracts.Dst.V1;

namespace Tutti.Lui.Tests.Recipients.Waterfalls;

public abstract class WaterfallSpec : WorldSpec
{
    [Fact]
    public async Task It_goes_from_the_source_to_those_who_get_it_and_opens_everybody_behind_each_step()
    {
        var job = await World.Lui.Prepare(9);
        await SetApart(job, (10, "invalid", "nobody", "there is no @"), (11, "duplicate", "r1@rcpt.example", "the same address stands in line 2"), (12, "duplicate", "R1@rcpt.example", "the same address stands in line 2"));
        await SuppressAll();

        var waterfall = await Read(job);
        Assert.Equal(("spring.csv", 12L, 4L, false), (waterfall.Source, waterfall.InSource, waterfall.Remaining, waterfall.HasBegun));
        Assert.Equal(["Invalid 1", "Duplicate 2", "Unsubscribed 1", "Bounced 1", "Complained 1", "Suppressed 2"], waterfall.Lines.Select(line => $"{line.Step} {line.Count}"));
        Assert.Equal(waterfall.InSource, waterfall.Remaining + waterfall.Lines.Sum(line => line.Count));
        foreach (var line in waterfall.Lines)
        {
            Assert.Equal(line.Count, (await People(job, line.Step)).Count);
        }

        var unsubscribed = Assert.Single(await People(job, WaterfallStep.Unsubscribed));
        Assert.Equal((2L, "r2@rcpt.example", "Nr 2", "unsubscribed on Tuesday"), (unsubscribed.Key, unsubscribed.Address, unsubscribed.Name, unsubscribed.Reason));
        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(5000), unsubscribed.At);
        Assert.Equal(["r5@rcpt.example", "r6@rcpt.example"], (await People(job, WaterfallStep.Suppressed)).Select(one => one.Address));
        Assert.Equal(["r1@rcpt.example", "r7@rcpt.example", "r8@rcpt.example", "r9@rcpt.example"], (await People(job, WaterfallStep.Remaining)).Select(one => one.Address));
        Assert.Equal(["the same address stands in line 2", "the same address stands in line 2"], (await People(job, WaterfallStep.Duplicate)).Select(one => one.Reason));
    }

    [Fact]
    public async Task People_are_paged_searched_and_written_to_a_file()
    {
        var job = await World.Lui.Prepare(9);
        await SuppressAll();
        var scope = (await World.Lui.Get<ReadWaterfall>().ScopeOf(job, Token)).Value;
        var store = World.Lui.Get<WaterfallStore>();

        Assert.Equal([1L, 7L], (await store.People(scope, WaterfallStep.Remaining, "", 0, 2, Token)).Select(one => one.Key));
        Assert.Equal([8L, 9L], (await store.People(scope, WaterfallStep.Remaining, "", 7, 2, Token)).Select(one => one.Key));
        Assert.Equal([8L], (await store.People(scope, WaterfallStep.Remaining, " R8@ ", 0, 9, Token)).Select(one => one.Key));
        Assert.Equal([9L], (await store.People(scope, WaterfallStep.Remaining, "nr 9", 0, 9, Token)).Select(one => one.Key));
        Assert.Empty(await store.People(scope, WaterfallStep.Remaining, "%", 0, 9, Token));
        Assert.Equal([3L], (await store.People(scope, WaterfallStep.Bounced, "r3", 0, 9, Token)).Select(one => one.Key));

        using var file = new MemoryStream();
        await World.Lui.Get<WritePeople>().Handle(scope, WaterfallStep.Bounced, "", file, Token);
        Assert.Equal("NUMBER,ADDRESS,NAME,REASON,SINCE\r\n3,r3@rcpt.example,Nr 3,bounced on Tuesday,1970-01-01T00:00:05.000Z\r\n", Encoding.UTF8.GetString(file.ToArray()).TrimStart('\uFEFF'));
    }

    [Fact]
    public async Task The_hand_over_comes_to_the_number_that_was_foretold()
    {
        var job = await World.Lui.Authorized(9);
        await SuppressAll();
        var foretold = await Read(job);
        await World.Settle();

        var receipt = await Receipt(job);
        Assert.Equal((foretold.Remaining, 5L), (receipt.Accepted, receipt.Suppressed));
        var begun = await Read(job);
        Assert.True(begun.HasBegun);
        Assert.Equal(foretold.Remaining, begun.Remaining);
        Assert.Equal(["Invalid 0", "Duplicate 0", "Suppressed 5"], begun.Lines.Select(line => $"{line.Step} {line.Count}"));
        Assert.Equal(5, (await People(job, WaterfallStep.Suppressed)).Count);
        Assert.Equal("On the suppression list: unsubscribed on Tuesday.", (await People(job, WaterfallStep.Suppressed))[0].Reason);
        Assert.Equal(4, (await People(job, WaterfallStep.Remaining)).Count);
        Assert.Empty(await People(job, WaterfallStep.Unsubscribed));

        // Whoever is taken off the list, or put on it, changes nothing of what was done.
        await World.Lui.Get<SuppressionStore>().Remove("r2@rcpt.example", "asked", 1, Token);
        Assert.Equal(begun.Remaining, (await Read(job)).Remaining);
    }

    [Fact]
    public async Task A_change_of_the_suppression_list_counts_at_once()
    {
        var job = await World.Lui.Prepare(9);
        Assert.Equal(9, (await Read(job)).Remaining);
        await SuppressAll();
        Assert.Equal(4, (await Read(job)).Remaining);
        await World.Lui.Get<SuppressionStore>().Remove("r2@rcpt.example", "asked", 1, Token);
        Assert.Equal(5, (await Read(job)).Remaining);
    }

    [Fact]
    public async Task A_job_without_recipients_has_none()
    {
        var job = (await World.Lui.Get<CreateJob>().Handle(new CreateJob.Command("Empty", Ada), Token)).Value;
        Assert.Equal("recipients.none", (await World.Lui.Get<ReadWaterfall>().Handle(job, Token)).Refusal.Code);
        Assert.Equal($"Mail job {job.Code} has no recipients yet.", await Why(job, "r1@rcpt.example"));
    }

    [Fact]
    public async Task Before_a_job_begins_one_sentence_says_who_will_get_it_and_who_not()
    {
        var job = await World.Lui.Prepare(9);
        await SetApart(job, (10, "invalid", "nobody@", "nothing stands behind the @"));
        await SuppressAll();

        Assert.Equal($"r1@rcpt.example will get the message when mail job {job.Code} leaves.", await Why(job, " R1@RCPT.example"));
        Assert.Equal("r2@rcpt.example will not get the message: the address has been on the suppression list since 1970-01-01 00:00:05 UTC (unsubscribed on Tuesday).", await Why(job, "r2@rcpt.example"));
        Assert.Equal("nobody@ does not get the message: line 10 of spring.csv was set apart, because nothing stands behind the @.", await Why(job, "Nobody@"));
        Assert.Equal("other@rcpt.example does not get the message: spring.csv does not have this address.", await Why(job, "other@rcpt.example"));
        Assert.Equal("recipients.which-address", (await Explain(job, " ")).Refusal.Code);
    }

    [Fact]
    public async Task After_it_one_sentence_says_who_got_it_and_who_not_with_time_and_source()
    {
        World.Distributor.Judge = recipient => recipient.Id switch
        {
            7 => Wire.Fate.Refused,
            8 => Wire.Fate.InDoubt,
            9 => null,
            10 => Wire.Fate.Expired,
            _ => Wire.Fate.Accepted,
        };
        var job = await World.Lui.Authorized(10);
        await SuppressAll();
        await World.Settle();

        Assert.Matches(@"^r1@rcpt\.example got the message: mx\.example accepted it \d{4}-.* UTC\. Its answer: ", await Why(job, "r1@rcpt.example"));
        Assert.Matches(@"^r2@rcpt\.example did not get the message: it was held back 2026-11-24 .* UTC\. On the suppression list: unsubscribed on Tuesday\.$", await Why(job, "r2@rcpt.example"));
        Assert.Matches(@"^r7@rcpt\.example did not get the message: mx\.example refused it .* UTC\. Its answer: scripted$", await Why(job, "r7@rcpt.example"));
        Assert.Matches(@"^Whether r8@rcpt\.example got the message is in doubt", await Why(job, "r8@rcpt.example"));
        Assert.Matches(@"^r9@rcpt\.example has not got the message yet: it has waited for its delivery since 2026-11-24 ", await Why(job, "r9@rcpt.example"));
        Assert.Matches(@"^r10@rcpt\.example did not get the message: until .* UTC no mail server took it\. The last answer: scripted$", await Why(job, "r10@rcpt.example"));
        var reason = (await Explain(job, "r1@rcpt.example")).Value;
        Assert.Equal("The recipients come from spring.csv, imported by Ada, 1970-01-01 00:00:00 UTC.", ReasonLook.SourceOf(reason, ReasonLook.Utc));

        await World.Database.Write(
            transaction => World.Lui.Get<ReturnStore>().Add(transaction, 1, [new Returned(job.Id, 1, CameBack.Bounced, BounceClass.Hard, "550 5.1.1 unknown", "mx.example", 9000)], Token),
            Token);
        var later = (await Explain(job, "r1@rcpt.example")).Value;
        Assert.Equal(ReasonKind.Got, later.Kind);
        Assert.Equal("It came back 1970-01-01 00:00:09 UTC: 550 5.1.1 unknown", Assert.Single(ReasonLook.AfterwardsOf(later, ReasonLook.Utc)));
    }

    private Task<int> SuppressAll() => World.Lui.Get<SuppressionStore>().Add(
        [
            new SuppressedAddress("r2@rcpt.example", "unsubscribed on Tuesday", "unsubscribe", 5000),
            new SuppressedAddress("r3@rcpt.example", "bounced on Tuesday", "bounce", 5000),
            new SuppressedAddress("r4@rcpt.example", "complained on Tuesday", "complaint", 5000),
            new SuppressedAddress("r5@rcpt.example", "asked by letter", "person", 5000),
            new SuppressedAddress("r6@rcpt.example", "asked elsewhere", "api", 5000),
            new SuppressedAddress("stranger@rcpt.example", "asked", "person", 5000),
        ],
        Token);

    private Task SetApart(Job job, params (long Line, string Kind, string Address, string Reason)[] lines) => World.Database.Write(
        async transaction =>
        {
            var id = (await World.Lui.Job(job.Id)).RecipientsId!.Value;
            foreach (var (line, kind, address, reason) in lines)
            {
                await transaction.Connection!.ExecuteAsync(
                    "INSERT INTO recipient_set_aside (recipients_id, line, kind, address, reason, raw) VALUES (@id, @line, @kind, @address, @reason, @address)",
                    new { id, line, kind, address, reason },
                    transaction);
            }

            await transaction.Connection!.ExecuteAsync(
                "UPDATE recipient_source SET invalid = @invalid, duplicates = @duplicates WHERE id = @id",
                new { id, invalid = lines.Count(line => line.Kind == "invalid"), duplicates = lines.Count(line => line.Kind == "duplicate") },
                transaction);
        },
        Token);

    private async Task<Waterfall> Read(Job job) => (await World.Lui.Get<ReadWaterfall>().Handle(await World.Lui.Job(job.Id), Token)).Value;

    private async Task<IReadOnlyList<WaterfallPerson>> People(Job job, WaterfallStep step)
    {
        var scope = (await World.Lui.Get<ReadWaterfall>().ScopeOf(await World.Lui.Job(job.Id), Token)).Value;
        return await World.Lui.Get<WaterfallStore>().People(scope, step, "", 0, 100, Token);
    }

    private async Task<Wiring.Outcomes.Outcome<AddressReason>> Explain(Job job, string address) =>
        await World.Lui.Get<ExplainAddress>().Handle(new ExplainAddress.Query(await World.Lui.Job(job.Id), address), Token);

    private async Task<string> Why(Job job, string address) => ReasonLook.SentenceOf((await Explain(job, address)).Value, ReasonLook.Utc);
}

public sealed class WaterfallOnSqlite : WaterfallSpec, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private protected override Task<Database> CreateDatabase() => OnSqlite(_folder);
}

public sealed class WaterfallOnPostgres(PostgresServer server) : WaterfallSpec
{
    private protected override Task<Database> CreateDatabase() => OnPostgres(server);
}
