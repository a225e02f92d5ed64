// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tutti.Lui.Recipients;
using Tutti.Lui.Recipients.Columns;
using Tutti.Lui.Recipients.Csv;
using Tutti.Mail.Merging;
using Tutti.Testing;

namespace Tutti.Lui.Tests.Recipients.Columns;

/// <summary>What people say about the columns of a file, and what comes of it.</summary>
public abstract class ColumnRulesSpec : RecipientsSpec
{
    private const string Members = "email,born,fee,active,no\na@rcpt.example,24.11.1980,\"1.200,50\",yes,17\nb@rcpt.example,unknown,20,no,18\nc@rcpt.example,,,,19\n";

    private static readonly Dictionary<string, ColumnType> _types = new()
    {
        ["born"] = TypeOf("date dd.MM.yyyy"),
        ["fee"] = TypeOf("number 1.234,56"),
        ["active"] = TypeOf("boolean"),
    };

    [Fact]
    public async Task Rule_5_of_section_12_headers_are_checked_and_columns_are_counted()
    {
        foreach (var name in new[] { "2ND", "FIRST NAME" })
        {
            Assert.Equal("recipients.column-name", (await World.Begin(Job, Encoding.UTF8.GetBytes($"email,{name}\na@rcpt.example,x\n"))).Refusal.Code);
        }

        // A line that ends with the separator has one more column, and that is empty.
        var source = await World.Import(Job, "a@rcpt.example,Ann,\nb@rcpt.example,Bo\nc@rcpt.example,Cy,x,y\n");
        Assert.Equal(["FIELD1", "FIELD2", "FIELD3"], source.Columns);
        Assert.Equal(["a@rcpt.example", "Ann", ""], (await World.Recipients.Find(source.Id, 1, Stop))!.Fields);
        Assert.Equal(["2 invalid: 2 columns instead of 3", "3 invalid: 4 columns instead of 3"], await World.SetApart(source));
        Assert.Equal(1, source.Valid);
    }

    [Fact]
    public async Task Rule_6_of_section_12_the_first_is_kept_and_valid_invalid_and_duplicate_are_three_downloads()
    {
        var source = await World.Import(Job, "email,name\na@rcpt.example,first\nbad,x\nA@RCPT.example,second\nb@rcpt.example,Bo\na@rcpt.example,third\n");
        Assert.Equal((2L, 1L, 2L), (source.Valid, source.Invalid, source.Duplicates));
        Assert.Equal("email,name\r\na@rcpt.example,first\r\nb@rcpt.example,Bo\r\n", await Downloaded(rows => World.Download.Valid(source, rows, Stop)));
        Assert.Equal(
            "LINE,REASON,ADDRESS,RAW\r\n3,the @ is missing,bad,\"bad,x\"\r\n", await Downloaded(rows => World.Download.SetAside(source, SetAsideKind.Invalid, rows, Stop)));
        Assert.Equal(
            "LINE,REASON,ADDRESS,RAW\r\n4,the same address stands in line 2,A@RCPT.example,\"A@RCPT.example,second\"\r\n6,the same address stands in line 2,a@rcpt.example,\"a@rcpt.example,third\"\r\n",
            await Downloaded(rows => World.Download.SetAside(source, SetAsideKind.Duplicate, rows, Stop)));
    }

    [Fact]
    public async Task The_same_values_in_chosen_columns_are_the_same_recipient()
    {
        const string File = "email,name,born\na@rcpt.example,Ann,1980\na@rcpt.example,Ann,1981\nb@rcpt.example,Ann ,1980\na@rcpt.example,Cy,1980\n";
        var source = await World.Import(Job, File, new CsvChoice { Duplicates = DuplicateRule.Columns, Compared = ["name", "born"] });
        Assert.Equal((3L, 1L), (source.Valid, source.Duplicates));
        Assert.Equal(["4 duplicate: the same values in name, born stand in line 2"], await World.SetApart(source));

        source = await World.Import(Job, File, new CsvChoice { Duplicates = DuplicateRule.Columns, Compared = ["EMAIL", "born"] });
        Assert.Equal(["a@rcpt.example", "a@rcpt.example", "b@rcpt.example"], await World.Addresses(Job));
        source = await World.Import(Job, File, new CsvChoice { Duplicates = DuplicateRule.None });
        Assert.Equal((4L, 0L), (source.Valid, source.Duplicates));

        Assert.Equal("recipients.nothing-compared", (await World.Begin(Job, Encoding.UTF8.GetBytes(File), new CsvChoice { Duplicates = DuplicateRule.Columns })).Refusal.Code);
        var unknown = (await World.Begin(Job, Encoding.UTF8.GetBytes(File), new CsvChoice { Duplicates = DuplicateRule.Columns, Compared = ["town"] })).Refusal;
        Assert.Equal(("recipients.no-column", "There is no column town. There are: email, name, born."), (unknown.Code, unknown.Message));
    }

    [Fact]
    public async Task A_value_that_is_not_what_its_column_says_is_listed_and_its_line_kept()
    {
        var source = await World.Import(Job, Members, new CsvChoice { Types = _types });
        Assert.Equal((3L, 0L, 1L), (source.Valid, source.Invalid, source.Misfits));
        Assert.Equal(["3 misfit: column born: 'unknown' is no date like 24.11.2026"], await World.SetApart(source));
        Assert.Equal(
            "LINE,REASON,ADDRESS,RAW\r\n3,column born: 'unknown' is no date like 24.11.2026,b@rcpt.example,\"b@rcpt.example,unknown,20,no,18\"\r\n",
            await Downloaded(rows => World.Download.SetAside(source, SetAsideKind.Misfit, rows, Stop)));
        Assert.Equal(["text", "date dd.MM.yyyy", "number 1.234,56", "boolean", "number 1,234.56"], (await World.Sources.Find(source.Id, Stop))!.Rules!.Types.Select(type => type.ToString()));
    }

    [Fact]
    public async Task Lines_with_such_a_value_are_set_apart_where_people_want_it()
    {
        var source = await World.Import(Job, Members, new CsvChoice { Types = _types, SetsMisfitsApart = true });
        Assert.Equal((2L, 1L, 0L), (source.Valid, source.Invalid, source.Misfits));
        Assert.Equal(["a@rcpt.example", "c@rcpt.example"], await World.Addresses(Job));
        Assert.Equal(["3 invalid: column born: 'unknown' is no date like 24.11.2026"], await World.SetApart(source));
    }

    [Fact]
    public async Task A_column_that_tells_recipients_apart_is_never_empty_and_never_twice()
    {
        var choice = new CsvChoice { Identification = "no" };
        Assert.Equal(4, (await World.Import(Job, Members, choice)).Rules!.Identification);

        var twice = await World.Import(Job, Members + "d@rcpt.example,,,,17\n", choice);
        Assert.Equal((SourceState.Failed, "recipients.identification-twice"), (twice.State, twice.Failure?.Code));
        Assert.StartsWith("spring.csv: column no has the value '17' in line 2 and again in line 5.", twice.Failure!.Message, StringComparison.Ordinal);
        var empty = await World.Import(Job, Members + "d@rcpt.example,,,,\n", choice);
        Assert.StartsWith("spring.csv, line 5: column no is empty.", empty.Failure!.Message, StringComparison.Ordinal);
        Assert.Empty(await World.Recipients.Read(empty.Id, 0, long.MaxValue, 10, Stop));

        // The former recipients stay; a line that is set apart needs no value.
        Assert.Equal(3, (await World.Addresses(Job)).Length);
        Assert.Equal(SourceState.Ready, (await World.Import(Job, Members + "bad,,,,17\na@rcpt.example,,,,\n", choice)).State);
        Assert.Equal("recipients.no-column", (await World.Begin(Job, Encoding.UTF8.GetBytes(Members), new CsvChoice { Identification = "number" })).Refusal.Code);
    }

    private static ColumnType TypeOf(string words) => ColumnType.TryParse(words, out var type) ? type : throw new FormatException(words);

    private static async Task<string> Downloaded(Func<CsvWriter, Task> write)
    {
        using var content = new MemoryStream();
        await using (var rows = new CsvWriter(content))
        {
            await write(rows);
        }

        return Encoding.UTF8.GetString(content.ToArray());
    }
}

public sealed class ColumnRulesOnSqlite : ColumnRulesSpec
{
    private protected override Task<LuiDatabase> CreateDatabase() => Task.FromResult(LuiDatabase.OnSqlite());
}

public sealed class ColumnRulesOnPostgres(PostgresServer server) : ColumnRulesSpec
{
    private protected override Task<LuiDatabase> CreateDatabase() => LuiDatabase.OnPostgres(server);
}
