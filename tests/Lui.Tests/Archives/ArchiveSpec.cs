// SPDX-License-Identifier: Apache-2.0
using Dapper;
using Tutti.Contracts.Dst.V1;
using Tutti.Contracts.Trk.V1;
using Tutti.Lui.Archives;
using Tutti.Lui.Archives.Format;
using Tutti.Lui.Archives.TakingIn;
using Tutti.Lui.Copies;
using Tutti.Lui.Jobs;
using Tutti.Lui.Reports;
using Tutti.Lui.Suppression;
using Tutti.Lui.Teams;
using Tutti.Lui.Tests.World;
using Tutti.Testing;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Tests.Archives;

/// <summary>Jobs that are over go into a file and come back, here and elsewhere; on every database.</summary>
public abstract class ArchiveSpec : WorldSpec
{
    private const int Recipients = 40;

    [Fact]
    public async Task What_was_archived_comes_back_row_by_row_and_nothing_is_sent_again()
    {
        var job = await Delivered();
        var (before, sent, receipt) = (await Rows(job.Id), World.Distributor.Taken.Count, await Receipt(job));
        await Archive(job);

        Assert.Equal(JobState.Archived, (await World.Lui.Job(job.Id)).State);
        Assert.Empty(await Rows(job.Id, table => table.Rows == ArchivedRows.AreTakenAway));
        Assert.Equal(receipt, await Receipt(job));
        var (listed, total) = await Store.List(Ada, "spring", 0, 10, Token);
        Assert.Equal((1, job.Code, ArchiveState.Removed, Recipients, 3), (total, listed[0].Code, listed[0].Archive.State, (int)listed[0].Archive.Totals!.Planned, (int)listed[0].Archive.Totals!.Clicks));

        Assert.False((await World.Lui.Get<BringBack>().Handle(new(job.Id, Ada), Token)).IsRefused);
        await Look();
        await World.Settle();

        Assert.Equal(before, await Rows(job.Id));
        Assert.Equal((JobState.Completed, sent), ((await World.Lui.Job(job.Id)).State, World.Distributor.Taken.Count));
        Assert.Equal(3, (await World.Lui.Get<ReadReport>().Handle(job.Id, Token)).Value.Clicks.Times);
        Assert.Equal(["archive-wanted", "archived", "archive-wanted-back", "unarchived"], (await World.Lui.Get<JobStore>().Journal(job.Id, Token)).Take(4).Reverse().Select(line => line.Kind));
        Assert.Equal(0, (await Store.List(Ada, "", 0, 10, Token)).Total);

        // And once more: the file is written anew, the old one goes.
        await Archive(job);
        Assert.Single(Directory.GetFiles(World.Lui.Get<ArchiveFolder>().Path));
    }

    [Fact]
    public async Task A_stage_that_was_cut_off_begins_again_and_comes_to_the_same_end()
    {
        var job = await Delivered();
        var before = await Rows(job.Id);
        await World.Lui.Get<ArchiveJob>().Handle(new(job.Id, Ada), Token);
        await World.Lui.Get<ArchiveJob>().Handle(new(job.Id, Ada), Token);
        var wanted = (await Store.Find(job.Id, Token))!;
        await File.WriteAllTextAsync(World.Lui.Get<ArchiveFolder>().Draft($"job-{job.Id}"), "half of a file", Token);

        await World.Lui.Get<KeepArchive>().Handle(wanted, Token);
        var kept = (await Store.Find(job.Id, Token))!;
        Assert.Equal((ArchiveState.Kept, JobState.Archived), (kept.State, (await World.Lui.Job(job.Id)).State));
        await World.Lui.Get<TakeAway>().Handle(kept, Token);
        await World.Lui.Get<TakeAway>().Handle(kept, Token);
        await World.Lui.Get<BringBack>().Handle(new(job.Id, Ada), Token);
        var back = (await Store.Find(job.Id, Token))!;
        await World.Lui.Get<PutBack>().Handle(back, Token);
        await World.Lui.Get<PutBack>().Handle(back, Token);

        Assert.Equal(before, await Rows(job.Id));
    }

    [Fact]
    public async Task Without_the_file_that_was_written_nothing_is_taken_away_and_nothing_comes_back()
    {
        var job = await Delivered();
        await World.Lui.Get<ArchiveJob>().Handle(new(job.Id, Ada), Token);
        await World.Lui.Get<KeepArchive>().Handle((await Store.Find(job.Id, Token))!, Token);
        var (kept, path) = ((await Store.Find(job.Id, Token))!, World.Lui.Get<ArchiveFolder>().PathOf((await Store.Find(job.Id, Token))!.File));
        var (bytes, rows) = (await File.ReadAllBytesAsync(path, Token), await Rows(job.Id));

        File.Delete(path);
        await Look();
        Assert.Contains("is not there", (await Store.Find(job.Id, Token))!.Problem, StringComparison.Ordinal);
        Assert.Equal(rows, await Rows(job.Id));
        Assert.Equal("archive.file-gone", (await World.Lui.Get<BringBack>().Handle(new(job.Id, Ada), Token)).Refusal.Code);

        bytes[^40] ^= 1;
        await File.WriteAllBytesAsync(path, bytes, Token);
        await Look();
        Assert.Contains("SHA-256 differs", (await Store.Find(job.Id, Token))!.Problem, StringComparison.Ordinal);
        Assert.Equal(rows, await Rows(job.Id));

        // The copy that was downloaded takes its place.
        bytes[^40] ^= 1;
        File.Delete(path);
        using var upload = new MemoryStream(bytes);
        Assert.Equal(job.Id, (await World.Lui.Get<TakeInArchive>().Handle(new(upload, Ada), Token)).Value.Id);
        await Look();
        Assert.Equal(ArchiveState.Back, (await Store.Find(job.Id, Token))!.State);
        Assert.Equal(rows, await Rows(job.Id));
    }

    [Fact]
    public async Task What_comes_late_is_counted_once_and_who_unsubscribes_is_heard()
    {
        World.Distributor.Judge = recipient => recipient.Id == 7 ? Fate.InDoubt : Fate.Accepted;
        var job = await Delivered();
        await Archive(job);
        Assert.Equal(1, (await Receipt(job)).InDoubt);

        World.Distributor.Settle((ulong)job.Id, 7, Fate.Accepted);
        World.Distributor.Settle((ulong)job.Id, 8, Fate.Accepted);
        World.Distributor.Return(job.Id, 9, CameBack.Bounced, BounceClass.Hard, "550 unknown");
        World.Tracker.Add(EventKind.Unsubscribe, job.Id, TokenOf(10));
        await World.Settle();

        var receipt = await Receipt(job);
        Assert.Equal((Recipients, Recipients, 0, true), ((int)receipt.Planned, (int)receipt.Accepted, (int)receipt.InDoubt, receipt.AddsUp));
        await Look();
        var suppressed = await World.Lui.Get<SuppressionStore>().List("", "", 10, Token);
        Assert.Equal([("r10@rcpt.example", "unsubscribe"), ("r9@rcpt.example", "bounce")], suppressed.Select(one => (one.Address, one.Source)));

        await World.Lui.Get<BringBack>().Handle(new(job.Id, Ada), Token);
        await Look();
        Assert.Equal(receipt, await Receipt(job));
        Assert.Equal(1, (await World.Lui.Get<ReadReport>().Handle(job.Id, Token)).Value.CameBack.Hard);
        Assert.Equal(1, (await World.Lui.Get<ReadReport>().Handle(job.Id, Token)).Value.Unsubscribes.Times);
    }

    [Fact]
    public async Task An_archive_from_elsewhere_becomes_a_job_that_is_over_and_is_taken_in_once()
    {
        var job = await Delivered();
        var report = (await World.Lui.Get<ReadReport>().Handle(job.Id, Token)).Value;
        await Archive(job);
        var bytes = await File.ReadAllBytesAsync(World.Lui.Get<ArchiveFolder>().PathOf((await Store.Find(job.Id, Token))!.File), Token);

        using var folder = new TemporaryFolder();
        await using var elsewhere = await Installation.Start(Database.OnSqlite(folder.File("elsewhere.sqlite")));
        var own = await elsewhere.Lui.Prepare(2);
        var (taken, sent) = (await TakeIn(elsewhere, bytes), elsewhere.Distributor.Taken.Count);
        Assert.Equal("archive.already-in", (await elsewhere.Lui.Get<TakeInArchive>().Handle(new(new MemoryStream(bytes), new Actor("2", "Ben")), Token)).Refusal.Code);
        await elsewhere.Settle();

        var here = await elsewhere.Lui.Job(taken.Id);
        Assert.NotEqual(job.Code, here.Code);
        Assert.NotEqual(own.Code, here.Code);
        Assert.Equal((JobState.Completed, "Spring", "2"), (here.State, here.Title, here.Owner.Id));
        var there = (await elsewhere.Lui.Get<ReadReport>().Handle(here.Id, Token)).Value;
        Assert.Equal((report.Receipt, report.Opens, report.Clicks, report.CameBack), (there.Receipt, there.Opens, there.Clicks, there.CameBack));
        Assert.Equal(report.Links.Select(link => (link.Target, link.Clicks)), there.Links.Select(link => (link.Target, link.Clicks)));
        Assert.Equal(sent, elsewhere.Distributor.Taken.Count);
        Assert.Equal(("taken-in", "completed"), ((await elsewhere.Lui.Get<JobStore>().Journal(here.Id, Token))[0].Kind, Words.Of(here.State)));

        // What it brought is a job like any other: its recipients can be used, and it can be archived.
        await elsewhere.Lui.Get<CopyJob>().Handle(new(here.Code, "", Enum.GetValues<JobPart>(), here.Owner), Token);
        await elsewhere.Lui.Get<ArchiveJob>().Handle(new(here.Id, here.Owner), Token);
        await elsewhere.Lui.Get<LookAfterArchives>().Handle(Token);
        Assert.Equal(JobState.Archived, (await elsewhere.Lui.Job(here.Id)).State);
    }

    [Fact]
    public async Task Whatever_a_file_says_nothing_is_sent_and_no_row_of_others_is_reached()
    {
        var job = await Delivered();
        await Archive(job);
        var bytes = await File.ReadAllBytesAsync(World.Lui.Get<ArchiveFolder>().PathOf((await Store.Find(job.Id, Token))!.File), Token);
        using var folder = new TemporaryFolder();
        await using var elsewhere = await Installation.Start(Database.OnSqlite(folder.File("elsewhere.sqlite")));

        var open = await TakeIn(elsewhere, CraftedArchive.Of(bytes).Set("job", "state", "processing").Set("delivery", "state", "open").Set("delivery", "course", "run").Set("outcome", "fate", 6).ToBytes());
        await elsewhere.Settle();
        Assert.Equal(JobState.Completed, (await elsewhere.Lui.Job(open.Id)).State);
        Assert.Empty(elsewhere.Distributor.Taken);

        var others = (await elsewhere.Lui.Get<TakeInArchive>().Handle(new(new MemoryStream(CraftedArchive.Of(bytes).Set("recipient", "recipients_id", 77).ToBytes()), Ada), Token)).Value;
        await elsewhere.Lui.Get<LookAfterArchives>().Handle(Token);
        Assert.Contains("tables/recipient.jsonl", (await elsewhere.Lui.Get<ArchiveStore>().Find(others.Id, Token))!.Problem, StringComparison.Ordinal);
        Assert.Equal(JobState.Archived, (await elsewhere.Lui.Job(others.Id)).State);
    }

    [Fact]
    public async Task Only_a_job_that_is_over_is_archived_by_those_who_decide_about_it()
    {
        var open = await World.Lui.Prepare(2);
        Assert.Equal("archive.not-over", (await World.Lui.Get<ArchiveJob>().Handle(new(open.Id, Ada), Token)).Refusal.Code);
        var job = await Delivered();
        await World.Lui.Get<PeopleStore>().Replace(
            [Person(Ada), Person(new Actor("2", "Ben"))], [new PersonGroup(1, "Press", FourEyes: false, StepRight.See)], Token);
        Assert.Equal("team.not-yours", (await World.Lui.Get<ArchiveJob>().Handle(new(job.Id, new Actor("2", "Ben")), Token)).Refusal.Code);
        await Archive(job);
        Assert.Equal("archive.archived", (await World.Lui.Get<ArchiveJob>().Handle(new(job.Id, Ada), Token)).Refusal.Code);
        Assert.Equal("archive.archived", (await World.Lui.Get<CopyParts>().Handle(new(job.Code, open.Code, [JobPart.Recipients], Ada), Token)).Refusal.Code);
        Assert.Equal([JobPart.Sender], (await World.Lui.Get<CopyParts>().Handle(new(job.Code, open.Code, [JobPart.Sender], Ada), Token)).Value);
        Assert.Equal("archive.archived", JobGate.Judge(await World.Lui.Job(job.Id), JobRights.Everything, "report/recipients.csv", changes: false)!.Code);
        Assert.Equal("archive.not-archived", (await World.Lui.Get<BringBack>().Handle(new(open.Id, Ada), Token)).Refusal.Code);
    }

    [Fact]
    public async Task A_job_is_archived_by_itself_so_many_days_after_its_delivery_or_after_it_was_brought_back()
    {
        var job = await Delivered();
        var choose = World.Lui.Get<ChooseArchiveAfter>();
        Assert.Equal("archive.days", (await choose.Handle(new(job.Id, Ada, 0), Token)).Refusal.Code);
        await choose.Handle(new(job.Id, Ada, 30), Token);
        World.Clock.Advance(TimeSpan.FromDays(29));
        await Look();
        Assert.Equal(JobState.Completed, (await World.Lui.Job(job.Id)).State);
        World.Clock.Advance(TimeSpan.FromDays(2));
        await Look();
        Assert.Equal(JobState.Archived, (await World.Lui.Job(job.Id)).State);
        Assert.Equal("Tutti", (await Store.Find(job.Id, Token))!.Who.Name);

        await World.Lui.Get<BringBack>().Handle(new(job.Id, Ada), Token);
        await Look();
        World.Clock.Advance(TimeSpan.FromDays(29));
        await Look();
        Assert.Equal(JobState.Completed, (await World.Lui.Job(job.Id)).State);
        World.Clock.Advance(TimeSpan.FromDays(2));
        await Look();
        Assert.Equal(JobState.Archived, (await World.Lui.Job(job.Id)).State);
    }

    [Fact]
    public async Task Recipients_that_another_job_needs_stay_until_that_one_is_archived_too()
    {
        var first = await Delivered();
        var second = await Delivered();
        await World.Database.Write(
            async transaction =>
            {
                await transaction.Connection!.ExecuteAsync("UPDATE job SET recipients_id = (SELECT recipients_id FROM job WHERE id = @first) WHERE id = @second", new { first = first.Id, second = second.Id }, transaction);
                await transaction.Connection!.ExecuteAsync("UPDATE delivery SET recipients_id = (SELECT recipients_id FROM job WHERE id = @first) WHERE id = @second", new { first = first.Id, second = second.Id }, transaction);
            },
            Token);
        await Archive(first);
        Assert.Equal(Recipients, (await Rows(first.Id, table => table.Name == "recipient")).Count);
        await Archive(second);
        Assert.Empty(await Rows(first.Id, table => table.Name == "recipient" && table.Which.Contains("job", StringComparison.Ordinal)));
        await World.Lui.Get<BringBack>().Handle(new(first.Id, Ada), Token);
        await Look();
        Assert.Equal(Recipients, (await Rows(first.Id, table => table.Name == "recipient")).Count);
    }

    [Fact]
    public async Task Every_table_that_knows_jobs_is_in_the_archive_or_left_out_for_a_reason()
    {
        // What belongs to the installation, to people, or to what is under way; and what is told to others once.
        string[] leftOut =
        [
            "job_archive", "archived_wish", "content_draft", "job_trigger", "notice", "webhook_outbox", "webhook_message", "soft_bounce", "publication", "delivery_wait", "import_run",

            // An index over recipients: made behind an import, and right again when they are back.
            "recipient_address", "recipient_address_mark",
        ];
        await using var connection = await World.Database.Open(Token);
        var tables = await connection.QueryAsync<string>(World.Database.Dialect == Dialect.Sqlite
            ? "SELECT DISTINCT m.name FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND c.name IN ('job_id', 'delivery_id', 'recipients_id', 'rehearsal_id')"
            : "SELECT DISTINCT table_name FROM information_schema.columns WHERE table_schema = 'lui' AND column_name IN ('job_id', 'delivery_id', 'recipients_id', 'rehearsal_id')");
        Assert.Empty(tables.Except(ArchivedTable.All.Select(table => table.Name)).Except(leftOut));
    }

    private ArchiveStore Store => World.Lui.Get<ArchiveStore>();

    private ulong TokenOf(ulong recipient) => World.Distributor.Taken.Last(taken => taken.Recipient.Id == recipient).Recipient.Token;

    private Task Look() => World.Lui.Get<LookAfterArchives>().Handle(Token);

    private async Task<Job> Delivered()
    {
        var job = await World.Lui.Authorized(Recipients);
        await World.Settle();
        foreach (var recipient in (ulong[])[1, 2, 2])
        {
            World.Tracker.Add(EventKind.Click, job.Id, TokenOf(recipient), link: 1);
        }

        World.Distributor.Return(job.Id, 3, CameBack.Bounced, BounceClass.Soft, "452 full");
        await World.Settle();
        Assert.Equal(JobState.Completed, (await World.Lui.Job(job.Id)).State);
        return await World.Lui.Job(job.Id);
    }

    private async Task Archive(Job job)
    {
        Assert.False((await World.Lui.Get<ArchiveJob>().Handle(new(job.Id, Ada), Token)).IsRefused);
        await Look();
    }

    private static async Task<Job> TakeIn(Installation where, byte[] bytes)
    {
        var job = (await where.Lui.Get<TakeInArchive>().Handle(new(new MemoryStream(bytes), new Actor("2", "Ben")), Token)).Value;
        Assert.Equal(JobState.Archived, job.State);
        await where.Lui.Get<LookAfterArchives>().Handle(Token);
        Assert.Null((await where.Lui.Get<ArchiveStore>().Find(job.Id, Token))!.Problem);
        return job;
    }

    private async Task<List<string>> Rows(long job, Func<ArchivedTable, bool>? of = null)
    {
        var rows = new List<string>();
        await using var connection = await World.Database.Open(Token);
        foreach (var table in ArchivedTable.All.Where(table => (of ?? (one => one.Name is not ("job" or "job_journal" or "stored_file")))(table)))
        {
            rows.AddRange((await connection.QueryAsync($"SELECT * FROM {table.Name} WHERE {table.Which} ORDER BY {string.Join(", ", table.Key)}", new { job }))
                .Select(row => $"{table.Name}: {string.Join(" | ", ((IDictionary<string, object?>)row).Select(cell => cell.Value is byte[] bytes ? Convert.ToHexString(bytes) : $"{cell.Value}"))}"));
        }

        return rows;
    }

    private static Person Person(Actor who) => new(who.Id, who.Name, who.Name, "", "", Administrator: false, Disabled: false, 1);
}

public sealed class ArchiveOnSqlite : ArchiveSpec
{
    private readonly TemporaryFolder _folder = new();

    private protected override Task<Database> CreateDatabase() => OnSqlite(_folder);

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }
}

public sealed class ArchiveOnPostgres(PostgresServer postgres) : ArchiveSpec
{
    private protected override Task<Database> CreateDatabase() => OnPostgres(postgres);
}
