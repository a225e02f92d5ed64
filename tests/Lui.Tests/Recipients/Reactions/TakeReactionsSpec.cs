// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Jobs;
using Tutti.Lui.Recipients;
using Tutti.Lui.Recipients.Import;
using Tutti.Lui.Recipients.Reactions;
using Tutti.Lui.Tests.World;
using Tutti.Lui.Tracking;
using Tutti.Testing;
using Tutti.Wiring.Outcomes;
using Tutti.Wiring.Storage;
using Wire = Tutti.Contracts.Dst.V1;

namespace Tutti.Lui.Tests.Recipients.Reactions;

public abstract class TakeReactionsSpec : WorldSpec
{
    [Theory]
    [InlineData("got", false, null, "1 2 3 4 5")]
    [InlineData("got", true, null, "6 7")]
    [InlineData("opened", false, null, "1 2 3")]
    [InlineData("opened", true, null, "4 5")]
    [InlineData("clicked", false, null, "2 3")]
    [InlineData("clicked", true, null, "1 4 5")]
    [InlineData("clicked-link", false, "https://example.org/b", "3")]
    [InlineData("clicked-link", true, "https://example.org/b", "1 2 4 5")]
    public async Task Recipients_of_another_job_are_taken_by_what_they_did(string kind, bool not, string? link, string expected)
    {
        var other = await Sent();
        var job = await World.Lui.Prepare(1);
        var set = new ReactionSet(Words.To<ReactionKind>(kind), not, link);

        var ids = expected.Split(' ');
        Assert.Equal(ids.Length, (await World.Lui.Get<TakeReactions>().Count(other.Code, set, Token)).Value);
        var source = await Import((await Take(job, other, set)).Value);

        Assert.Equal((SourceState.Ready, ids.Length), (source.State, source.Valid));
        Assert.Equal(["email", "name", "city"], source.Columns);
        Assert.Equal((0, null), (source.AddressColumn, source.NameColumn));
        var taken = await World.Lui.Get<RecipientStore>().Read(source.Id, 0, long.MaxValue, 100, Token);
        Assert.Equal(ids.Select(id => $"r{id}@rcpt.example"), taken.Select(one => one.Address));
        Assert.Equal(["r" + ids[0] + "@rcpt.example", "Nr " + ids[0]], taken[0].Fields.Take(2));
        Assert.Equal(source.Id, (await World.Lui.Job(job.Id)).RecipientsId);
    }

    [Fact]
    public async Task The_set_stays_as_it_was_when_it_was_taken()
    {
        var other = await Sent();
        var job = await World.Lui.Prepare(1);
        var source = await Import((await Take(job, other, new ReactionSet(ReactionKind.Opened, false, null))).Value);
        await React(other, (99, Reaction.Open, 0, 5));

        Assert.Equal(4, (await World.Lui.Get<TakeReactions>().Count(other.Code, new ReactionSet(ReactionKind.Opened, false, null), Token)).Value);
        Assert.Equal(3, (await World.Lui.Get<RecipientStore>().Read(source.Id, 0, long.MaxValue, 100, Token)).Count);
        Assert.Equal($"{other.Code}: opened it", source.FileName);
    }

    [Fact]
    public async Task What_cannot_be_taken_is_refused_in_words()
    {
        var other = await Sent();
        var anonymous = await Sent(JobTracking.Blind);
        var job = await World.Lui.Prepare(1);

        Assert.Equal("reactions.not-personal", (await Take(job, anonymous, new ReactionSet(ReactionKind.Opened, false, null))).Refusal.Code);
        Assert.Equal(5, (await World.Lui.Get<TakeReactions>().Count(anonymous.Code, new ReactionSet(ReactionKind.Got, false, null), Token)).Value);
        Assert.Equal("reactions.no-such-link", (await Take(job, other, new ReactionSet(ReactionKind.ClickedLink, false, "https://example.org/none"))).Refusal.Code);
        Assert.Equal("reactions.nobody", (await Take(job, other, new ReactionSet(ReactionKind.ClickedLink, false, "https://example.org/c"))).Refusal.Code);
        Assert.Equal("reactions.not-begun", (await Take(job, job, new ReactionSet(ReactionKind.Got, false, null))).Refusal.Code);
        Assert.Equal("job.not-open", (await Take(other, other, new ReactionSet(ReactionKind.Got, false, null))).Refusal.Code);
    }

    private async Task<Job> Sent(JobTracking tracking = JobTracking.Personal)
    {
        World.Distributor.Judge = recipient => recipient.Id switch { 6 => Wire.Fate.Refused, 7 => Wire.Fate.Expired, _ => Wire.Fate.Accepted };
        var job = await World.Lui.Authorized(7, tracking);
        await World.Settle();
        if (tracking == JobTracking.Personal)
        {
            var links = (await World.Lui.Get<Lui.Reports.ReportStore>().Links(job.Id, JobTracking.Personal, Token)).ToLookup(link => link.Target, link => link.Number);
            await React(job, (1, Reaction.Open, 0, 1), (2, Reaction.Open, 0, 2), (3, Reaction.Open, 0, 2), (4, Reaction.Click, links["https://example.org/a"].First(), 2), (5, Reaction.Click, links["https://example.org/b"].First(), 3));
        }

        return job;
    }

    private Task React(Job job, params (long Number, Reaction Kind, long Link, long Recipient)[] events) => World.Database.Write(
        transaction => World.Lui.Get<ReactionStore>().Add(
            transaction,
            feed: 77,
            clockOffsetMs: 0,
            [.. events.Select(one => new TrackerEvent(one.Number, 1, one.Kind, job.Id, one.Link, one.Recipient, "", ""))],
            Token),
        Token);

    private Task<Outcome<RecipientSource>> Take(Job job, Job other, ReactionSet set) =>
        World.Lui.Get<TakeReactions>().Handle(new TakeReactions.Command(job.Id, other.Code, set, Ada), Token);

    private async Task<RecipientSource> Import(RecipientSource source)
    {
        await World.Lui.Get<RunImport>().Handle(source, Token);
        return (await World.Lui.Get<RecipientSourceStore>().Find(source.Id, Token))!;
    }
}

public sealed class TakeReactionsOnSqlite : TakeReactionsSpec, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private protected override Task<Database> CreateDatabase() => OnSqlite(_folder);
}

public sealed class TakeReactionsOnPostgres(PostgresServer server) : TakeReactionsSpec
{
    private protected override Task<Database> CreateDatabase() => OnPostgres(server);
}
