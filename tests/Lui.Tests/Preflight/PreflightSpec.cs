// SPDX-License-Identifier: Apache-2.0
using Dapper;
using Tutti.Lui.Content;
using Tutti.Lui.Jobs;
using Tutti.Lui.Jobs.Sending;
using Tutti.Lui.Jobs.Steps;
using Tutti.Lui.Preflight;
using Tutti.Lui.Preflight.Rules;
using Tutti.Lui.Senders;
using Tutti.Lui.Teams;
using Tutti.Lui.Tests.World;
using Tutti.Testing;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Outcomes;
using Tutti.Wiring.Storage;
using Wire = Tutti.Contracts.Dst.V1;

namespace Tutti.Lui.Tests.Preflight;

public abstract class PreflightSpec : WorldSpec
{
    private const string Good = "<p>Dear {{ name }}, <a href=\"{{ unsubscribe_url }}\">leave</a>. The Society, Am Hof 12, 53113 Bonn</p>";

    [Fact]
    public async Task A_job_with_nothing_to_say_against_is_authorised_without_a_tick()
    {
        var job = await World.Lui.Prepare(3);
        await Write(job, Good);

        Assert.Equal(JobState.Waiting, (await Authorise(job)).Value.State);
        Assert.All((await Report(job)).Findings, finding => Assert.True(finding.Level is PreflightLevel.Good or PreflightLevel.NotChecked, finding.Words));
    }

    [Fact]
    public async Task A_warning_asks_for_a_tick_that_the_journal_remembers_and_that_can_be_taken_back()
    {
        var job = await World.Lui.Prepare(3);
        await Write(job, Good.Replace("{{ unsubscribe_url }}", "https://example.org/", StringComparison.Ordinal));

        Assert.Equal("preflight.asks", (await Authorise(job)).Refusal.Code);
        var warning = Assert.Single((await Report(job)).Asking);
        Assert.Equal("unsubscribe", warning.Rule);
        Assert.Equal("preflight.no-warning", (await Tick(job, ["0000"])).Refusal.Code);

        Assert.Empty((await Tick(job, [warning.Key])).Value.Asking);
        Assert.Equal("Ada", (await Report(job)).TickOf(warning)!.Who.Name);
        Assert.Single((await Tick(job, [warning.Key], on: false)).Value.Asking);
        Assert.Equal("preflight.asks", (await Authorise(job)).Refusal.Code);
        _ = (await Tick(job, null)).Value;

        Assert.Equal(JobState.Waiting, (await Authorise(job)).Value.State);
        var journal = await World.Lui.Get<JobStore>().Journal(job.Id, Token);
        Assert.Equal(2, journal.Count(line => line.Kind == "warning-ticked" && line.Words.Contains(warning.Words, StringComparison.Ordinal)));
        Assert.Equal("job.not-open", (await Tick(job, null)).Refusal.Code);
    }

    [Fact]
    public async Task Who_has_an_empty_field_is_counted_and_named_and_a_default_fills_it()
    {
        var job = await World.Lui.Prepare(30);
        await World.Lui.Database.Write(
            transaction => transaction.Connection!.ExecuteAsync(
                """
                UPDATE recipient SET fields = REPLACE(fields, 'Bonn', '') WHERE recipients_id IN (SELECT recipients_id FROM job WHERE id = @Id)
                """,
                new { job.Id },
                transaction),
            Token);
        await Write(job, Good + "<p>{{ city }}</p>");

        var finding = Assert.Single((await Run(job)).Asking);
        Assert.Equal("merge-fields", finding.Rule);
        Assert.Contains("city is empty for 15 of 30 recipients", finding.Words, StringComparison.Ordinal);
        Assert.Equal(new PreflightPerson(2, "r2@rcpt.example"), finding.People[0]);
        Assert.Equal(15, finding.People.Count);
        Assert.Equal(finding.People, Assert.Single((await Report(job)).Asking).People);

        await Write(job, Good + "<p>{{ city | default: 'your town' }}</p>");
        Assert.Empty((await Run(job)).Asking);
    }

    [Fact]
    public async Task A_template_that_fails_for_somebody_blocks_and_cannot_be_ticked_away()
    {
        var job = await World.Lui.Prepare(4);
        await Write(job, Good + "{% if city == 'Bonn' %}{% for i in (1..30000) %}{{ i }}{% endfor %}{% endif %}");

        var report = await Run(job);
        Assert.Contains("The messages of 2 recipients cannot be made", Assert.Single(report.Blocking).Words, StringComparison.Ordinal);
        Assert.Equal([2L, 4L], report.Blocking[0].People.Select(person => person.Id));
        Assert.Equal("preflight.no-warning", (await Tick(job, [report.Blocking[0].Key])).Refusal.Code);
        _ = (await Tick(job, null)).Value;

        Assert.Equal("preflight.blocked", (await Authorise(job)).Refusal.Code);
    }

    [Fact]
    public async Task What_is_changed_afterwards_is_looked_at_again_and_an_old_tick_counts_for_the_same_finding_only()
    {
        var job = await World.Lui.Prepare(3);
        await World.Lui.PassPreflight(job);
        Assert.NotNull(await World.Lui.Get<PreflightGate>().Current(await World.Lui.Job(job.Id), Token));

        await Write(job, "<p style=\"color:#ccc\">pale</p>");
        Assert.Null(await World.Lui.Get<PreflightGate>().Current(await World.Lui.Job(job.Id), Token));
        Assert.Equal("preflight.asks", (await Authorise(job)).Refusal.Code);
        Assert.Equal("contrast", Assert.Single((await Report(job)).Asking).Rule);
    }

    [Fact]
    public async Task Nobody_lets_pass_what_was_found_in_a_job_that_was_changed_since()
    {
        var job = await World.Lui.Prepare(3);
        await Write(job, Good.Replace("{{ unsubscribe_url }}", "https://example.org/", StringComparison.Ordinal));
        var warning = Assert.Single((await Run(job)).Asking);
        await Write(job, Good.Replace("{{ unsubscribe_url }}", "https://example.org/other", StringComparison.Ordinal));

        Assert.Equal("preflight.outdated", (await Tick(job, [warning.Key])).Refusal.Code);
        Assert.Null((await Report(job)).TickOf(warning));
        _ = await Run(job);
        Assert.Empty((await Tick(job, [warning.Key])).Value.Asking);

        // And what changes between the look and the commit is noticed there.
        var (seen, changed) = (await World.Lui.Job(job.Id), (await World.Lui.Get<RenameJob>().Handle(new(job.Id, "Other", Ada), Token)).Value);
        var jobs = World.Lui.Get<JobStore>();
        Assert.Equal("job.changed", (await World.Database.Write(transaction => jobs.Hold(transaction, job.Id, seen.Version, Ada, Token), Token)).Refusal.Code);
        Assert.Equal(changed.Version, (await World.Database.Write(transaction => jobs.Hold(transaction, job.Id, changed.Version, Ada, Token), Token)).Value.Version);
        await World.Lui.Get<PeopleStore>().Replace([new Person("3", "Cleo", "Cleo", "", "", Administrator: false, Disabled: false, 2)], [new PersonGroup(2, "Fairs", FourEyes: false, StepRight.Edit)], Token);
        Assert.Equal("job.not-found", (await World.Database.Write(transaction => jobs.Hold(transaction, job.Id, changed.Version, new Actor("3", "Cleo"), Token), Token)).Refusal.Code);
    }

    [Fact]
    public async Task After_a_day_the_world_is_looked_at_anew()
    {
        var job = await World.Lui.Prepare(3);
        await World.Lui.PassPreflight(job);
        World.Clock.Advance(TimeSpan.FromHours(23));
        Assert.NotNull(await World.Lui.Get<PreflightGate>().Current(job, Token));

        World.Clock.Advance(TimeSpan.FromHours(2));
        Assert.Null(await World.Lui.Get<PreflightGate>().Current(job, Token));
    }

    [Fact]
    public async Task A_message_that_webmail_clips_is_measured_as_composed_for_the_one_who_gets_the_longest()
    {
        var job = await World.Lui.Prepare(4);
        await Write(job, Good + "{% if city == 'Bonn' %}" + new string('x', 110_000) + "{% endif %}");

        var finding = Assert.Single((await Run(job)).Asking);

        Assert.Equal("size", finding.Rule);
        Assert.Contains("108 KB of HTML", finding.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_receivers_say_of_the_sender_domain_asks_and_a_missing_key_blocks_where_mail_goes_straight_to_them()
    {
        var job = await World.Lui.Prepare(3);
        await Write(job, Good);
        World.Distributor.Report.Findings.Add(new Wire.DomainFinding { Subject = "SPF", Level = Wire.DomainFinding.Types.Level.Error, Text = "wrong" });
        World.Distributor.Report.Findings.Add(new Wire.DomainFinding { Subject = "DKIM", Level = Wire.DomainFinding.Types.Level.Error, Text = "no key" });
        World.Distributor.Report.Findings.Add(new Wire.DomainFinding { Subject = "DMARC", Level = Wire.DomainFinding.Types.Level.Good, Text = "good" });

        Assert.Equal(["SPF: wrong\nDKIM: no key"], (await Run(job)).Asking.Select(finding => finding.Words));

        (World.Distributor.HasDkimKey, World.Distributor.Mode) = (false, "mx");
        World.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(["DKIM: no key"], (await Run(job)).Blocking.Select(finding => finding.Words));

        _ = (await World.Lui.Get<OverrideSenderCheck>().Handle(new OverrideSenderCheck.Command(job.Id, Ada), Token)).Value;
        Assert.Empty((await Run(job)).Blocking);
        World.Distributor.Away = true;
        Assert.Contains((await Run(job)).Findings, finding => finding is { Rule: "sender-domain", Level: PreflightLevel.NotChecked });
    }

    [Fact]
    public async Task Without_recipients_or_a_message_there_is_nothing_to_look_at()
    {
        var job = (await World.Lui.Get<CreateJob>().Handle(new CreateJob.Command("Bare", Ada), Token)).Value;
        Assert.Equal("content.missing", (await World.Lui.Get<RunPreflight>().Handle(job.Id, Token)).Refusal.Code);
        await Write(job, Good);

        Assert.Equal("preflight.no-recipients", (await World.Lui.Get<RunPreflight>().Handle(job.Id, Token)).Refusal.Code);
        Assert.Equal("preflight.none", (await Tick(job, null)).Refusal.Code);
    }

    [Fact]
    public async Task With_its_job_a_preflight_goes()
    {
        var job = await World.Lui.Prepare(3);
        await World.Lui.PassPreflight(job);

        _ = (await World.Lui.Get<DeleteJob>().Handle(new DeleteJob.Command(job.Id, Ada), Token)).Value;

        Assert.Null(await World.Lui.Get<PreflightStore>().Find(job.Id, Token));
    }

    [Fact]
    public async Task A_real_spam_filter_rates_the_message_as_composed()
    {
        await using var rspamd = await RspamdServer.Start(Token);
        using var rate = new RateBySpamFilter(new PreflightSettings { RspamdUrl = rspamd.Url, RspamdPassword = new Secret("") }, TimeProvider.System);
        var rule = new SpamRule(World.Lui.Get<ComposeSample>(), rate);

        var good = Assert.Single(await rule.Look(Messages.Of("<p>Dear {{ first }}</p>", "Dear {{ first }}"), Token));
        var bad = Assert.Single(await rule.Look(Messages.Of("<p>Dear {{ first }}, cheap watches for you</p>"), Token));

        Assert.Equal((PreflightLevel.Good, "The spam filter gives 0.0 of 15.0 (no action). What counted against it: -."), (good.Level, good.Words));
        Assert.Equal(PreflightLevel.Warning, bad.Level);
        Assert.Equal("The spam filter gives 7.0 of 15.0 and would do this: add header. What counted against it: CHEAP_WATCHES 7.0.", bad.Words);
    }

    [Fact]
    public async Task A_spam_filter_that_does_not_answer_is_no_obstacle()
    {
        using var rate = new RateBySpamFilter(new PreflightSettings { RspamdUrl = $"http://127.0.0.1:{FreePort.Next()}" }, TimeProvider.System);

        var finding = Assert.Single(await new SpamRule(World.Lui.Get<ComposeSample>(), rate).Look(Messages.Of("<p>Dear {{ first }}</p>"), Token));

        Assert.Equal(PreflightLevel.NotChecked, finding.Level);
    }

    private async Task Write(Job job, string html) =>
        _ = (await World.Lui.Get<SaveContent>().Handle(new SaveContent.Command(job.Id, Ada, "Hello", html, ""), Token)).Value;

    private async Task<PreflightReport> Run(Job job) => (await World.Lui.Get<RunPreflight>().Handle(job.Id, Token)).Value;

    private async Task<PreflightReport> Report(Job job) => (await World.Lui.Get<PreflightStore>().Find(job.Id, Token))!;

    private Task<Outcome<PreflightReport>> Tick(Job job, IReadOnlyList<string>? keys, bool on = true) =>
        World.Lui.Get<TickWarnings>().Handle(new TickWarnings.Command(job.Id, Ada, keys, on), Token);

    private async Task<Outcome<Job>> Authorise(Job job)
    {
        // What was written afterwards made the test outdated.
        if ((await World.Lui.Job(job.Id)).State == JobState.Open)
        {
            _ = (await World.Lui.Get<WaiveTest>().Handle(new WaiveTest.Command(job.Id, Ada), Token)).Value;
        }

        return await World.Lui.Get<AuthorizeJob>().Handle(new AuthorizeJob.Command(job.Id, Ada), Token);
    }
}

public sealed class PreflightOnSqlite : PreflightSpec, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private protected override Task<Database> CreateDatabase() => OnSqlite(_folder);
}

public sealed class PreflightOnPostgres(PostgresServer server) : PreflightSpec
{
    private protected override Task<Database> CreateDatabase() => OnPostgres(server);
}
