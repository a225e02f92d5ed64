// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tutti.Lui.Jobs;
using Tutti.Lui.Recipients;
using Tutti.Lui.Recipients.Csv;
using Tutti.Lui.Tests.Recipients.Workbooks;
using Tutti.Testing;

namespace Tutti.Lui.Tests.Recipients;

public abstract class ImportSpec : IAsyncLifetime
{
    private async Task Ended(long sourceId)
    {
        while ((await _world.Sources.Find(sourceId, Stop))!.State == SourceState.Importing)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Stop);
        }
    }

    private LuiDatabase _database = null!;
    private RecipientsWorld _world = null!;
    private Job _job = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private protected abstract Task<LuiDatabase> CreateDatabase();

    public async ValueTask InitializeAsync()
    {
        _database = await CreateDatabase();
        _world = Restart();
        await _world.Run();
        _job = await _world.CreateJob();
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _world.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task A_file_becomes_the_recipients_of_the_job()
    {
        var source = await _world.Import(_job, "email,name,city\na@Rcpt.Example,\"Ann \"\"A\"\", PhD\",Bonn\nB@rcpt.example,Bo,\n");
        Assert.Equal((SourceState.Ready, 2L, 0L, 0L), (source.State, source.Valid, source.Invalid, source.Duplicates));
        var job = (await _world.Jobs.Find(_job.Id, Stop))!;
        Assert.Equal(source.Id, job.RecipientsId);
        var recipients = await _world.Recipients.Read(source.Id, 0, long.MaxValue, 10, Stop);
        Assert.Equal([1L, 2L], recipients.Select(one => one.Id));
        Assert.Equal(("a@rcpt.example", "a@rcpt.example", "Ann \"A\", PhD"), (recipients[0].Address, recipients[0].Normalized, recipients[0].DisplayName));
        Assert.Equal(("B@rcpt.example", "b@rcpt.example"), (recipients[1].Address, recipients[1].Normalized));
        Assert.Equal(["a@Rcpt.Example", "Ann \"A\", PhD", "Bonn"], recipients[0].Fields);
        Assert.Equal(["email", "name", "city"], source.Columns);
        var line = (await _world.Jobs.Journal(_job.Id, Stop))[0];
        Assert.Equal("Imported 2 recipients from spring.csv.", line.Words);
        Assert.Null(source.SpoolFile);
        Assert.Empty(Directory.EnumerateFiles(_database.Folder.File("data/uploads")));
    }

    [Fact]
    public async Task A_sheet_of_a_workbook_becomes_the_recipients_of_the_job()
    {
        using var content = new MemoryStream(WorkbookFile.Of(
            ("Notes", ""), ("Members", WorkbookFile.Row(1, "a@rcpt.example") + WorkbookFile.Row(3, "b;c,d@rcpt.example") + WorkbookFile.Row(4, "\"Ann\"@rcpt.example"))));
        var uploaded = (await _world.Upload.Handle(new UploadRecipients.Command(_job.Id, "people.xlsx", content, new CsvChoice { Delimiter = ';' }, RecipientsWorld.Ada), Stop)).Value;
        Assert.Equal("Members", (await _world.Sources.Find(uploaded.Source.Id, Stop))!.Sheet);
        Assert.Single(Directory.EnumerateFiles(_database.Folder.File("data/uploads")));

        var begun = (await _world.Start.Handle(new StartImport.Command(uploaded.Source.Id, new CsvChoice { HasHeader = false }, RecipientsWorld.Ada), Stop)).Value;
        await _world.Queue.WhenEnded(begun.Id);
        var source = (await _world.Sources.Find(begun.Id, Stop))!;
        Assert.Equal((SourceState.Ready, 2L, 1L, "people.xlsx", "Members"), (source.State, source.Valid, source.Invalid, source.FileName, source.Sheet));
        Assert.Equal(["a@rcpt.example", "\"Ann\"@rcpt.example"], await _world.Addresses(_job));
        Assert.StartsWith("3 invalid", (await _world.SetApart(source))[0], StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(_database.Folder.File("data/uploads")));
    }

    [Fact]
    public async Task What_is_no_usable_workbook_leaves_nothing_behind()
    {
        foreach (var (file, sheet, code) in new[]
        {
            (WorkbookFile.Of(("Members", "")), null, "recipients.empty"),
            (WorkbookFile.Of(("Members", WorkbookFile.Row(1, "a@rcpt.example"))), "Friends", "recipients.no-such-sheet"),
            (WorkbookFile.Archive([("readme.txt", "")]), null, "recipients.no-workbook"),
            ([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1], null, "recipients.old-workbook"),
            (Encoding.UTF8.GetBytes("a@rcpt.example\n"), "Members", "recipients.sheet-of-text"),
        })
        {
            using var content = new MemoryStream(file);
            var outcome = await _world.Upload.Handle(new UploadRecipients.Command(_job.Id, "people.xlsx", content, new CsvChoice(), RecipientsWorld.Ada, sheet), Stop);
            Assert.False(outcome.Is(out _, out var refusal));
            Assert.Equal(code, refusal.Code);
        }

        Assert.Null(await _world.Sources.Newest(_job.Id, Stop));
        Assert.Empty(Directory.EnumerateFiles(_database.Folder.File("data/uploads")));
    }

    [Fact]
    public async Task A_file_that_was_refused_can_be_imported_again_and_is_refused_for_the_same_line_and_reason()
    {
        var refused = await _world.Import(_job, "email,name\nnobody,Ann\nneither,Bo\n");
        await _world.Start.Handle(new StartImport.Command(refused.Id, new CsvChoice(), RecipientsWorld.Ada), Stop);
        await _world.Queue.WhenEnded(refused.Id);
        var again = (await _world.Sources.Find(refused.Id, Stop))!;

        Assert.Equal(SourceState.Failed, again.State);
        Assert.Contains("Line 2", again.Failure!.Message, StringComparison.Ordinal);
        Assert.Equal(refused.Failure, again.Failure);
    }

    [Fact]
    public async Task Names_and_values_of_any_kind_are_kept()
    {
        var longName = string.Concat(Enumerable.Repeat("😀", 150));
        var source = await _world.Import(_job, $"email,name,note\nJ\u00f6rg@b\u00fccher.example,x,y\na@rcpt.example,\"\tAnn\r\nB\",\"\\ \"\"\u0001\"\nb@rcpt.example,{longName},😀 \u4f8b\n");
        Assert.Equal((2L, 1L), (source.Valid, source.Invalid));
        var recipients = await _world.Recipients.Read(source.Id, 0, long.MaxValue, 10, Stop);
        Assert.Equal(("Ann  B", "\\ \"\u0001"), (recipients[0].DisplayName, recipients[0].Fields[2]));
        Assert.Equal(string.Concat(Enumerable.Repeat("😀", 100)), recipients[1].DisplayName);
        Assert.Equal((longName, "😀 \u4f8b"), (recipients[1].Fields[1], recipients[1].Fields[2]));
    }

    [Fact]
    public async Task An_international_domain_is_kept_as_it_goes_over_the_wire()
    {
        var source = await _world.Import(_job, "email\nAnn@B\u00fccher.example\n ann@xn--bcher-kva.example \n");
        Assert.Equal((1L, 1L), (source.Valid, source.Duplicates));
        Assert.Equal(["Ann@xn--bcher-kva.example"], await _world.Addresses(_job));
    }

    [Fact]
    public async Task The_first_of_equal_addresses_wins_and_the_others_are_set_apart()
    {
        var source = await _world.Import(_job, "email,n\na@rcpt.example,1\nb@rcpt.example,2\nA@RCPT.example,3\na@rcpt.example,4\n");
        Assert.Equal((2L, 0L, 2L), (source.Valid, source.Invalid, source.Duplicates));
        Assert.Equal(["a@rcpt.example", "b@rcpt.example"], await _world.Addresses(_job));
        Assert.Equal(
            ["4 duplicate: the same address stands in line 2", "5 duplicate: the same address stands in line 2"], await _world.SetApart(source));
    }

    [Fact]
    public async Task What_cannot_be_used_is_set_apart_with_its_line_and_reason_and_the_rest_is_used()
    {
        byte[] file =
        [
            .. Encoding.UTF8.GetBytes("email,name\n"),
            .. Encoding.UTF8.GetBytes("good1@rcpt.example,J\u00f6rg\n"),
            .. Encoding.UTF8.GetBytes("a\"b,\"broken\n"),
            .. Encoding.UTF8.GetBytes("good2@rcpt.example,M\u00fc\n"),
            .. Encoding.UTF8.GetBytes("few@rcpt.example\n"),
            .. Encoding.UTF8.GetBytes("many@rcpt.example,x,y\n"),
            .. Encoding.UTF8.GetBytes("nul@rcpt.example,x\0y\n"),
            .. "latin@rcpt.example,Zo"u8, 0xEB, (byte)'\n',
            .. Encoding.UTF8.GetBytes("\"bad@rcpt.example\r\nBcc: x@y.example\",x\n"),
            .. Encoding.UTF8.GetBytes("nodot@localhost,x\n"),
            .. Encoding.UTF8.GetBytes($"{new string('x', 300)}@rcpt.example,x\n"),
            .. Encoding.UTF8.GetBytes(",x\n"),
            .. Encoding.UTF8.GetBytes("good3@rcpt.example,\"x\ny\"\n"),
        ];
        var source = await _world.Import(_job, file);
        Assert.Equal(SourceState.Ready, source.State);
        Assert.Equal(["good1@rcpt.example", "good2@rcpt.example", "good3@rcpt.example"], await _world.Addresses(_job));
        Assert.Equal(
            [
                "3 invalid: a quoted value is not closed",
                "5 invalid: 1 columns instead of 2",
                "6 invalid: 3 columns instead of 2",
                "7 invalid: there is a NUL byte in it",
                "8 invalid: it is not UTF-8 as the rest of the file is",
                "9 invalid: there is a line break or another control character in it",
                "11 invalid: the domain has no dot",
                "12 invalid: the part before the @ is longer than 64 characters",
                "13 invalid: the address is empty",
            ],
            (await _world.SetApart(source)).Select(line => line.Replace("there is text behind a closing quote; a quote inside a value is written twice", "a quoted value is not closed", StringComparison.Ordinal)));
        Assert.Equal("x y", (await _world.Recipients.Find(source.Id, 3, Stop))!.DisplayName);
    }

    [Theory]
    [InlineData("", "recipients.empty", "spring.csv has no lines.")]
    [InlineData("\n\n\n", "recipients.empty", "spring.csv has no lines.")]
    [InlineData("email,FIRST NAME\na@rcpt.example,x\n", "recipients.column-name", "'FIRST NAME', has other characters than letters, digits and _. Names are merge fields: letters, digits and _, a letter first. Use 'FIRST_NAME'")]
    [InlineData("email,2ND\na@rcpt.example,x\n", "recipients.column-name", "Line 1: the name of column 2, '2ND', does not start with a letter.")]
    [InlineData("colour,size\nred,1\n", "recipients.no-address-column", "Say which one does: colour, size.")]
    public async Task A_file_that_cannot_be_used_is_refused_before_the_import(string file, string code, string words)
    {
        var refusal = (await _world.Begin(_job, Encoding.UTF8.GetBytes(file))).Refusal;
        Assert.Equal(code, refusal.Code);
        Assert.Contains(words, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Three_hundred_columns_are_refused_with_the_line()
    {
        var columns = string.Join(',', Enumerable.Range(1, 300).Select(number => $"F{number}"));
        var refusal = (await _world.Begin(_job, Encoding.UTF8.GetBytes($"{columns}\na@rcpt.example{new string(',', 299)}\n"))).Refusal;
        Assert.Equal("recipients.too-many-columns", refusal.Code);
        Assert.Equal("spring.csv, line 1: 300 columns; at most 250 are taken.", refusal.Message);
        Assert.Empty(Directory.EnumerateFiles(_database.Folder.File("data/uploads")));
    }

    [Fact]
    public async Task A_file_without_a_valid_address_fails_with_line_and_reason()
    {
        var source = await _world.Import(_job, "email\nnobody\nnobody@nowhere\n");
        Assert.Equal(SourceState.Failed, source.State);
        Assert.Equal("recipients.no-valid-address", source.Failure?.Code);
        Assert.Equal("spring.csv: none of 2 lines has a valid address in column email. Line 2: the @ is missing.", source.Failure?.Message);
        Assert.Equal(2, (await _world.SetApart(source)).Length);
        Assert.Null((await _world.Jobs.Find(_job.Id, Stop))!.RecipientsId);
    }

    [Fact]
    public async Task Bad_names_are_adapted_when_people_agree()
    {
        var source = await _world.Import(_job, "email,FIRST NAME\na@rcpt.example,x\n", new CsvChoice(AdaptNames: true));
        Assert.Equal(["email", "FIRST_NAME"], source.Columns);
        source = await _world.Import(_job, "email,FIRST NAME\na@rcpt.example,x\n", new CsvChoice(Names: ["mail", "first"]));
        Assert.Equal(["mail", "first"], source.Columns);
    }

    [Fact]
    public async Task A_new_file_takes_the_place_of_the_old_one_and_invalidates_the_test()
    {
        var first = await _world.Import(_job, "email\na@rcpt.example\n");
        await _world.Jobs.Change(_job.Id, null, job => job.WaiveTest(RecipientsWorld.Ada, _world.Clock.GetUtcNow()), _ => null, Stop);
        var second = await _world.Import(_job, "email\nb@rcpt.example\nc@rcpt.example\n");
        Assert.Equal(["b@rcpt.example", "c@rcpt.example"], await _world.Addresses(_job));
        Assert.Equal(TestState.Outdated, (await _world.Jobs.Find(_job.Id, Stop))!.TestState);

        // The third import waits until the worker has cleared away what the second left.
        await _world.Import(_job, "email\nd@rcpt.example\n");
        Assert.Null(await _world.Sources.Find(first.Id, Stop));
        Assert.Empty(await _world.Recipients.Read(first.Id, 0, long.MaxValue, 10, Stop));
        Assert.NotEqual(first.Id, second.Id);
    }

    [Fact]
    public async Task A_file_that_fails_leaves_the_old_recipients_in_use()
    {
        await _world.Import(_job, "email\na@rcpt.example\n");
        Assert.Equal(SourceState.Failed, (await _world.Import(_job, "email\nnobody\n")).State);
        Assert.Equal(["a@rcpt.example"], await _world.Addresses(_job));
        Assert.Equal(Lui.Jobs.Steps.StepState.NeedsAttention, (await Step()).State);
        var newest = (await _world.Sources.Newest(_job.Id, Stop))!;
        Assert.False((await _world.Stop.Discard(new StopImport.Command(newest.Id), Stop)).IsRefused);
        Assert.Equal(Lui.Jobs.Steps.StepState.Done, (await Step()).State);
    }

    [Fact]
    public async Task A_job_that_was_authorized_meanwhile_keeps_its_recipients()
    {
        await _world.DisposeAsync();
        _world = Restart();
        var source = (await _world.Begin(_job, "email\na@rcpt.example\n"u8.ToArray())).Value;
        await _world.Jobs.Change(_job.Id, null, job => job with { State = JobState.Waiting }, _ => null, Stop);
        await _world.Run();
        await _world.Queue.WhenEnded(source.Id);
        source = (await _world.Sources.Find(source.Id, Stop))!;
        Assert.Equal((SourceState.Failed, "job.not-open"), (source.State, source.Failure?.Code));
        Assert.Empty(await _world.Recipients.Read(source.Id, 0, long.MaxValue, 10, Stop));
        Assert.Equal("job.not-open", (await _world.Begin(_job, "email\n"u8.ToArray())).Refusal.Code);
    }

    [Fact]
    public async Task An_import_can_be_stopped_and_started_again()
    {
        await _world.DisposeAsync();
        _world = Restart();
        var source = (await _world.Begin(_job, "email\na@rcpt.example\n"u8.ToArray())).Value;
        Assert.Equal("recipients.importing", (await _world.Begin(_job, "email\nb@rcpt.example\n"u8.ToArray())).Refusal.Code);
        Assert.False((await _world.Stop.Handle(new StopImport.Command(source.Id), Stop)).IsRefused);
        await _world.Run();
        await _world.Queue.WhenEnded(source.Id);
        Assert.Equal("recipients.stopped", (await _world.Sources.Find(source.Id, Stop))!.Failure?.Code);

        await _world.Start.Handle(new StartImport.Command(source.Id, new CsvChoice(), RecipientsWorld.Ada), Stop);
        await _world.Queue.WhenEnded(source.Id);
        Assert.Equal(["a@rcpt.example"], await _world.Addresses(_job));
        Assert.Equal("recipients.not-importing", (await _world.Stop.Handle(new StopImport.Command(source.Id), Stop)).Refusal.Code);
        Assert.Equal("recipients.not-importable", (await _world.Start.Handle(new StartImport.Command(source.Id, new CsvChoice(), RecipientsWorld.Ada), Stop)).Refusal.Code);
    }

    [Fact]
    public async Task What_a_dead_process_left_half_done_is_begun_again()
    {
        await _world.DisposeAsync();
        _world = Restart();
        var source = (await _world.Begin(_job, "email\na@rcpt.example\nb@rcpt.example\n"u8.ToArray())).Value;
        var chunk = new Lui.Recipients.Import.RecipientChunk();
        var text = chunk.Write("half@rcpt.example"u8);
        chunk.Recipients.Add(new(1, text, text, default, text));
        await _database.Database.Write(transaction => Lui.Recipients.Import.ChunkWriter.Write(transaction, source.Id, chunk, Stop), Stop);

        // The process dies here: its queue is gone, its rows are there.
        var stray = Path.Combine(_database.Folder.File("data/uploads"), "stray");
        await File.WriteAllTextAsync(stray, "half an upload", Stop);
        _world = Restart();
        await _world.Run();
        await Ended(source.Id);

        Assert.Equal(["a@rcpt.example", "b@rcpt.example"], await _world.Addresses(_job));
        Assert.False(File.Exists(stray));
    }

    [Fact]
    public async Task Another_node_goes_on_with_an_upload_that_it_never_saw_and_can_be_told_to_stop()
    {
        await _world.DisposeAsync();
        _world = Restart();
        var source = (await _world.Begin(_job, "email\na@rcpt.example\nb@rcpt.example\n"u8.ToArray())).Value;
        await using var other = new RecipientsWorld(_database.Database, _database.Folder.File("elsewhere"), node: "there:1099");

        Assert.Equal(0, (await other.Sources.Find(source.Id, Stop))!.Valid);
        _ = (await other.Stop.Handle(new StopImport.Command(source.Id), Stop)).Value;
        Assert.True(await _world.Runs.Save(source.Id, new(source.FileSize, bytesRead: 7, valid: 1), Stop));
        Assert.Equal((1L, (int)(100 * 7 / source.FileSize)), ((await other.Runs.ProgressOf(source, Stop))!.Valid, (await other.Runs.ProgressOf(source, Stop))!.Percent));
        await _world.Runs.Remove(source.Id, Stop);

        await other.Run();
        await Ended(source.Id);
        Assert.Equal(["a@rcpt.example", "b@rcpt.example"], await _world.Addresses(_job));
    }

    [Fact]
    public async Task The_valid_set_can_be_downloaded_and_uploaded_again()
    {
        var file = "email,name\na@rcpt.example,\" Ann, \"\"A\"\"\nPhD \"\nb@rcpt.example,\u00c5sa\nb@rcpt.example,twice\nbad,one\n";
        var source = await _world.Import(_job, file);
        using var valid = new MemoryStream();
        await _world.Download.Valid(source, valid, Stop);
        var again = await _world.Import(await _world.CreateJob(), valid.ToArray());
        Assert.Equal((2L, 0L, 0L), (again.Valid, again.Invalid, again.Duplicates));
        var (before, after) = (await _world.Recipients.Read(source.Id, 0, long.MaxValue, 10, Stop), await _world.Recipients.Read(again.Id, 0, long.MaxValue, 10, Stop));
        Assert.Equal(before.SelectMany(one => one.Fields), after.SelectMany(one => one.Fields));

        using var duplicates = new MemoryStream();
        await _world.Download.SetAside(source, SetAsideKind.Duplicate, duplicates, Stop);
        Assert.Equal(
            "LINE,REASON,ADDRESS,RAW\r\n5,the same address stands in line 4,b@rcpt.example,\"b@rcpt.example,twice\"\r\n", Encoding.UTF8.GetString(duplicates.ToArray()));
        using var invalid = new MemoryStream();
        await _world.Download.SetAside(source, SetAsideKind.Invalid, invalid, Stop);
        Assert.Equal("LINE,REASON,ADDRESS,RAW\r\n6,the @ is missing,bad,\"bad,one\"\r\n", Encoding.UTF8.GetString(invalid.ToArray()));
    }

    [Fact]
    public async Task Many_rows_go_through_in_chunks_and_every_line_is_in_one_set()
    {
        var file = new StringBuilder("email,number\n");
        for (var number = 1; number <= 25_000; number++)
        {
            file.Append(System.Globalization.CultureInfo.InvariantCulture, $"{(number % 10 == 0 ? "bad" : $"r{number % 20_000}@rcpt.example")},{number}\n");
        }

        var source = await _world.Import(_job, file.ToString());
        Assert.Equal(25_000, source.Valid + source.Invalid + source.Duplicates);
        Assert.Equal((18_000L, 2_500L, 4_500L), (source.Valid, source.Invalid, source.Duplicates));
        Assert.Equal(18_000, (await _world.Addresses(_job)).Length);
        var count = 0;
        await foreach (var recipient in _world.Recipients.ReadAll(source.Id, Stop))
        {
            Assert.Equal(++count, recipient.Id);
        }

        Assert.Equal(18_000, count);
        Assert.Equal(["r17@rcpt.example"], (await _world.Recipients.Search(source.Id, "R17@", 5, Stop)).Select(one => one.Address));
    }

    [Fact]
    public async Task An_upload_that_is_too_large_is_refused_and_leaves_nothing()
    {
        await _world.DisposeAsync();
        _world = Restart(maxUploadMegabytes: 1);
        var refusal = (await _world.Begin(_job, new byte[(1024 * 1024) + 1])).Refusal;
        Assert.Equal("upload.too-large", refusal.Code);
        Assert.Empty(Directory.EnumerateFiles(_database.Folder.File("data/uploads")));
    }

    [Fact]
    public async Task Recipients_of_a_deleted_job_are_cleared_away()
    {
        var source = await _world.Import(_job, "email\na@rcpt.example\n");
        await _world.Jobs.Delete(_job.Id, Actor.Tutti, Stop);
        await _world.Import(await _world.CreateJob(), "email\nb@rcpt.example\n");
        await _world.Import(await _world.CreateJob(), "email\nc@rcpt.example\n");
        Assert.Null(await _world.Sources.Find(source.Id, Stop));
        Assert.Empty(await _world.Recipients.Read(source.Id, 0, long.MaxValue, 10, Stop));
    }

    private RecipientsWorld Restart(int maxUploadMegabytes = 64) => new(_database.Database, _database.Folder.Path, maxUploadMegabytes);

    private async Task<Lui.Jobs.Steps.StepReport> Step() =>
        await new RecipientsStep(_world.Sources, _world.Runs).Report((await _world.Jobs.Find(_job.Id, Stop))!, Stop);
}

public sealed class ImportOnSqlite : ImportSpec
{
    private protected override Task<LuiDatabase> CreateDatabase() => Task.FromResult(LuiDatabase.OnSqlite());
}

public sealed class ImportOnPostgres(PostgresServer server) : ImportSpec
{
    private protected override Task<LuiDatabase> CreateDatabase() => LuiDatabase.OnPostgres(server);
}
