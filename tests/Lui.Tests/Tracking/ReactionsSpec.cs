// SPDX-License-Identifier: Apache-2.0
using Dapper;
using Tutti.Contracts.Trk.V1;
using Tutti.Lui.Components;
using Tutti.Lui.Feeds;
using Tutti.Lui.Jobs;
using Tutti.Lui.Reports;
using Tutti.Lui.Suppression;
using Tutti.Lui.Tests.World;
using Tutti.Lui.Tracking;
using Tutti.Testing;
using Tutti.Wiring.Storage;
using Wire = Tutti.Contracts.Dst.V1;

namespace Tutti.Lui.Tests.Tracking;

public abstract class ReactionsSpec : WorldSpec
{
    [Fact]
    public async Task Opens_and_clicks_are_counted_once_and_lead_back_to_recipients()
    {
        var job = await Delivered(10);
        World.Tracker.Add(EventKind.Open, job.Id, TokenOf(1));
        World.Tracker.Add(EventKind.Open, job.Id, TokenOf(1));
        World.Tracker.Add(EventKind.Open, job.Id, TokenOf(2));
        World.Tracker.Add(EventKind.Click, job.Id, TokenOf(2), link: 1);
        World.Tracker.Add(EventKind.Click, job.Id, TokenOf(2), link: 3);
        World.Tracker.Confirming.Plan(Trick.FailBefore, Trick.LoseAnswer);
        World.Tracker.Fetching.Plan(Trick.None, Trick.LoseAnswer);

        await World.Settle();
        await World.Restart();
        await World.Settle();

        var report = await Report(job);
        Assert.Equal(new ReactionCount(3, 2), report.Opens);
        Assert.Equal(new ReactionCount(2, 1), report.Clicks);
        Assert.Equal(
            [("https://example.org/a", 1L), ("https://example.org/b", 0L), ("https://example.org/c", 1L)],
            report.Links.Select(link => (link.Target, link.Clicks.Times)));
        Assert.Equal(3, report.OverTime.Sum(bucket => bucket.Opens));
        Assert.Equal(5ul, World.Tracker.Confirmed);
    }

    [Fact]
    public async Task A_long_backlog_is_counted_once_though_answers_and_confirmations_on_its_way_are_lost()
    {
        var job = await Delivered(2);
        for (var open = 0; open < 2_500; open++)
        {
            World.Tracker.Add(EventKind.Open, job.Id, TokenOf(1));
        }

        World.Tracker.Fetching.Plan(Trick.None, Trick.None, Trick.LoseAnswer, Trick.None, Trick.None, Trick.FailBefore);
        World.Tracker.Confirming.Plan(Trick.None, Trick.None, Trick.None, Trick.LoseAnswer);

        await World.Settle();

        Assert.Equal(new ReactionCount(2_500, 1), (await Report(job)).Opens);
        Assert.Equal(2_500ul, World.Tracker.Confirmed);
    }

    [Fact]
    public async Task A_blind_job_counts_without_telling_anybody_apart()
    {
        var job = await Delivered(3, JobTracking.Blind);
        World.Tracker.Add(EventKind.Open, job.Id, token: null);
        World.Tracker.Add(EventKind.Open, job.Id, token: null);

        await World.Settle();

        Assert.Equal(new ReactionCount(2, null), (await Report(job)).Opens);
    }

    [Fact]
    public async Task A_token_of_another_job_or_of_nobody_leads_to_no_recipient()
    {
        var other = await Delivered(3);
        var foreign = TokenOf(1);
        World.Distributor.Taken.Clear();
        var job = await Delivered(3);
        World.Tracker.Add(EventKind.Open, job.Id, foreign);
        World.Tracker.Add(EventKind.Open, job.Id, 123456789);
        World.Tracker.Add(EventKind.Unsubscribe, job.Id, foreign);

        await World.Settle();

        Assert.Equal(new ReactionCount(2, 0), (await Report(job)).Opens);
        Assert.Equal(0, await World.Lui.Get<SuppressionStore>().Count(Token));
        Assert.Equal(0, (await Report(other)).Opens.Times);
    }

    [Fact]
    public async Task An_unsubscribe_takes_effect_before_the_next_batch_is_claimed()
    {
        var first = await Delivered(5);
        World.Tracker.Add(EventKind.Unsubscribe, first.Id, TokenOf(4));
        await World.Lui.Read();

        var second = await World.Lui.Authorized(5);
        await World.Settle();

        Assert.Equal(new Receipt(5, 4, 0, 0, 1, 0, 0, 0), await Receipt(second));
        var entry = await World.Lui.Get<SuppressionStore>().Find("r4@rcpt.example", Token);
        Assert.Equal("unsubscribe", entry!.Source);
        Assert.StartsWith("unsubscribed on 20", entry.Reason, StringComparison.Ordinal);
        Assert.Equal(["r4@rcpt.example"], World.Distributor.Suppressed.Select(change => change.Address));
    }

    [Fact]
    public async Task Whoever_reacts_to_a_message_in_doubt_has_got_it()
    {
        World.Distributor.Judge = recipient => recipient.Id <= 2 ? Wire.Fate.InDoubt : Wire.Fate.Accepted;
        var job = await Delivered(5);
        Assert.Equal(2, (await Receipt(job)).InDoubt);

        World.Tracker.Add(EventKind.Open, job.Id, TokenOf(1));
        await World.Settle();

        Assert.Equal(new Receipt(5, 4, 0, 0, 0, 0, 1, 0), await Receipt(job));
    }

    [Fact]
    public async Task A_tracker_whose_store_was_replaced_gets_every_publication_again_and_is_read_from_its_start()
    {
        var job = await Delivered(4);
        World.Tracker.Add(EventKind.Open, job.Id, TokenOf(1));
        await World.Settle();

        World.Tracker.Replace();
        World.Tracker.Add(EventKind.Open, job.Id, TokenOf(2));
        await World.Settle();
        await World.Lui.Read();

        Assert.Contains((ulong)job.Id, World.Tracker.Published.Keys);
        Assert.Equal(new ReactionCount(2, 2), (await Report(job)).Opens);
    }

    [Fact]
    public async Task A_tracker_out_of_service_keeps_no_job_waiting_and_catches_up_when_it_is_back()
    {
        await World.Lui.Read();
        World.Tracker.Away = true;
        var job = await World.Lui.Authorized(3);
        await World.Settle();
        Assert.Equal(3, (await Receipt(job)).Waiting);
        var tracker = (await World.Lui.Get<ComponentStore>().List(Component.Trackers, Token)).Single();
        await World.Lui.Get<ComponentStore>().SaveProblem(tracker.Id, "no answer", Token);

        _ = (await World.Lui.Get<ReleaseTracker>().Handle(new ReleaseTracker.Command(tracker.Id, Ada), Token)).Value;
        await World.Settle();

        Assert.Equal(3, (await Receipt(job)).Accepted);
        Assert.Empty(World.Tracker.Published);

        World.Tracker.Away = false;
        await World.Lui.Read();
        await World.Settle();

        Assert.True((await World.Lui.Get<ComponentStore>().Find(tracker.Id, Token))!.InService);
        Assert.Contains((ulong)job.Id, World.Tracker.Published.Keys);
    }

    [Fact]
    public async Task A_peer_clock_that_is_wrong_is_measured_and_stored_with_the_events()
    {
        var job = await Delivered(2);
        World.Tracker.Ahead = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        World.Tracker.Add(EventKind.Open, job.Id, TokenOf(1));
        await World.Settle();

        await using var connection = await World.Database.Open(Token);
        var offset = await connection.ExecuteScalarAsync<long>("SELECT clock_offset_ms FROM tracker_event");
        Assert.True(offset > 1_000_000, $"{offset}");
    }

    [Fact]
    public async Task Of_two_readers_only_the_one_that_moves_the_mark_keeps_its_events()
    {
        var job = await Delivered(2);
        World.Tracker.Add(EventKind.Open, job.Id, TokenOf(1));
        var tracker = (await World.Lui.Get<ComponentStore>().List(Component.Trackers, Token)).Single();
        await using var second = LuiProcess.Start(World.Database, World.Hub.Port, World.Clock);
        var fetched = new TaskCompletionSource();
        World.Tracker.Fetching.OnCall = () => fetched.TrySetResult();

        var rounds = await Task.WhenAll(
            Task.Run(() => World.Lui.Get<FetchReactions>().Handle(tracker, TimeSpan.Zero, Token)),
            Task.Run(() => second.Get<FetchReactions>().Handle(tracker, TimeSpan.Zero, Token)));

        Assert.Contains(FeedRound.Stored, rounds);
        Assert.Equal(1, (await Report(job)).Opens.Times);
    }

    [Fact]
    [Trait("Row", "M")]
    public async Task What_the_trackers_disk_has_lost_is_stepped_over_and_counted_once()
    {
        var job = await Delivered(5);
        for (var recipient = 1UL; recipient <= 5; recipient++)
        {
            World.Tracker.Add(EventKind.Open, job.Id, TokenOf(recipient));
        }

        World.Tracker.Holes.Add(new Hole { First = 2, Last = 3 });
        World.Tracker.Holes.Add(new Hole { First = 5, Last = 5 });
        World.Tracker.Confirming.Plan(Trick.FailBefore);
        await World.Settle();
        await World.Restart();
        await World.Settle();

        var report = await Report(job);
        Assert.Equal(new ReactionCount(2, 2), report.Opens);
        Assert.Equal(3, Assert.Single(report.Trackers).Lost);
        Assert.Equal(5ul, World.Tracker.Confirmed);
    }

    [Fact]
    public async Task A_gap_that_nobody_explains_is_refused_whole()
    {
        var job = await Delivered(3);
        World.Tracker.Add(EventKind.Open, job.Id, TokenOf(1));
        World.Tracker.Add(EventKind.Open, job.Id, TokenOf(2));
        World.Tracker.Events.RemoveAt(0);
        var tracker = (await World.Lui.Get<ComponentStore>().List(Component.Trackers, Token)).Single();

        await Assert.ThrowsAsync<Grpc.Core.RpcException>(() => World.Lui.Get<FetchReactions>().Handle(tracker, TimeSpan.Zero, Token));

        Assert.Equal(0, (await Report(job)).Opens.Times);
    }

    [Fact]
    [Trait("Row", "M")]
    public async Task A_tracker_on_an_older_copy_of_its_store_is_told_what_is_known_of_it_and_what_is_gone_is_counted_once()
    {
        var job = await Delivered(5);
        World.Tracker.Running = "first";
        for (var recipient = 1UL; recipient <= 4; recipient++)
        {
            World.Tracker.Add(EventKind.Open, job.Id, TokenOf(recipient));
        }

        await World.Settle();
        World.Tracker.Running = "second";
        World.Tracker.Add(EventKind.Open, job.Id, TokenOf(5));
        await World.Settle();
        await World.Settle();
        Assert.Equal(["first", "second"], World.Tracker.KnownStarts);

        // Everything was read: nothing is lost. The copy's own events behind the mark come again, under numbers of their own.
        World.Tracker.GoBackTo(3);
        World.Tracker.Add(EventKind.Click, job.Id, TokenOf(1), link: 1);
        World.Tracker.Fetching.Plan(Trick.LoseAnswer);
        await World.Settle();
        await World.Settle();
        Assert.Equal((5L, 1L, 0L), ((await Report(job)).Opens.Times, (await Report(job)).Clicks.Times, Assert.Single((await Report(job)).Trackers).Lost));

        // Told of, and never fetched.
        await using (var connection = await World.Database.Open(Token))
        {
            await connection.ExecuteAsync("UPDATE feed SET newest = 9 WHERE id = @feed", new { feed = World.Tracker.FeedId });
        }

        World.Tracker.GoBackTo(4);
        await World.Settle();
        await World.Settle();
        Assert.Equal(5, Assert.Single((await Report(job)).Trackers).Lost);
    }

    private async Task<Job> Delivered(int recipients, JobTracking tracking = JobTracking.Personal)
    {
        var job = await World.Lui.Authorized(recipients, tracking);
        await World.Settle();
        return job;
    }

    private ulong TokenOf(ulong recipient) => World.Distributor.Taken.Last(taken => taken.Recipient.Id == recipient).Recipient.Token;

    private async Task<JobReport> Report(Job job) => (await World.Lui.Get<ReadReport>().Handle(job.Id, Token)).Value;
}

public sealed class ReactionsOnSqlite : ReactionsSpec, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private protected override Task<Database> CreateDatabase() => OnSqlite(_folder);
}

public sealed class ReactionsOnPostgres(PostgresServer server) : ReactionsSpec
{
    private protected override Task<Database> CreateDatabase() => OnPostgres(server);
}
