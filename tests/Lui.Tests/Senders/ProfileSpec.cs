// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Approval;
using Tutti.Lui.Copies;
using Tutti.Lui.Jobs;
using Tutti.Lui.Jobs.Sending;
using Tutti.Lui.Jobs.Steps;
using Tutti.Lui.Notices;
using Tutti.Lui.Senders;
using Tutti.Lui.Senders.Profiles;
using Tutti.Lui.Teams;
using Tutti.Lui.Tests.World;
using Tutti.Testing;
using Tutti.Wiring.Outcomes;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Tests.Senders;

public abstract class ProfileSpec : WorldSpec
{
    private const long Press = 1;
    private static readonly Actor _ben = new("2", "Ben");
    private static readonly Actor _cleo = new("3", "Cleo");
    private static readonly Actor _root = new("9", "Root");
    private static readonly JobSender _sender = new("The Press Office", "press@sender.example", "answers@sender.example", "The Example Society", "Am Hof 12\n53113 Bonn", null, "X-Department: Press");

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Rules(late: false);
    }

    [Fact]
    public async Task A_profile_is_the_sender_of_the_messages()
    {
        var profile = (await Save(_sender with { BouncesTo = "bounces@else.example" })).Value;
        var job = await Using(profile, "<p>{{ name }} [[*PostalAddress]] {{*Organisation}} [[*FromAddress]]</p>");
        await Authorise(job);
        await World.Settle();

        var opened = World.Distributor.Opened[(ulong)job.Id];
        var sent = Sent(job);
        Assert.Contains("From: The Press Office <press@sender.example>\r\n", sent, StringComparison.Ordinal);
        Assert.Contains("Reply-To: answers@sender.example\r\n", sent, StringComparison.Ordinal);
        Assert.Contains("Organization: The Example Society\r\n", sent, StringComparison.Ordinal);
        Assert.Contains("X-Department: Press\r\n", sent, StringComparison.Ordinal);
        Assert.Contains("Am Hof 12", sent, StringComparison.Ordinal);
        Assert.Contains("53113 Bonn", sent, StringComparison.Ordinal);
        Assert.Contains("The Example Society press@sender.example", sent, StringComparison.Ordinal);
        Assert.Equal(("bounces@else.example", true, "sender.example"), (opened.EnvelopeSender, opened.OwnReturn, opened.SigningDomain));
        Assert.Equal(JobState.Completed, (await World.Lui.Job(job.Id)).State);
    }

    [Fact]
    public async Task Rule_21_a_profile_changed_after_the_authorisation_takes_effect_where_the_group_says_so()
    {
        await Rules(late: true);
        var profile = (await Save(_sender)).Value;
        var job = await Using(profile);
        await Authorise(job);
        _ = (await Save(_sender with { Name = "The Newsroom", Address = "newsroom@sender.example" }, profile)).Value;
        Assert.Contains("and that counts", (await World.Lui.Get<JobStore>().Journal(job.Id, Token))[0].Words, StringComparison.Ordinal);
        await World.Settle();

        Assert.Equal(JobState.Completed, (await World.Lui.Job(job.Id)).State);
        Assert.Contains("From: The Newsroom <newsroom@sender.example>", Sent(job), StringComparison.Ordinal);

        // What comes later is too late.
        _ = (await Save(_sender, (await World.Lui.Get<SenderProfileStore>().Find(profile.Id, Token))!)).Value;
        Assert.Equal("newsroom@sender.example", (await World.Lui.Job(job.Id)).Sender!.Address);
    }

    [Fact]
    public async Task Rule_21_elsewhere_the_delivery_refuses_and_names_the_sender()
    {
        var profile = (await Save(_sender)).Value;
        var job = await Using(profile);
        await Authorise(job);
        World.Clock.Advance(TimeSpan.FromMilliseconds(1));
        _ = (await Save(_sender with { Address = "newsroom@sender.example" }, profile)).Value;
        var notice = Assert.Single(await World.Lui.Get<NoticeStore>().Of(Ada.Id, 10, Token), one => one.Words.Contains("changed the sender profile", StringComparison.Ordinal));
        Assert.True(notice.Alert);
        Assert.Contains("does not leave until", (await World.Lui.Get<JobStore>().Journal(job.Id, Token))[0].Words, StringComparison.Ordinal);
        await World.Settle();

        var stopped = await World.Lui.Job(job.Id);
        Assert.Equal((JobState.Failed, "seal.differs"), (stopped.State, stopped.Failure?.Code));
        Assert.Contains("the sender", stopped.Failure!.Message, StringComparison.Ordinal);
        Assert.Empty(World.Distributor.Opened);

        _ = (await World.Lui.Get<ReopenJob>().Handle(new ReopenJob.Command(job.Id, Ada), Token)).Value;
        Assert.Equal(TestState.Outdated, (await World.Lui.Job(job.Id)).TestState);
        await Authorise((await World.Lui.Get<WaiveTest>().Handle(new WaiveTest.Command(job.Id, Ada), Token)).Value);
        await World.Settle();
        Assert.Contains("newsroom@sender.example", Sent(job), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rule_that_changes_after_the_authorisation_stops_the_delivery_too()
    {
        var job = await Using((await Save(_sender)).Value);
        await Authorise(job);
        await Rules(late: true);
        await World.Settle();

        Assert.Equal((JobState.Failed, "seal.differs"), ((await World.Lui.Job(job.Id)).State, (await World.Lui.Job(job.Id)).Failure?.Code));
        Assert.Empty(World.Distributor.Opened);
    }

    [Fact]
    public async Task A_late_change_to_a_domain_without_a_key_does_not_leave()
    {
        await Rules(late: true);
        var profile = (await Save(_sender)).Value;
        var job = await Using(profile);
        await Authorise(job);
        (World.Distributor.HasDkimKey, World.Distributor.Mode) = (false, "mx");
        _ = (await Save(_sender with { Address = "press@keyless.example" }, profile)).Value;
        World.Clock.Advance(TimeSpan.FromMinutes(1));
        await World.Settle();

        var stopped = await World.Lui.Job(job.Id);
        Assert.Equal((JobState.Failed, "profile.blocked"), (stopped.State, stopped.Failure?.Code));
        Assert.Contains("keyless.example", stopped.Failure!.Message, StringComparison.Ordinal);
        Assert.Empty(World.Distributor.Opened);
    }

    [Fact]
    public async Task A_change_edits_the_open_jobs_that_use_it()
    {
        var profile = (await Save(_sender)).Value;
        var job = await Using(profile);
        _ = (await World.Lui.Get<AskForFourEyes>().Handle(new AskForFourEyes.Command(job.Id, Ada, Asked: true), Token)).Value;
        World.Clock.Advance(TimeSpan.FromMinutes(1));
        _ = (await Save(_sender with { Name = "The Newsroom" }, profile, _ben)).Value;

        var changed = await World.Lui.Job(job.Id);
        Assert.Equal(("The Newsroom", TestState.Outdated, "Ben"), (changed.Sender!.Name, changed.TestState, changed.Edits[JobStep.Sender].Who.Name));
        Assert.Contains("Ben changed the sender profile Press", (await World.Lui.Get<JobStore>().Journal(job.Id, Token))[0].Words, StringComparison.Ordinal);
        Assert.Equal("approval.own-edit", World.Lui.Get<FourEyes>().Refuse(changed, _ben)?.Code);
        Assert.Equal("job.changed", (await World.Lui.Get<WaiveTest>().Handle(new WaiveTest.Command(job.Id, Ada, job.Version), Token)).Refusal.Code);
    }

    [Fact]
    public async Task It_is_not_removed_while_a_job_uses_it_and_the_answer_names_the_job()
    {
        var profile = (await Save(_sender)).Value;
        var job = await Using(profile);

        var refusal = (await Remove(profile)).Refusal;
        Assert.Equal("profile.used", refusal.Code);
        Assert.Contains($"{job.Code} (Ada)", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("profile.used", (await World.Lui.Get<SaveProfile>().Handle(new(profile.Id, "Press", 2, _sender, _root), Token)).Refusal.Code);

        await Authorise(job);
        await World.Settle();
        _ = (await Remove(profile)).Value;
        Assert.Equal("press@sender.example", (await World.Lui.Job(job.Id)).Sender!.Address);
        Assert.Null(await World.Lui.Get<SenderProfileStore>().Find(profile.Id, Token));

        // A copy of what has left has what it was, for there is no profile any more.
        var copy = (await World.Lui.Get<CopyJob>().Handle(new CopyJob.Command(job.Code, "", [JobPart.Sender], Ada), Token)).Value;
        Assert.Equal((null, _sender), (copy.SenderProfile, copy.Sender));
    }

    [Fact]
    public async Task A_copy_and_another_job_use_it_too()
    {
        var profile = (await Save(_sender)).Value;
        var job = await Using(profile);
        var copy = (await World.Lui.Get<CopyJob>().Handle(new CopyJob.Command(job.Code, "", [JobPart.Sender], _ben), Token)).Value;
        Assert.Equal((profile.Id, _sender), (copy.SenderProfile, copy.Sender));

        // Cleo's group has no such profile.
        var elsewhere = (await World.Lui.Get<CreateJob>().Handle(new CreateJob.Command("Fair", _cleo), Token)).Value;
        Assert.Equal("profile.not-found", (await Use(elsewhere, profile, _cleo)).Refusal.Code);
        Assert.Empty(await World.Lui.Get<SenderProfileStore>().List(_cleo, Token));
        var theirs = (await World.Lui.Get<CopyParts>().Handle(new CopyParts.Command(job.Code, elsewhere.Code, [JobPart.Sender], _root), Token)).Value;
        Assert.Equal([JobPart.Sender], theirs);
        Assert.Equal((null, _sender), ((await World.Lui.Job(elsewhere.Id)).SenderProfile, (await World.Lui.Job(elsewhere.Id)).Sender));
    }

    [Fact]
    public async Task Those_of_all_are_changed_by_administrators_only_and_those_of_a_group_by_its_members()
    {
        Assert.Equal("profile.not-yours", (await Save(_sender, who: Ada, group: null)).Refusal.Code);
        var forAll = (await Save(_sender, who: _root, group: null, title: "All")).Value;
        var ours = (await Save(_sender)).Value;
        Assert.Equal("profile.not-yours", (await Save(_sender, forAll, Ada, null, "Mine")).Refusal.Code);
        Assert.Equal("profile.not-yours", (await Remove(forAll, Ada)).Refusal.Code);
        Assert.Equal("profile.not-found", (await Save(_sender, ours, _cleo, 2)).Refusal.Code);
        Assert.Equal("profile.not-found", (await Remove(ours, _cleo)).Refusal.Code);
        Assert.Equal("profile.not-yours", (await Save(_sender, ours, Ada, 2)).Refusal.Code);
        Assert.Equal("profile.title-taken", (await Save(_sender, title: "press ")).Refusal.Code);
        Assert.Equal("profile.changed", (await World.Lui.Get<SaveProfile>().Handle(new(ours.Id, "Press", Press, _sender, Ada, Version: 7), Token)).Refusal.Code);
        _ = (await Save(_sender with { Name = "Ours" }, ours, _ben)).Value;

        Assert.Equal(["All", "Press"], (await World.Lui.Get<SenderProfileStore>().List(Ada, Token)).Select(one => one.Title));
        Assert.Equal(["All"], (await World.Lui.Get<SenderProfileStore>().List(_cleo, Token)).Select(one => one.Title));
        var elsewhere = (await World.Lui.Get<CreateJob>().Handle(new CreateJob.Command("Fair", _cleo), Token)).Value;
        Assert.Equal(_sender, (await Use(elsewhere, forAll, _cleo)).Value.Sender);
    }

    [Fact]
    public async Task A_profile_that_is_not_there_any_more_needs_attention()
    {
        var job = await Using((await Save(_sender)).Value);
        await World.Lui.Get<PeopleStore>().Replace([Of(Ada, 2), Of(_cleo, 2)], [], Token);

        var step = (await World.Lui.Get<GetJob>().Handle(job.Code, Token)).Value.Workflow[JobStep.Sender];
        Assert.Equal((StepState.NeedsAttention, ProfilesWords.Gone), (step.State, step.Detail));
    }

    [Theory]
    [InlineData("news@{{ country }}.example", "sender.merged-domain")]
    [InlineData("news@&COUNTRY;.example", "sender.merged-domain")]
    [InlineData("{{ clerk }}@sender.example", "sender.merged-address")]
    public async Task Rule_21_a_merge_field_in_the_address_is_refused_before_anything_is_sent(string address, string code)
    {
        var job = await World.Lui.Prepare(1);

        Assert.Equal((code, "address"), Seen((await World.Lui.Get<NameSender>().Handle(new NameSender.Command(job.Id, Ada, "", address, null), Token)).Refusal));
        Assert.Equal((code, "address"), Seen((await Save(_sender with { Address = address })).Refusal));
    }

    [Theory]
    [InlineData("Subject: other", "headers")]
    [InlineData("no colon", "headers")]
    [InlineData("X-A: b\nDKIM-Signature: x", "headers")]
    public async Task Headers_that_the_message_has_by_itself_are_refused_at_their_field(string headers, string field)
    {
        Assert.Equal(("sender.headers", field), Seen((await Save(_sender with { Headers = headers })).Refusal));
    }

    private static (string Code, string? Field) Seen(Refusal refusal) => (refusal.Code, refusal.Field);

    private static Person Of(Actor who, long group) => new(who.Id, who.Name, who.Name, "", "", Administrator: who.Id == "9", Disabled: false, group);

    private Task<bool> Rules(bool late) => World.Lui.Get<PeopleStore>().Replace(
        [Of(Ada, Press), Of(_ben, Press), Of(_cleo, 2), Of(_root, 0)],
        [new PersonGroup(Press, "Press", FourEyes: false, StepRight.Edit) { LateSenders = late }, new PersonGroup(2, "Fairs", FourEyes: false, StepRight.Edit)],
        Token);

    private Task<Outcome<SenderProfile>> Save(JobSender sender, SenderProfile? before = null, Actor? who = null, long? group = Press, string title = "Press") =>
        World.Lui.Get<SaveProfile>().Handle(new(before?.Id, title, group, sender, who ?? Ada), Token);

    private Task<Outcome<SenderProfile>> Remove(SenderProfile profile, Actor? who = null) => World.Lui.Get<RemoveProfile>().Handle(new(profile.Id, who ?? Ada), Token);

    private Task<Outcome<Job>> Use(Job job, SenderProfile profile, Actor who) =>
        World.Lui.Get<NameSender>().Handle(new NameSender.Command(job.Id, who, "", "", null) { Profile = profile.Id }, Token);

    private async Task<Job> Using(SenderProfile profile, string html = "<p>{{ name }}</p>")
    {
        var job = await World.Lui.Prepare(1, html: html);
        _ = (await Use(job, profile, Ada)).Value;
        return (await World.Lui.Get<WaiveTest>().Handle(new WaiveTest.Command(job.Id, Ada), Token)).Value;
    }

    private async Task Authorise(Job job)
    {
        await World.Lui.PassPreflight(job);
        _ = (await World.Lui.Get<AuthorizeJob>().Handle(new AuthorizeJob.Command(job.Id, Ada), Token)).Value;
    }

    private string Sent(Job job) => string.Concat(World.Distributor.Opened[(ulong)job.Id].Content.Pieces.Select(piece => piece.HasFixed ? piece.Fixed.ToStringUtf8() : ""))
        .Replace("=\r\n", "", StringComparison.Ordinal);
}

public sealed class ProfileOnSqlite : ProfileSpec, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private protected override Task<Database> CreateDatabase() => OnSqlite(_folder);
}

public sealed class ProfileOnPostgres(PostgresServer server) : ProfileSpec
{
    private protected override Task<Database> CreateDatabase() => OnPostgres(server);
}
