// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Dapper;
using Tutti.Contracts.Trk.V1;
using Tutti.Lui.Content;
using Tutti.Lui.Copies;
using Tutti.Lui.Jobs;
using Tutti.Lui.Jobs.Sending;
using Tutti.Lui.Jobs.Steps;
using Tutti.Lui.OnDemand;
using Tutti.Lui.Recipients.Reactions;
using Tutti.Lui.Reports;
using Tutti.Lui.Senders;
using Tutti.Lui.Suppression;
using Tutti.Lui.Tests.World;
using Tutti.Lui.Tracking;
using Tutti.Testing;
using Tutti.Wiring.Storage;
using Wire = Tutti.Contracts.Dst.V1;

namespace Tutti.Lui.Tests.Tracking;

/// <summary>What leaves for the distributors, what is kept of events and what can be asked, type by type.</summary>
public abstract class TrackingTypesSpec : WorldSpec
{
    [Fact]
    public async Task Rule_16_equal_profiles_share_one_stored_profile_and_nothing_leads_back_to_the_address()
    {
        // Six in Bonn, six in Ulm.
        var job = await Delivered(12, JobTracking.Anonymous, profile: ["city"]);

        var traces = World.Distributor.Taken.GroupBy(one => one.Recipient.Id % 2, one => one.Recipient.Trace).ToList();
        Assert.Equal(2, traces.Count);
        Assert.All(traces, one => Assert.Single(one.Distinct()));
        Assert.All(World.Distributor.Taken, one => Assert.False(one.Recipient.Permits));
        await using (var connection = await World.Database.Open(Token))
        {
            var kept = (await connection.QueryAsync<(string Fields, long Trace, long Recipients)>("SELECT fields, trace, recipients FROM tracking_profile ORDER BY fields")).ToList();
            Assert.Equal([("{\"city\":\"Bonn\"}", 6L), ("{\"city\":\"Ulm\"}", 6L)], kept.Select(row => (row.Fields, row.Recipients)));
            Assert.Equal(traces.Select(one => (long)one.First()).Order(), kept.Select(row => row.Trace).Order());
        }

        // Also where a tracker tells more than it should.
        Trace(EventKind.Open, job, TraceOf(2));
        Trace(EventKind.Click, job, TraceOf(4), link: 1);
        Trace(EventKind.Click, job, TraceOf(1), link: 1);
        World.Tracker.Add(EventKind.Open, job.Id, TokenOf(3));
        World.Tracker.Events[^1].ClientAddress = "203.0.113.9";
        await World.Settle();

        var report = await Report(job);
        Assert.Equal((2L, null, 1L), (report.Opens.Times, report.Opens.Recipients, report.Opens.Profiles));
        Assert.Equal((2L, null, 2L), (report.Clicks.Times, report.Clicks.Recipients, report.Clicks.Profiles));
        Assert.Equal(["Bonn 6 1 1", "Ulm 6 0 1"], report.Profiles.Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Fields["city"]} {one.Recipients} {one.Opens} {one.Clicks}")).Order());
        await using var reading = await World.Database.Open(Token);
        Assert.Equal(0, await reading.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM tracker_event WHERE recipient_id IS NOT NULL OR client_address <> ''"));
    }

    [Fact]
    public async Task Rule_16_repeated_events_of_unique_tracking_are_recognised_without_identity()
    {
        var job = await Delivered(3, JobTracking.Unique);

        // The distributor draws the numbers; none comes from here.
        Assert.All(World.Distributor.Taken, one => Assert.False(one.Recipient.HasTrace || one.Recipient.Permits));
        Trace(EventKind.Open, job, 5);
        Trace(EventKind.Open, job, 5);
        Trace(EventKind.Open, job, ulong.MaxValue);
        World.Tracker.Add(EventKind.Click, job.Id, TokenOf(2), link: 1);
        await World.Settle();

        var report = await Report(job);
        Assert.Equal((3L, null, 2L), (report.Opens.Times, report.Opens.Recipients, report.Opens.Readers));
        Assert.Equal((1L, null, 0L), (report.Clicks.Times, report.Clicks.Recipients, report.Clicks.Readers));
        await using var connection = await World.Database.Open(Token);
        Assert.Equal(0, await connection.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM tracker_event WHERE recipient_id IS NOT NULL"));
        Assert.Equal(0, await connection.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM tracking_profile"));
    }

    [Fact]
    public async Task By_permission_only_those_whose_field_says_yes_are_tracked_personally()
    {
        var job = await World.Lui.Prepare(12);
        await Set(job, "Yes ", 1, 2);
        await Set(job, "maybe", 3);
        job = await Send(await Choose(job, JobTracking.Permission, permission: "city", profile: []));

        Assert.Equal([1UL, 2UL], World.Distributor.Taken.Where(one => one.Recipient.Permits).Select(one => one.Recipient.Id));
        Assert.All(World.Distributor.Taken, one => Assert.False(one.Recipient.HasTrace));
        World.Tracker.Add(EventKind.Open, job.Id, TokenOf(1));
        World.Tracker.Add(EventKind.Open, job.Id, token: null);
        World.Tracker.Events[^1].ClientAddress = "203.0.113.9";
        World.Tracker.Events[^1].UserAgent = "Mozilla/5.0 (iPhone; of one person alone)";
        await World.Settle();

        var report = await Report(job);
        Assert.Equal((2L, 1L), (report.Opens.Times, report.Opens.Recipients));
        await using (var connection = await World.Database.Open(Token))
        {
            Assert.Equal(("phone", ""), await connection.QuerySingleAsync<(string, string)>("SELECT user_agent, client_address FROM tracker_event WHERE recipient_id IS NULL"));
        }

        // Of those who do not permit it nobody knows whether they opened: they are in neither set.
        var take = World.Lui.Get<TakeReactions>();
        Assert.Equal(1, (await take.Count(job.Code, new ReactionSet(ReactionKind.Opened, false, null), Token)).Value);
        Assert.Equal(1, (await take.Count(job.Code, new ReactionSet(ReactionKind.Opened, true, null), Token)).Value);
        Assert.Equal(12, (await take.Count(job.Code, new ReactionSet(ReactionKind.Got, false, null), Token)).Value);
    }

    [Fact]
    public async Task By_permission_the_others_may_be_tracked_by_profile()
    {
        var job = await World.Lui.Prepare(14);
        await Set(job, "x", 1, 2);
        _ = await Send(await Choose(job, JobTracking.Permission, permission: "city", profile: ["city"]));

        var permitted = World.Distributor.Taken.Where(one => one.Recipient.Permits).ToList();
        Assert.Equal([1UL, 2UL], permitted.Select(one => one.Recipient.Id));
        Assert.All(permitted, one => Assert.False(one.Recipient.HasTrace));
        Assert.Equal(2, World.Distributor.Taken.Where(one => !one.Recipient.Permits).Select(one => one.Recipient.Trace).Distinct().Count());
    }

    [Fact]
    public async Task A_profile_that_few_share_would_give_them_away_so_none_is_made()
    {
        var job = await World.Lui.Prepare(20);
        await Set(job, "Lone Village", 1, 2, 3, 4);
        _ = await Send(await Choose(job, JobTracking.Anonymous, profile: ["city"]));

        Assert.Equal([1UL, 2UL, 3UL, 4UL], World.Distributor.Taken.Where(one => !one.Recipient.HasTrace).Select(one => one.Recipient.Id).Order());
        await using var connection = await World.Database.Open(Token);
        Assert.Equal(0, await connection.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM tracking_profile WHERE fields LIKE '%Lone%'"));
    }

    [Theory]
    [InlineData("permission")]
    [InlineData("anonymous")]
    [InlineData("unique")]
    [InlineData("blind")]
    [InlineData("off")]
    public async Task Rule_19_unsubscribing_works_with_every_type_and_settles_a_doubt(string type)
    {
        World.Distributor.Judge = recipient => recipient.Id == 2 ? Wire.Fate.InDoubt : Wire.Fate.Accepted;
        var job = await Delivered(12, Words.To<JobTracking>(type), permission: "city", profile: ["city"]);
        World.Tracker.Add(EventKind.Unsubscribe, job.Id, TokenOf(2));
        World.Tracker.Events[^1].ClientAddress = "203.0.113.9";
        await World.Settle();

        Assert.NotNull(await World.Lui.Get<SuppressionStore>().Find("r2@rcpt.example", Token));
        Assert.Equal(0, (await Receipt(job)).InDoubt);
        await using var connection = await World.Database.Open(Token);
        Assert.Equal(("", "", 2L), await connection.QuerySingleAsync<(string, string, long)>("SELECT user_agent, client_address, recipient_id FROM tracker_event"));
    }

    [Theory]
    [InlineData("anonymous")]
    [InlineData("unique")]
    [InlineData("blind")]
    [InlineData("off")]
    public async Task Where_nothing_leads_back_no_doubt_is_settled_and_no_audience_is_made_of_reactions(string type)
    {
        World.Distributor.Judge = recipient => recipient.Id == 2 ? Wire.Fate.InDoubt : Wire.Fate.Accepted;
        var job = await Delivered(12, Words.To<JobTracking>(type), profile: ["city"]);
        World.Tracker.Add(EventKind.Open, job.Id, TokenOf(2));
        await World.Settle();

        Assert.Equal(1, (await Receipt(job)).InDoubt);
        var refusal = (await World.Lui.Get<TakeReactions>().Count(job.Code, new ReactionSet(ReactionKind.Opened, false, null), Token)).Refusal;
        Assert.Equal("reactions.not-personal", refusal.Code);
        Assert.Contains("It takes personal tracking, or personal by permission.", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rule_7_what_goes_to_all_in_one_message_is_tracked_blind_only()
    {
        World.Distributor.Listserv.SetUp();
        var job = await World.Lui.Prepare(3, JobTracking.Blind, "<p>The same for all</p>");
        _ = (await World.Lui.Get<SaveContent>().Handle(new SaveContent.Command(job.Id, Ada, "Hello", "<p>The same for all</p>", ""), Token)).Value;
        _ = (await World.Lui.Get<NameSender>().Handle(new NameSender.Command(job.Id, Ada, "", "news@sender.example", null, Way: JobWay.ListservTogether), Token)).Value;

        foreach (var type in Enum.GetValues<JobTracking>())
        {
            var choice = await World.Lui.Get<ChooseTracking>().Handle(Command(job, type, "city", ["city"]), Token);
            Assert.Equal(type is JobTracking.Blind or JobTracking.Off ? null : "tracking.only-blind", choice.IsRefused ? choice.Refusal.Code : null);
        }

        // And the other way round: what was chosen before stands in the way of the authorisation.
        await World.Lui.Get<JobStore>().Change(job.Id, null, one => one with { Tracking = JobTracking.Unique }, _ => null, Token);
        var step = (await World.Lui.Get<WorkflowReader>().Of(await World.Lui.Job(job.Id), Token))[JobStep.Tracking];
        Assert.Equal(StepState.NeedsAttention, step.State);
        Assert.Contains("one and the same message", step.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rule_8_a_list_among_the_recipients_leaves_blind_tracking_only()
    {
        World.Distributor.Listserv.SetUp();
        var job = await World.Lui.Prepare(3, JobTracking.Blind);
        await using (var connection = await World.Database.Open(Token))
        {
            await connection.ExecuteAsync("UPDATE recipient SET address = 'NEWS-L@lists.example.com', normalized = 'news-l@lists.example.com' WHERE id = 3");
        }

        _ = (await World.Lui.Get<NameSender>().Handle(new NameSender.Command(job.Id, Ada, "", "news@sender.example", null, Way: JobWay.Listserv), Token)).Value;

        var refusal = (await World.Lui.Get<ChooseTracking>().Handle(Command(job, JobTracking.Personal), Token)).Refusal;
        Assert.Equal("tracking.only-blind", refusal.Code);
        Assert.Contains("NEWS-L@lists.example.com", refusal.Message, StringComparison.OrdinalIgnoreCase);
        Assert.False((await World.Lui.Get<ChooseTracking>().Handle(Command(job, JobTracking.Blind), Token)).IsRefused);
    }

    [Theory]
    [InlineData("permission", "", "", "tracking.no-permission-field")]
    [InlineData("permission", "consent", "", "tracking.no-such-field")]
    [InlineData("anonymous", "", "", "tracking.no-profile-fields")]
    [InlineData("anonymous", "", "age", "tracking.no-such-field")]
    [InlineData("anonymous", "", "city,EMAIL", "tracking.personal-field")]
    [InlineData("permission", "city", "email", "tracking.personal-field")]
    public async Task What_a_type_needs_is_asked_for_in_words(string type, string permission, string profile, string code)
    {
        var job = await World.Lui.Prepare(3);

        Assert.Equal(code, (await World.Lui.Get<ChooseTracking>().Handle(Command(job, Words.To<JobTracking>(type), permission, profile.Split(',', StringSplitOptions.RemoveEmptyEntries)), Token)).Refusal.Code);
    }

    [Fact]
    public async Task Recipients_that_come_one_by_one_are_in_no_profile()
    {
        var job = await World.Lui.Prepare(12);
        _ = (await World.Lui.Get<ChooseOnDemand>().Handle(new ChooseOnDemand.Command(job.Id, Ada, true), Token)).Value;

        Assert.Equal("tracking.no-profiles", (await World.Lui.Get<ChooseTracking>().Handle(Command(job, JobTracking.Anonymous, "", ["city"]), Token)).Refusal.Code);
        Assert.Equal("tracking.no-profiles", (await World.Lui.Get<ChooseTracking>().Handle(Command(job, JobTracking.Permission, "city", ["city"]), Token)).Refusal.Code);
        Assert.False((await World.Lui.Get<ChooseTracking>().Handle(Command(job, JobTracking.Permission, "city"), Token)).IsRefused);
        Assert.False((await World.Lui.Get<ChooseTracking>().Handle(Command(job, JobTracking.Unique), Token)).IsRefused);
    }

    [Fact]
    public async Task A_copy_is_tracked_like_the_first()
    {
        var job = await Choose(await World.Lui.Prepare(12), JobTracking.Permission, "city", ["city"]);

        var copy = (await World.Lui.Get<CopyJob>().Handle(new CopyJob.Command(job.Code, "Again", [JobPart.Tracking], Ada), Token)).Value;

        var copied = await World.Lui.Job(copy.Id);
        Assert.Equal((job.Tracking, job.TrackingDetails), (copied.Tracking, copied.TrackingDetails));
        Assert.Equal("city", copied.TrackingDetails.PermissionField);
    }

    private static ChooseTracking.Command Command(Job job, JobTracking type, string permission = "", IReadOnlyList<string>? profile = null) =>
        new(job.Id, Ada, type) { PermissionField = permission, ProfileFields = profile ?? [] };

    private async Task<Job> Delivered(int recipients, JobTracking tracking, string permission = "", IReadOnlyList<string>? profile = null) =>
        await Send(await Choose(await World.Lui.Prepare(recipients), tracking, permission, profile));

    /// <summary>Gives some recipients another city.</summary>
    private async Task Set(Job job, string city, params long[] ids)
    {
        await using var connection = await World.Database.Open(Token);
        foreach (var id in ids)
        {
            await connection.ExecuteAsync(
                "UPDATE recipient SET fields = @fields WHERE recipients_id = (SELECT recipients_id FROM job WHERE id = @Id) AND id = @recipient",
                new { job.Id, recipient = id, fields = string.Create(CultureInfo.InvariantCulture, $"[\"r{id}@rcpt.example\",\"Nr {id}\",\"{city}\"]") });
        }
    }

    private async Task<Job> Choose(Job job, JobTracking tracking, string permission = "", IReadOnlyList<string>? profile = null)
    {
        _ = (await World.Lui.Get<ChooseTracking>().Handle(Command(job, tracking, permission, profile), Token)).Value;
        return (await World.Lui.Get<WaiveTest>().Handle(new WaiveTest.Command(job.Id, Ada), Token)).Value;
    }

    private async Task<Job> Send(Job job)
    {
        await World.Lui.PassPreflight(job);
        var authorized = (await World.Lui.Get<AuthorizeJob>().Handle(new AuthorizeJob.Command(job.Id, Ada), Token)).Value;
        await World.Settle();
        return authorized;
    }

    private void Trace(EventKind kind, Job job, ulong trace, uint link = 0)
    {
        World.Tracker.Add(kind, job.Id, token: null, link);
        World.Tracker.Events[^1].Trace = trace;
    }

    private ulong TraceOf(ulong recipient) => World.Distributor.Taken.Last(taken => taken.Recipient.Id == recipient).Recipient.Trace;

    private ulong TokenOf(ulong recipient) => World.Distributor.Taken.Last(taken => taken.Recipient.Id == recipient).Recipient.Token;

    private async Task<JobReport> Report(Job job) => (await World.Lui.Get<ReadReport>().Handle(job.Id, Token)).Value;
}

public sealed class TrackingTypesOnSqlite : TrackingTypesSpec, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private protected override Task<Database> CreateDatabase() => OnSqlite(_folder);
}

public sealed class TrackingTypesOnPostgres(PostgresServer server) : TrackingTypesSpec
{
    private protected override Task<Database> CreateDatabase() => OnPostgres(server);
}
