// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Content;
using Tutti.Lui.Jobs;
using Tutti.Lui.Jobs.Steps;
using Tutti.Lui.Tests.World;
using Tutti.Lui.Tracking.MessageLinks;
using Tutti.Testing;
using Tutti.Wiring.Outcomes;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Tests.Content;

public abstract class ContentSpec : WorldSpec
{
    [Fact]
    public async Task What_was_saved_is_found_again()
    {
        var job = await World.Lui.Prepare(3);

        _ = (await Save(job, "Spring", "<p>One</p>", "One")).Value;
        _ = (await Save(job, "Summer", "", "Two")).Value;

        Assert.Equal(new JobContent("Summer", "", "Two"), await World.Lui.Get<ContentStore>().Find(job.Id, Token));
    }

    [Theory]
    [InlineData("", "<p>a</p>", "", "content.no-subject", "subject")]
    [InlineData("a\nb", "<p>a</p>", "", "content.subject-lines", "subject")]
    [InlineData("a", " ", "", "content.no-body", "html")]
    [InlineData("a", "<p>\n{% if x %}</p>", "", "content.template", "html")]
    [InlineData("{{ a", "<p></p>", "", "content.template", "subject")]
    public async Task What_cannot_be_sent_is_refused_at_its_field(string subject, string html, string text, string code, string field)
    {
        var job = await World.Lui.Prepare(3);

        var refusal = (await Save(job, subject, html, text)).Refusal;

        Assert.Equal((code, field), (refusal.Code, refusal.Field));
    }

    [Fact]
    public async Task A_template_that_does_not_parse_is_told_with_line_and_column()
    {
        var job = await World.Lui.Prepare(3);

        var refusal = (await Save(job, "Hello", "<p>one</p>\n<p>{{ name | }}</p>", "")).Refusal;

        Assert.Matches("^Line 2, column [0-9]+: ", refusal.Message);
    }

    [Fact]
    public async Task An_automatic_text_part_a_preheader_and_a_language_are_kept_and_do_what_they_say()
    {
        var job = await World.Lui.Prepare(3);
        var command = new SaveContent.Command(job.Id, Ada, "Hello", "<body><h1>Dear {{ name }}</h1><p>{{ 1234.5 | currency: 'EUR' }} <a href=\"https://example.org/b\">Read</a></p></body>", "by hand")
        {
            Preheader = "Only <you>, {{ name }}",
            IsTextAutomatic = true,
            Language = "de",
            LanguageField = "lang",
        };

        _ = (await World.Lui.Get<SaveContent>().Handle(command, Token)).Value;
        await World.Restart();

        var kept = (await World.Lui.Get<ContentStore>().Find(job.Id, Token))!;
        Assert.Equal(("by hand", "Only <you>, {{ name }}", true, "de", "lang"), (kept.Text, kept.Preheader, kept.IsTextAutomatic, kept.Language, kept.LanguageField));
        var preview = (await Preview(job, 2)).Value;
        Assert.StartsWith("Dear Nr 2\n===============\n\n", preview.Text, StringComparison.Ordinal);
        Assert.Contains("1.234,50\u00A0€ Read <https://example.org/b>", preview.Text, StringComparison.Ordinal);
        Assert.Equal("Only <you>, Nr 2", preview.Preheader);
        Assert.Matches("^<body><div style=\"display:none;[^>]*>Only &lt;you&gt;, Nr 2", preview.Html);
        _ = (await World.Lui.Get<SaveContent>().Handle(command with { IsTextAutomatic = false, Preheader = "" }, Token)).Value;
        preview = (await Preview(job, 2)).Value;
        Assert.Equal("by hand", preview.Text);
        Assert.StartsWith("Dear Nr 2 =", preview.Preheader, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_preheader_of_two_lines_or_an_open_tag_and_an_unknown_language_are_refused_at_their_fields()
    {
        var job = await World.Lui.Prepare(3);
        var command = new SaveContent.Command(job.Id, Ada, "Hello", "<p>a</p>", "");

        var lines = (await World.Lui.Get<SaveContent>().Handle(command with { Preheader = "a\nb" }, Token)).Refusal;
        var open = (await World.Lui.Get<SaveContent>().Handle(command with { Preheader = "{% if a %}" }, Token)).Refusal;
        var language = (await World.Lui.Get<SaveContent>().Handle(command with { Language = "klingon" }, Token)).Refusal;
        var empty = (await World.Lui.Get<SaveContent>().Handle(command with { Html = "", Text = "x", IsTextAutomatic = true }, Token)).Refusal;

        Assert.Equal(("content.preheader", "preheader"), (lines.Code, lines.Field));
        Assert.Equal(("content.template", "preheader"), (open.Code, open.Field));
        Assert.Equal(("content.language", "language"), (language.Code, language.Field));
        Assert.Equal("content.no-body", empty.Code);
    }

    [Fact]
    public async Task A_change_makes_the_test_count_no_more()
    {
        var job = await World.Lui.Prepare(3);
        Assert.Equal(TestState.Waived, job.TestState);

        var changed = (await Save(job, "Another", "<p>a</p>", "")).Value;

        Assert.Equal(TestState.Outdated, changed.TestState);
    }

    [Fact]
    public async Task Of_two_people_the_later_is_told_that_the_job_was_changed()
    {
        var job = await World.Lui.Prepare(3);
        _ = (await Save(job, "First", "<p>a</p>", "")).Value;

        var command = new SaveContent.Command(job.Id, Ada, "Second", "<p>b</p>", "", job.Version);
        var refusal = (await World.Lui.Get<SaveContent>().Handle(command, Token)).Refusal;

        Assert.Equal("job.changed", refusal.Code);
        Assert.Equal("First", (await World.Lui.Get<ContentStore>().Find(job.Id, Token))!.Subject);
    }

    [Fact]
    public async Task What_somebody_else_saved_meanwhile_is_not_overwritten()
    {
        var job = await World.Lui.Prepare(3);
        var began = await World.Lui.Get<ContentStore>().Version(job.Id, Token);
        _ = (await Save(job, "Theirs", "<p>a</p>", "")).Value;

        var mine = new SaveContent.Command(job.Id, Ada, "Mine", "<p>b</p>", "", BasedOn: began);
        Assert.Equal("content.overtaken", (await World.Lui.Get<SaveContent>().Handle(mine, Token)).Refusal.Code);
        Assert.Equal("Theirs", (await World.Lui.Get<ContentStore>().Find(job.Id, Token))!.Subject);

        _ = (await World.Lui.Get<SaveContent>().Handle(mine with { BasedOn = began + 1 }, Token)).Value;
        Assert.Equal("Mine", (await World.Lui.Get<ContentStore>().Find(job.Id, Token))!.Subject);
    }

    [Fact]
    public async Task Of_many_who_save_at_once_over_the_same_version_one_is_kept()
    {
        var job = await World.Lui.Prepare(3);
        var began = await World.Lui.Get<ContentStore>().Version(job.Id, Token);

        var saved = await Task.WhenAll(Enumerable.Range(0, 8).Select(number =>
            World.Lui.Get<SaveContent>().Handle(new SaveContent.Command(job.Id, Ada, $"Nr {number}", "<p>a</p>", "", BasedOn: began), Token)));

        Assert.Single(saved, outcome => !outcome.IsRefused);
        Assert.All(saved.Where(outcome => outcome.IsRefused), outcome => Assert.Equal("content.overtaken", outcome.Refusal.Code));
        Assert.Equal(began + 1, await World.Lui.Get<ContentStore>().Version(job.Id, Token));
    }

    [Fact]
    public async Task A_recovery_copy_is_each_persons_own_and_goes_with_a_save_or_the_job()
    {
        var (job, drafts) = (await World.Lui.Prepare(3), World.Lui.Get<DraftStore>());
        var draft = new ContentDraft(new JobContent("Half", "<p>{% if", "") { Preheader = "Be", IsTextAutomatic = true, Language = "d", LanguageField = "LANG" }, 1, World.Clock.GetUtcNow());
        await drafts.Save(job.Id, "1", draft with { BasedOn = 0 }, Token);
        await drafts.Save(job.Id, "1", draft, Token);
        await drafts.Save(job.Id, "2", draft, Token);

        await World.Restart();
        drafts = World.Lui.Get<DraftStore>();
        Assert.Equal(draft, await drafts.Find(job.Id, "1", Token));
        Assert.Null(await drafts.Find(job.Id, "3", Token));

        _ = (await Save(job, "Whole", "<p>a</p>", "")).Value;
        Assert.Null(await drafts.Find(job.Id, "1", Token));
        Assert.Equal(draft, await drafts.Find(job.Id, "2", Token));

        _ = (await World.Lui.Get<DeleteJob>().Handle(new DeleteJob.Command(job.Id, Ada), Token)).Value;
        Assert.Null(await drafts.Find(job.Id, "2", Token));
    }

    [Fact]
    public async Task A_merge_field_without_a_column_is_named_before_the_test()
    {
        var job = await World.Lui.Prepare(3);
        _ = (await Save(job, "Hello {{ name }}", "<p>{{ surname }} {{ city }}</p>", "")).Value;

        var workflow = (await World.Lui.Get<GetJob>().Handle(job.Code, Token)).Value.Workflow;

        Assert.Equal(StepState.NeedsAttention, workflow[JobStep.Content].State);
        Assert.Contains("surname", workflow[JobStep.Content].Detail, StringComparison.Ordinal);
        Assert.Equal(StepState.NotYetPossible, workflow[JobStep.Test].State);
    }

    [Fact]
    public async Task A_preview_shows_what_one_recipient_gets()
    {
        var job = await World.Lui.Prepare(3);

        var bonn = (await Preview(job, 2)).Value;
        var ulm = (await Preview(job, 3)).Value;

        Assert.Equal("Hello Nr 2", bonn.Subject);
        Assert.Contains("href=\"https://example.org/b\"", bonn.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("https://example.org/b", ulm.Html, StringComparison.Ordinal);
        Assert.Equal("Dear Nr 3 https://example.org/c", ulm.Text);
        Assert.Empty(ulm.MissingFields);
        Assert.Equal(RefusalKind.NotFound, (await Preview(job, 4)).Refusal.Kind);
    }

    [Fact]
    public async Task Links_are_listed_with_number_label_part_and_the_reason_why_one_is_not_tracked()
    {
        var job = await World.Lui.Prepare(3);
        _ = (await Save(job, "Hello", "<a href=\"https://example.org/a\">Read on</a><a href=\"mailto:a@b.example\">m</a><a href=\"https://x.example/{{ name }}\">p</a>", "")).Value;

        var links = (await World.Lui.Get<ListLinks>().Handle(job.Id, Token)).Value;

        Assert.Equal(new FoundLink(1, "https://example.org/a", "Read on", "html", null, "https://example.org/a", 1, "", Decidable: true), links[0]);
        Assert.Equal(2, links.Count(link => link is { Number: null, Untracked: not null }));
    }

    private Task<Outcome<Job>> Save(Job job, string subject, string html, string text) =>
        World.Lui.Get<SaveContent>().Handle(new SaveContent.Command(job.Id, Ada, subject, html, text), Token);

    private Task<Outcome<ContentPreview>> Preview(Job job, long recipient) =>
        World.Lui.Get<PreviewContent>().Handle(new PreviewContent.Query(job.Id, recipient), Token);
}

public sealed class ContentOnSqlite : ContentSpec, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private protected override Task<Database> CreateDatabase() => OnSqlite(_folder);
}

public sealed class ContentOnPostgres(PostgresServer server) : ContentSpec
{
    private protected override Task<Database> CreateDatabase() => OnPostgres(server);
}
