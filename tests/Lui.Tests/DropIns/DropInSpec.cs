// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Dapper;
using Tutti.Lui.Content;
using Tutti.Lui.Copies;
using Tutti.Lui.Databases;
using Tutti.Lui.Delivery;
using Tutti.Lui.DropIns;
using Tutti.Lui.Jobs;
using Tutti.Lui.Jobs.Sending;
using Tutti.Lui.Jobs.Steps;
using Tutti.Lui.Preflight;
using Tutti.Lui.Tests.World;
using Tutti.Testing;
using Tutti.Wiring.Outcomes;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Tests.DropIns;

public abstract class DropInSpec : WorldSpec
{
    private readonly TemporaryFolder _files = new();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _files.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Drop_ins_of_all_kinds_stand_in_the_message_that_is_sent()
    {
        await using var site = PlainSite.Start("news of today");
        _ = (await Make("Imprint", DropInKind.Text, "Am Hof 12")).Value;
        using (var file = new MemoryStream("from a <b>file</b>"u8.ToArray()))
        {
            var uploaded = (await World.Lui.Get<SaveDropIn>().Upload("Page", "page.html", file, Ada, Token)).Value;
            Assert.Equal((DropInKind.File, true, "page.html"), (uploaded.Kind, uploaded.IsHtml, uploaded.Place));
        }

        _ = (await Make("News", DropInKind.Url, place: site.Address)).Value;
        await NameDatabase();
        _ = (await Make("Price", DropInKind.Database, "SELECT price FROM offer", place: "shop")).Value;
        var job = await World.Lui.Prepare(2, html: "<p>{{ name }} [[Imprint]] [[Page]] [[News]] [[Price]] [[*JobID]] {{*FromAddress}}</p><a href=\"[[*UnsubscribeURL]]\">leave</a>");
        await Authorise(job);

        var sent = string.Concat(World.Distributor.Opened[(ulong)job.Id].Content.Pieces.Where(piece => piece.HasFixed).Select(piece => piece.Fixed.ToStringUtf8())).Replace("=\r\n", "", StringComparison.Ordinal);
        Assert.Contains($"Am Hof 12 from a <b>file</b> news of today 12 {job.Code} news@sender.example", sent, StringComparison.Ordinal);
        Assert.Contains(World.Distributor.Opened[(ulong)job.Id].Content.Pieces, piece => piece.Slot is { Kind: Contracts.Dst.V1.SlotKind.Unsubscribe, Encoding: Contracts.Dst.V1.SlotEncoding.QuotedPrintable });
        Assert.Equal(2, World.Distributor.Taken.Count);
    }

    [Fact]
    public async Task What_was_fetched_for_the_test_is_sent_unless_people_want_it_fetched_when_the_job_leaves()
    {
        await using var site = PlainSite.Start("first");
        _ = (await Make("News", DropInKind.Url, place: site.Address)).Value;
        var (asTested, late) = (await World.Lui.Prepare(1, html: "<p>[[News]]</p>"), await World.Lui.Prepare(1, html: "<p>[[News]]</p>"));
        _ = (await World.Lui.Get<ChooseFetching>().Late(late.Id, true, Ada, Token)).Value;
        Assert.Contains("first", (await World.Lui.Get<PreviewContent>().Handle(new(asTested.Id), Token)).Value.Html, StringComparison.Ordinal);
        site.Text = "second";

        await Authorise(asTested);
        await Authorise(late);

        Assert.Contains("<p>first</p>", Sent(asTested), StringComparison.Ordinal);
        Assert.Contains("<p>second</p>", Sent(late), StringComparison.Ordinal);
        var job = await World.Lui.Prepare(1, html: "<p>[[News]]</p>");
        Assert.Contains("second", (await World.Lui.Get<PreviewContent>().Handle(new(job.Id), Token)).Value.Html, StringComparison.Ordinal);
        site.Text = "third";
        var changed = (await World.Lui.Get<ChooseFetching>().Now(job.Id, Ada, Token)).Value;
        Assert.Equal(TestState.Outdated, changed.TestState);
        Assert.Contains("third", (await World.Lui.Get<PreviewContent>().Handle(new(job.Id), Token)).Value.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_copy_of_a_job_fetches_what_it_holds_anew_and_keeps_when_it_is_fetched()
    {
        await using var site = PlainSite.Start("first");
        _ = (await Make("News", DropInKind.Url, place: site.Address)).Value;
        var (asTested, late) = (await World.Lui.Prepare(1, html: "<p>[[News]]</p>"), await World.Lui.Prepare(1, html: "<p>[[News]]</p>"));
        _ = (await World.Lui.Get<ChooseFetching>().Late(late.Id, true, Ada, Token)).Value;
        Assert.Contains("first", (await World.Lui.Get<PreviewContent>().Handle(new(asTested.Id), Token)).Value.Html, StringComparison.Ordinal);
        site.Text = "second";

        var copies = new List<Job>();
        foreach (var from in (Job[])[asTested, late])
        {
            var copy = (await World.Lui.Get<CopyJob>().Handle(new(from.Code, "", [JobPart.Content, JobPart.Tracking, JobPart.Sender, JobPart.Schedule], Ada), Token)).Value;
            await World.Lui.Fill(copy.Id, 1);
            _ = (await World.Lui.Get<WaiveTest>().Handle(new(copy.Id, Ada), Token)).Value;
            Assert.Contains("second", (await World.Lui.Get<PreviewContent>().Handle(new(copy.Id), Token)).Value.Html, StringComparison.Ordinal);
            copies.Add(copy);
        }

        site.Text = "third";
        await Authorise(copies[0]);
        await Authorise(copies[1]);

        // The copies are theirs: what was fetched for the first job is as it was.
        Assert.Contains("<p>second</p>", Sent(copies[0]), StringComparison.Ordinal);
        Assert.Contains("<p>third</p>", Sent(copies[1]), StringComparison.Ordinal);
        Assert.Contains("first", (await World.Lui.Get<PreviewContent>().Handle(new(asTested.Id), Token)).Value.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_text_part_that_is_made_from_the_HTML_and_the_preheader_hold_them_too()
    {
        _ = (await Make("Imprint", DropInKind.Text, "Am Hof 12\nBonn")).Value;
        var job = await World.Lui.Prepare(1);
        var content = new JobContent("[[Imprint]]", "<p>Dear {{ name }}</p><p>[[Imprint]]</p>", "[[Nothing]]") { Preheader = "From [[Imprint]]", IsTextAutomatic = true };

        var preview = (await World.Lui.Get<PreviewContent>().Handle(new(job.Id, 1, content), Token)).Value;

        Assert.Equal(("Am Hof 12 Bonn", "From Am Hof 12 Bonn"), (preview.Subject, preview.Preheader));
        Assert.Contains("Am Hof 12\nBonn", preview.Text!.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Contains("Dear Nr 1", preview.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("UPDATE drop_in SET body = 'Elsewhere 1' WHERE name = 'Imprint'")]
    [InlineData("UPDATE drop_in SET enabled = 0 WHERE name = 'Imprint'")]
    [InlineData("UPDATE job_drop_in SET value = 'forged' WHERE name = 'News'")]
    [InlineData("INSERT INTO job_fetch_late SELECT id FROM job")]
    public async Task A_drop_in_that_changes_after_the_approval_stops_the_delivery(string change)
    {
        await using var site = PlainSite.Start("first");
        _ = (await Make("Imprint", DropInKind.Text, "Am Hof 12")).Value;
        _ = (await Make("News", DropInKind.Url, place: site.Address)).Value;
        var job = await World.Lui.Prepare(1, html: "<p>[[Imprint]] [[News]]</p>");
        await Authorise(job, settle: false);
        await World.Lui.Database.Write(transaction => transaction.Connection!.ExecuteAsync(change, transaction: transaction), Token);
        await World.Settle();

        var stopped = await World.Lui.Job(job.Id);
        Assert.Equal((JobState.Failed, "seal.differs"), (stopped.State, stopped.Failure?.Code));
        Assert.Empty(World.Distributor.Opened);
    }

    [Fact]
    public async Task What_cannot_be_fetched_is_told_and_blocks_the_test_and_the_approval()
    {
        var site = PlainSite.Start("first");
        _ = (await Make("News", DropInKind.Url, place: site.Address)).Value;
        await site.DisposeAsync();
        var job = await World.Lui.Prepare(1);
        _ = (await World.Lui.Get<SaveContent>().Handle(new(job.Id, Ada, "Hello", "<p>[[News]] [[Nothing]]</p>", ""), Token)).Value;

        var findings = (await World.Lui.Get<RunPreflight>().Handle(job.Id, Token)).Value.Findings.Where(finding => finding.Rule == "drop-ins").ToList();
        Assert.Equal([PreflightLevel.Error, PreflightLevel.Warning], findings.Select(finding => finding.Level));
        Assert.Equal(StepState.NeedsAttention, (await World.Lui.Get<WorkflowReader>().Of(await World.Lui.Job(job.Id), Token))[JobStep.Content].State);
        Assert.True((await World.Lui.Get<SendTest>().Handle(new(job.Id, Ada, ["ada@example.org"], []), Token)).IsRefused);
    }

    [Theory]
    [InlineData("http://192.168.0.1/")]
    [InlineData("http://169.254.169.254/latest/meta-data")]
    [InlineData("ftp://example.org/x")]
    [InlineData("http://user:secret@example.org/")]
    [InlineData("nothing")]
    public async Task An_address_that_must_not_be_asked_is_refused(string address) =>
        Assert.Equal("place", (await Make("News", DropInKind.Url, place: address)).Refusal.Field);

    [Fact]
    public async Task Names_are_exact_and_given_once()
    {
        _ = (await Make("Imprint", DropInKind.Text, "a")).Value;
        Assert.Equal("drop-in.name-taken", (await Make("Imprint", DropInKind.Text, "b")).Refusal.Code);
        _ = (await Make("imprint", DropInKind.Text, "b")).Value;
        foreach (var name in new[] { "", "*JobID", "a]b", "a\nb", new string('x', 81) })
        {
            Assert.Equal("drop-in.name", (await Make(name, DropInKind.Text, "b")).Refusal.Code);
        }

        var renamed = (await World.Lui.Get<SaveDropIn>().Handle(new("Imprint", "Foot", "", DropInKind.Text, false, true, "", "c", Ada), Token)).Value;
        Assert.Equal(["Foot", "imprint"], (await World.Lui.Get<DropInStore>().List(Token)).Select(dropIn => dropIn.Name).Order(StringComparer.Ordinal));
        Assert.Equal("c", renamed.Body);
        Assert.Equal("drop-in.no-file", (await Make("File", DropInKind.File)).Refusal.Code);
    }

    private Task<Outcome<DropIn>> Make(string name, DropInKind kind, string? body = null, string place = "") =>
        World.Lui.Get<SaveDropIn>().Handle(new SaveDropIn.Command(null, name, "For tests", kind, false, true, place, body, Ada), Token);

    private async Task NameDatabase()
    {
        var path = _files.File("shop.sqlite");
        await using (var shop = Database.OnSqlite(path))
        {
            await shop.Write(transaction => transaction.Connection!.ExecuteAsync("CREATE TABLE offer (price INTEGER); INSERT INTO offer VALUES (12)", transaction: transaction), Token);
        }

        _ = (await World.Lui.Get<SaveDatabase>().Handle(new(null, "shop", DatabaseKind.Sqlite, "", 0, path, "", null, false, Ada), Token)).Value;
    }

    private async Task Authorise(Job job, bool settle = true)
    {
        if ((await World.Lui.Job(job.Id)).TestState != TestState.Waived)
        {
            _ = (await World.Lui.Get<WaiveTest>().Handle(new(job.Id, Ada), Token)).Value;
        }

        await World.Lui.PassPreflight(await World.Lui.Job(job.Id));
        _ = (await World.Lui.Get<AuthorizeJob>().Handle(new(job.Id, Ada), Token)).Value;
        if (settle)
        {
            await World.Settle();
        }
    }

    private string Sent(Job job) =>
        string.Concat(World.Distributor.Opened[(ulong)job.Id].Content.Pieces.Where(piece => piece.HasFixed).Select(piece => piece.Fixed.ToStringUtf8()));

    /// <summary>A web server that says one text.</summary>
    private sealed class PlainSite : IAsyncDisposable
    {
        private readonly HttpListener _listener = new();
        private readonly Task _run;

        private PlainSite(string text, int port)
        {
            (Text, Address) = (text, $"http://127.0.0.1:{port}/");
            _listener.Prefixes.Add(Address);
            _listener.Start();
            _run = Run();
        }

        public string Text { get; set; }

        public string Address { get; }

        public static PlainSite Start(string text) => new(text, FreePort.Next());

        public async ValueTask DisposeAsync()
        {
            _listener.Stop();
            await _run;
            _listener.Close();
        }

        private async Task Run()
        {
            try
            {
                while (true)
                {
                    var context = await _listener.GetContextAsync();
                    context.Response.ContentType = "text/plain; charset=utf-8";
                    await context.Response.OutputStream.WriteAsync(System.Text.Encoding.UTF8.GetBytes(Text), Token);
                    context.Response.Close();
                }
            }
            catch (Exception end) when (end is HttpListenerException or ObjectDisposedException)
            {
                // Stopped.
            }
        }
    }
}

public sealed class DropInOnSqlite : DropInSpec, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private protected override Task<Database> CreateDatabase() => OnSqlite(_folder);
}

public sealed class DropInOnPostgres(PostgresServer server) : DropInSpec
{
    private protected override Task<Database> CreateDatabase() => OnPostgres(server);
}
