// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Dapper;
using Tutti.Contracts.Trk.V1;
using Tutti.Lui.Content;
using Tutti.Lui.Copies;
using Tutti.Lui.Jobs;
using Tutti.Lui.Jobs.Repeats;
using Tutti.Lui.Jobs.Sending;
using Tutti.Lui.Jobs.Steps;
using Tutti.Lui.Recipients.Reactions;
using Tutti.Lui.Reports;
using Tutti.Lui.Tests.World;
using Tutti.Lui.Tracking.MessageLinks;
using Tutti.Lui.Webhooks;
using Tutti.Mail.Links.Parameters;
using Tutti.Testing;
using Tutti.Wiring.Outcomes;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Tests.Tracking;

/// <summary>What is decided about links, seen at the tracker, in the message, in the report, and where reactions are told and used.</summary>
public abstract class MessageLinksSpec : WorldSpec
{
    private const string Message = "<a href=\"https://shop.example/?a=1#top\">Shop</a> <a href=\"https://blog.example/\">Blog</a> <a href=\"https://shop.example/?a=1#top\">Once more</a>";

    [Fact]
    public async Task A_link_that_is_not_tracked_stays_in_the_message_and_the_others_lead_over_the_tracker()
    {
        var job = await Job();
        _ = (await Decide(job, new DecideLinks.Wish("html", "https://shop.example/?a=1#top", 2, Tracked: false))).Value;

        var listed = (await World.Lui.Get<ListLinks>().Handle(job.Id, Token)).Value;
        Assert.Equal(["1", "2", "It was decided so."], listed.Select(link => link.Number?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? link.Untracked));
        job = await Send(job);

        Assert.Equal(["https://shop.example/?a=1#top", "https://blog.example/"], World.Tracker.Published[(ulong)job.Id].Links.Select(link => link.Target));
        Assert.Contains("<a href=3D\"https://shop.example/?a=3D1#top\">Once more</a>", Fixed(job), StringComparison.Ordinal);
        Assert.Equal(2, (await Report(job)).Links.Count);
    }

    [Fact]
    public async Task Alias_and_label_are_in_the_report_in_webhooks_and_where_recipients_are_taken_by_what_they_clicked()
    {
        _ = (await World.Lui.Get<SaveWebhook>().Add(new("CRM", "http://127.0.0.1:9/hooks", ["recipient.clicked"]), Ada, Token)).Value;
        var job = await Job();
        _ = (await Decide(job, new DecideLinks.Wish("html", "https://shop.example/?a=1#top", 2, "bottom", "The second button"))).Value;
        job = await Send(job);
        World.Tracker.Add(EventKind.Click, job.Id, TokenOf(1), link: 1);
        World.Tracker.Add(EventKind.Click, job.Id, TokenOf(2), link: 3);
        await World.Settle();

        Assert.Equal([("Shop", "", 1L), ("Blog", "", 0L), ("The second button", "bottom", 1L)], (await Report(job)).Links.Select(link => (link.Label, link.Alias, link.Clicks.Times)));
        var take = World.Lui.Get<TakeReactions>();
        Assert.Equal(1, (await take.Count(job.Code, new ReactionSet(ReactionKind.ClickedLink, false, "bottom"), Token)).Value);
        Assert.Equal(2, (await take.Count(job.Code, new ReactionSet(ReactionKind.ClickedLink, false, "https://shop.example/?a=1#top"), Token)).Value);
        Assert.Equal("reactions.no-such-link", (await take.Count(job.Code, new ReactionSet(ReactionKind.ClickedLink, false, "top"), Token)).Refusal.Code);
        Assert.Equal(["bottom", "https://shop.example/?a=1#top", "https://blog.example/"], await World.Lui.Get<ReactionSetStore>().Links(job.Id, Token));
        await using var connection = await World.Database.Open(Token);
        var told = string.Join('\n', await connection.QueryAsync<string>("SELECT data FROM webhook_outbox ORDER BY recipient_id"));
        Assert.Contains("\"linkLabel\":\"The second button\",\"linkAlias\":\"bottom\"", told, StringComparison.Ordinal);
        Assert.Contains("\"linkLabel\":\"Shop\"", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Parameters_are_in_what_trackers_lead_to_and_each_run_of_a_repeated_job_has_its_own()
    {
        var job = await Job();
        _ = (await Decide(job, new DecideLinks.Wish("html", "https://blog.example/", 1, "blog"))).Value;
        _ = (await Set(job, new("*.example, shop.example", "utm_campaign", "{{ job.code }}"), new("blog.example", "utm_content", "{{ link.alias }}"))).Value;
        _ = (await World.Lui.Get<ScheduleJob>().Handle(new ScheduleJob.Command(job.Id, null, null, Ada) { Repeat = new RepeatChoice(1, "days", Runs: 2) }, Token)).Value;
        job = await Send(job);
        Assert.Equal(
            ["https://shop.example/?a=1&utm_campaign=261124A#top", "https://blog.example/?utm_campaign=261124A&utm_content=blog", "https://shop.example/?a=1&utm_campaign=261124A#top"],
            World.Tracker.Published[(ulong)job.Id].Links.Select(link => link.Target));

        World.Clock.Advance(TimeSpan.FromDays(1));
        await World.Settle();
        var second = (await World.Lui.Get<JobStore>().Find("261124B", Token))!;
        Assert.Equal(job.TrackingDetails, second.TrackingDetails);
        Assert.Equal("https://blog.example/?utm_campaign=261124B&utm_content=blog", World.Tracker.Published[(ulong)second.Id].Links[1].Target);
    }

    [Theory]
    [InlineData("UPDATE job SET tracking_more = REPLACE(tracking_more, 'shop.example', 'blog.example') WHERE id = @Id")]
    [InlineData("UPDATE job SET tracking_more = REPLACE(tracking_more, 'spring', 'summer') WHERE id = @Id")]
    [InlineData("UPDATE job SET tracking_more = NULL WHERE id = @Id")]
    [InlineData("UPDATE job SET title = 'Another title' WHERE id = @Id")]
    public async Task What_was_decided_about_links_is_sealed(string change)
    {
        var job = await Job();
        _ = (await Set(job, new("shop.example", "utm_campaign", "spring"), new("shop.example", "utm_term", "{{ job.title }}"))).Value;
        await Authorize(job);
        await using (var connection = await World.Database.Open(Token))
        {
            await connection.ExecuteAsync(change, new { job.Id });
        }

        await World.Settle();
        var stopped = await World.Lui.Job(job.Id);
        Assert.Equal((JobState.Failed, "seal.differs"), (stopped.State, stopped.Failure?.Code));
        Assert.Contains("tracking and links", stopped.Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_copy_has_what_was_decided_about_links()
    {
        var job = await Job();
        _ = (await Decide(job, new DecideLinks.Wish("html", "https://blog.example/", 1, "blog"))).Value;
        job = (await Set(job, new LinkParameter("*", "utm_source", "news"))).Value;

        var copy = (await World.Lui.Get<CopyJob>().Handle(new CopyJob.Command(job.Code, "Again", [JobPart.Content, JobPart.Tracking], Ada), Token)).Value;

        Assert.Equal(job.TrackingDetails, (await World.Lui.Job(copy.Id)).TrackingDetails);
        var links = (await World.Lui.Get<ListLinks>().Handle(copy.Id, Token)).Value;
        Assert.Contains(("https://blog.example/?utm_source=news", "blog"), links.Select(link => (link.Target, link.Alias)));
    }

    [Fact]
    public async Task What_cannot_be_decided_is_refused_in_words_and_changes_nothing()
    {
        var job = await Job();
        Assert.Equal("tracking.no-such-link", (await Decide(job, new DecideLinks.Wish("html", "https://gone.example/"))).Refusal.Code);
        Assert.Equal("tracking.no-such-link", (await Decide(job, new DecideLinks.Wish("html", "https://blog.example/", 2))).Refusal.Code);
        Assert.Equal("tracking.alias", (await Decide(job, new DecideLinks.Wish("html", "https://blog.example/", 1, "two words"))).Refusal.Code);
        Assert.Equal("tracking.label", (await Decide(job, new DecideLinks.Wish("html", "https://blog.example/", 1, null, new string('x', 201)))).Refusal.Code);
        var refusal = (await Set(job, new("*", "utm_source", "news"), new("*", "utm_term", "{{ email }}"))).Refusal;
        Assert.Equal("tracking.parameter", refusal.Code);
        Assert.StartsWith("Rule 2: The value of a parameter knows no email.", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("tracking.many-parameters", (await Set(job, [.. Enumerable.Repeat(new LinkParameter("*", "a", "b"), 21)])).Refusal.Code);
        Assert.Null((await World.Lui.Job(job.Id)).TrackingDetails.ToJson());

        await Authorize(job);
        Assert.Equal("job.not-open", (await Set(job, new LinkParameter("*", "a", "b"))).Refusal.Code);
    }

    private async Task<Job> Job()
    {
        var job = await World.Lui.Prepare(3);
        _ = (await World.Lui.Get<SaveContent>().Handle(new SaveContent.Command(job.Id, Ada, "Hello", Message, ""), Token)).Value;
        return await World.Lui.Job(job.Id);
    }

    private Task<Outcome<Job>> Decide(Job job, params DecideLinks.Wish[] wishes) => World.Lui.Get<DecideLinks>().Handle(new DecideLinks.Command(job.Id, Ada, wishes), Token);

    private Task<Outcome<Job>> Set(Job job, params LinkParameter[] parameters) => World.Lui.Get<SetLinkParameters>().Handle(new SetLinkParameters.Command(job.Id, Ada, parameters), Token);

    private async Task<Job> Authorize(Job job)
    {
        _ = (await World.Lui.Get<WaiveTest>().Handle(new WaiveTest.Command(job.Id, Ada), Token)).Value;
        await World.Lui.PassPreflight(await World.Lui.Job(job.Id));
        return (await World.Lui.Get<AuthorizeJob>().Handle(new AuthorizeJob.Command(job.Id, Ada), Token)).Value;
    }

    private async Task<Job> Send(Job job)
    {
        _ = await Authorize(job);
        await World.Settle();
        return await World.Lui.Job(job.Id);
    }

    /// <summary>What is the same for all in a job's message, as it went to the distributor.</summary>
    private string Fixed(Job job) =>
        string.Concat(World.Distributor.Opened[(ulong)job.Id].Content.Pieces.Select(piece => piece.Fixed.ToString(Encoding.UTF8))).Replace("=\r\n", "", StringComparison.Ordinal);

    private ulong TokenOf(ulong recipient) => World.Distributor.Taken.Last(taken => taken.Recipient.Id == recipient).Recipient.Token;

    private async Task<JobReport> Report(Job job) => (await World.Lui.Get<ReadReport>().Handle(job.Id, Token)).Value;
}

public sealed class MessageLinksOnSqlite : MessageLinksSpec, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private protected override Task<Database> CreateDatabase() => OnSqlite(_folder);
}

public sealed class MessageLinksOnPostgres(PostgresServer server) : MessageLinksSpec
{
    private protected override Task<Database> CreateDatabase() => OnPostgres(server);
}
