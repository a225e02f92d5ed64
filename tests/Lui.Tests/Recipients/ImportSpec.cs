// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tutti.Lui.Jobs;
using Tutti.Lui.Recipients;
using Tutti.Lui.Recipients.Csv;
using Tutti.Lui.Tests.Recipients.Workbooks;
using Tutti.Testing;

namespace Tutti.Lui.Tests.Recipients;

/// <summary>What becomes of the lines of a file.</summary>
public abstract class ImportSpec : RecipientsSpec
{
    [Fact]
    public async Task A_file_becomes_the_recipients_of_theJob()
    {
        var source = await World.Import(Job, "email,name,city\na@Rcpt.Example,\"Ann \"\"A\"\", PhD\",Bonn\nB@rcpt.example,Bo,\n");
        Assert.Equal((SourceState.Ready, 2L, 0L, 0L), (source.State, source.Valid, source.Invalid, source.Duplicates));
        var job = (await World.Jobs.Find(Job.Id, Stop))!;
        Assert.Equal(source.Id, job.RecipientsId);
        var recipients = await World.Recipients.Read(source.Id, 0, long.MaxValue, 10, Stop);
        Assert.Equal([1L, 2L], recipients.Select(one => one.Id));
        Assert.Equal(("a@rcpt.example", "a@rcpt.example", "Ann \"A\", PhD"), (recipients[0].Address, recipients[0].Normalized, recipients[0].DisplayName));
        Assert.Equal(("B@rcpt.example", "b@rcpt.example"), (recipients[1].Address, recipients[1].Normalized));
        Assert.Equal(["a@Rcpt.Example", "Ann \"A\", PhD", "Bonn"], recipients[0].Fields);
        Assert.Equal(["email", "name", "city"], source.Columns);
        var line = (await World.Jobs.Journal(Job.Id, Stop))[0];
        Assert.Equal("Imported 2 recipients from spring.csv.", line.Words);
        Assert.Null(source.SpoolFile);
        Assert.Empty(Directory.EnumerateFiles(LuiDatabase.Folder.File("data/uploads")));
    }

    [Fact]
    public async Task A_sheet_of_a_workbook_becomes_the_recipients_of_theJob()
    {
        using var content = new MemoryStream(WorkbookFile.Of(
            ("Notes", ""), ("Members", WorkbookFile.Row(1, "a@rcpt.example") + WorkbookFile.Row(3, "b;c,d@rcpt.example") + WorkbookFile.Row(4, "\"Ann\"@rcpt.example"))));
        var uploaded = (await World.Upload.Handle(new UploadRecipients.Command(Job.Id, "people.xlsx", content, new CsvChoice { Delimiter = ';' }, RecipientsWorld.Ada), Stop)).Value;
        Assert.Equal("Members", (await World.Sources.Find(uploaded.Source.Id, Stop))!.Sheet);
        Assert.Single(Directory.EnumerateFiles(LuiDatabase.Folder.File("data/uploads")));

        var begun = (await World.Start.Handle(new StartImport.Command(uploaded.Source.Id, new CsvChoice { HasHeader = false }, RecipientsWorld.Ada), Stop)).Value;
        await World.Queue.WhenEnded(begun.Id);
        var source = (await World.Sources.Find(begun.Id, Stop))!;
        Assert.Equal((SourceState.Ready, 2L, 1L, "people.xlsx", "Members"), (source.State, source.Valid, source.Invalid, source.FileName, source.Sheet));
        Assert.Equal(["a@rcpt.example", "\"Ann\"@rcpt.example"], await World.Addresses(Job));
        Assert.StartsWith("3 invalid", (await World.SetApart(source))[0], StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(LuiDatabase.Folder.File("data/uploads")));
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
            var outcome = await World.Upload.Handle(new UploadRecipients.Command(Job.Id, "people.xlsx", content, new CsvChoice(), RecipientsWorld.Ada, sheet), Stop);
            Assert.False(outcome.Is(out _, out var refusal));
            Assert.Equal(code, refusal.Code);
        }

        Assert.Null(await World.Sources.Newest(Job.Id, Stop));
        Assert.Empty(Directory.EnumerateFiles(LuiDatabase.Folder.File("data/uploads")));
    }

    [Fact]
    public async Task Names_and_values_of_any_kind_are_kept()
    {
        var longName = string.Concat(Enumerable.Repeat("😀", 150));
        var source = await World.Import(Job, $"email,name,note\nJ\u00f6rg@b\u00fccher.example,x,y\na@rcpt.example,\"\tAnn\r\nB\",\"\\ \"\"\u0001\"\nb@rcpt.example,{longName},😀 \u4f8b\n");
        Assert.Equal((2L, 1L), (source.Valid, source.Invalid));
        var recipients = await World.Recipients.Read(source.Id, 0, long.MaxValue, 10, Stop);
        Assert.Equal(("Ann  B", "\\ \"\u0001"), (recipients[0].DisplayName, recipients[0].Fields[2]));
        Assert.Equal(string.Concat(Enumerable.Repeat("😀", 100)), recipients[1].DisplayName);
        Assert.Equal((longName, "😀 \u4f8b"), (recipients[1].Fields[1], recipients[1].Fields[2]));
    }

    [Fact]
    public async Task An_international_domain_is_kept_as_it_goes_over_the_wire()
    {
        var source = await World.Import(Job, "email\nAnn@B\u00fccher.example\n ann@xn--bcher-kva.example \n");
        Assert.Equal((1L, 1L), (source.Valid, source.Duplicates));
        Assert.Equal(["Ann@xn--bcher-kva.example"], await World.Addresses(Job));
    }

    [Fact]
    public async Task The_first_of_equal_addresses_wins_and_the_others_are_set_apart()
    {
        var source = await World.Import(Job, "email,n\na@rcpt.example,1\nb@rcpt.example,2\nA@RCPT.example,3\na@rcpt.example,4\n");
        Assert.Equal((2L, 0L, 2L), (source.Valid, source.Invalid, source.Duplicates));
        Assert.Equal(["a@rcpt.example", "b@rcpt.example"], await World.Addresses(Job));
        Assert.Equal(
            ["4 duplicate: the same address stands in line 2", "5 duplicate: the same address stands in line 2"], await World.SetApart(source));
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
        var source = await World.Import(Job, file);
        Assert.Equal(SourceState.Ready, source.State);
        Assert.Equal(["good1@rcpt.example", "good2@rcpt.example", "good3@rcpt.example"], await World.Addresses(Job));
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
            (await World.SetApart(source)).Select(line => line.Replace("there is text behind a closing quote; a quote inside a value is written twice", "a quoted value is not closed", StringComparison.Ordinal)));
        Assert.Equal("x y", (await World.Recipients.Find(source.Id, 3, Stop))!.DisplayName);
    }

    [Theory]
    [InlineData("", "recipients.empty", "spring.csv has no lines.")]
    [InlineData("\n\n\n", "recipients.empty", "spring.csv has no lines.")]
    [InlineData("email,FIRST NAME\na@rcpt.example,x\n", "recipients.column-name", "'FIRST NAME', has other characters than letters, digits and _. Names are merge fields: letters, digits and _, a letter first. Use 'FIRST_NAME'")]
    [InlineData("email,2ND\na@rcpt.example,x\n", "recipients.column-name", "Line 1: the name of column 2, '2ND', does not start with a letter.")]
    [InlineData("colour,size\nred,1\n", "recipients.no-address-column", "Say which one does: colour, size.")]
    public async Task A_file_that_cannot_be_used_is_refused_before_the_import(string file, string code, string words)
    {
        var refusal = (await World.Begin(Job, Encoding.UTF8.GetBytes(file))).Refusal;
        Assert.Equal(code, refusal.Code);
        Assert.Contains(words, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Three_hundred_columns_are_refused_with_the_line()
    {
        var columns = string.Join(',', Enumerable.Range(1, 300).Select(number => $"F{number}"));
        var refusal = (await World.Begin(Job, Encoding.UTF8.GetBytes($"{columns}\na@rcpt.example{new string(',', 299)}\n"))).Refusal;
        Assert.Equal("recipients.too-many-columns", refusal.Code);
        Assert.Equal("spring.csv, line 1: 300 columns; at most 250 are taken.", refusal.Message);
        Assert.Empty(Directory.EnumerateFiles(LuiDatabase.Folder.File("data/uploads")));
    }

    [Fact]
    public async Task A_file_without_a_valid_address_fails_with_line_and_reason()
    {
        var source = await World.Import(Job, "email\nnobody\nnobody@nowhere\n");
        Assert.Equal(SourceState.Failed, source.State);
        Assert.Equal("recipients.no-valid-address", source.Failure?.Code);
        Assert.Equal("spring.csv: none of 2 lines has a valid address in column email. Line 2: the @ is missing.", source.Failure?.Message);
        Assert.Equal(2, (await World.SetApart(source)).Length);
        Assert.Null((await World.Jobs.Find(Job.Id, Stop))!.RecipientsId);
    }

    [Fact]
    public async Task Bad_names_are_adapted_when_people_agree()
    {
        var source = await World.Import(Job, "email,FIRST NAME\na@rcpt.example,x\n", new CsvChoice(AdaptNames: true));
        Assert.Equal(["email", "FIRST_NAME"], source.Columns);
        source = await World.Import(Job, "email,FIRST NAME\na@rcpt.example,x\n", new CsvChoice(Names: ["mail", "first"]));
        Assert.Equal(["mail", "first"], source.Columns);
    }

    [Fact]
    public async Task The_valid_set_can_be_downloaded_and_uploaded_again()
    {
        var file = "email,name\na@rcpt.example,\" Ann, \"\"A\"\"\nPhD \"\nb@rcpt.example,\u00c5sa\nb@rcpt.example,twice\nbad,one\n";
        var source = await World.Import(Job, file);
        using var valid = new MemoryStream();
        await World.Download.Valid(source, valid, Stop);
        var again = await World.Import(await World.CreateJob(), valid.ToArray());
        Assert.Equal((2L, 0L, 0L), (again.Valid, again.Invalid, again.Duplicates));
        var (before, after) = (await World.Recipients.Read(source.Id, 0, long.MaxValue, 10, Stop), await World.Recipients.Read(again.Id, 0, long.MaxValue, 10, Stop));
        Assert.Equal(before.SelectMany(one => one.Fields), after.SelectMany(one => one.Fields));

        using var duplicates = new MemoryStream();
        await using (var rows = new CsvWriter(duplicates))
        {
            await World.Download.SetAside(source, SetAsideKind.Duplicate, rows, Stop);
        }

        Assert.Equal(
            "LINE,REASON,ADDRESS,RAW\r\n5,the same address stands in line 4,b@rcpt.example,\"b@rcpt.example,twice\"\r\n", Encoding.UTF8.GetString(duplicates.ToArray()));
        using var invalid = new MemoryStream();
        await using (var rows = new CsvWriter(invalid))
        {
            await World.Download.SetAside(source, SetAsideKind.Invalid, rows, Stop);
        }

        Assert.Equal("LINE,REASON,ADDRESS,RAW\r\n6,the @ is missing,bad,\"bad,one\"\r\n", Encoding.UTF8.GetString(invalid.ToArray()));
    }
}

public sealed class ImportOnSqlite : ImportSpec
{
    private protected override Task<LuiDatabase> CreateDatabase() => Task.FromResult(LuiDatabase.OnSqlite());
}

public sealed class ImportOnPostgres(PostgresServer server) : ImportSpec
{
    private protected override Task<LuiDatabase> CreateDatabase() => LuiDatabase.OnPostgres(server);
}
