// SPDX-License-Identifier: Apache-2.0
using System.Text;
using CsCheck;
using Tutti.Lui.Recipients.Workbooks;
using Tutti.Testing;
using static Tutti.Lui.Tests.Recipients.Workbooks.WorkbookFile;

namespace Tutti.Lui.Tests.Recipients.Workbooks;

public sealed class WorkbookTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Values_are_written_the_same_whatever_their_look()
    {
        const string Cells = """
            <row r="1"><c r="A1" t="inlineStr"><is><t>email</t></is></c><c r="B1" t="inlineStr"><is><t>b</t></is></c><c r="C1" t="inlineStr"><is><t>c</t></is></c><c r="D1" t="inlineStr"><is><t>d</t></is></c><c r="E1" t="inlineStr"><is><t>e</t></is></c><c r="F1" t="inlineStr"><is><t>f</t></is></c></row>
            <row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2"><v>0.1</v></c><c r="C2" s="1"><v>46350</v></c><c r="D2" s="2"><v>46350.395833333336</v></c><c r="E2" t="b"><v>1</v></c><c r="F2" t="str"><f>A1</f><v>sum</v></c></row>
            <row r="4"><c r="A4" t="s"><v>1</v></c><c r="B4"><v>1234567890123</v></c><c r="F4"><v>0.30000000000000004</v></c></row>
            """;

        Assert.Equal(
            """
            "email","b","c","d","e","f"
            "Köln, ""am"" Rhein","0.1","2026-11-24","2026-11-24 09:30:00","TRUE","sum"

            "two parts","1234567890123","","","","0.3"

            """,
            Text(Of(("People", Cells))),
            ignoreLineEndingDifferences: true);
    }

    [Fact]
    public void Rows_are_as_wide_as_the_first_and_wider_ones_stay_wider() => Assert.Equal(
        "\n\"email\",\"name\"\n\"a@rcpt.example\",\"\"\n\"b@rcpt.example\",\"Bo\",\"\",\"more\"\n",
        Text(Of(("People", Row(2, "email", "name") + Row(3, "a@rcpt.example") + Row(4, "b@rcpt.example", "Bo", "", "more")))));

    [Fact]
    public void The_first_sheet_with_something_in_it_that_can_be_seen_is_read_or_the_one_that_is_named()
    {
        var file = Of(("Empty", ""), ("hidden notes", Row(1, "secret")), ("People", Row(1, "a@rcpt.example")), ("Others & more", Row(1, "b@rcpt.example")));

        Assert.Equal(("People", "\"a@rcpt.example\"\n"), (Open(file).Name, Text(file)));
        Assert.Equal(("Others & more", "\"b@rcpt.example\"\n"), (Open(file, " others & MORE").Name, Text(file, "Others & more")));
        Assert.Equal("\"secret\"\n", Text(file, "hidden notes"));
        Assert.Equal(
            ("recipients.no-such-sheet", "people.xlsx has no sheet Friends. Its sheets: Empty, hidden notes, People, Others & more.", "sheet"),
            Refused(file, "Friends"));
        Assert.Equal(("recipients.empty", "people.xlsx has no sheet with anything in it.", "file"), Refused(Of(("Empty", ""), ("hidden", Row(1, "x")))));
    }

    [Fact]
    public void What_only_looks_like_a_workbook_is_refused_with_what_to_do()
    {
        Assert.Contains("no Excel workbook. Save the spreadsheet as .xlsx", Refused(Archive([("content.xml", "<office/>")])).Message, StringComparison.Ordinal);
        Assert.Contains("is damaged", Refused([.. "PK\x03\x04"u8, .. new byte[100]]).Message, StringComparison.Ordinal);
        var whole = Of(("People", Row(1, "a@rcpt.example")));
        Assert.Contains("is damaged", Refused(whole[..^30]).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_workbook_that_unpacks_beyond_reason_is_not_read()
    {
        Assert.Equal("recipients.unreasonable-workbook", Refused(Of(("People", Row(1, new string('a', 600_000))))).Code);
        Assert.Equal("recipients.unreasonable-workbook", Refused(Of(("People", string.Concat(Enumerable.Repeat("<row></row>", 7_000_000))))).Code);
    }

    [Fact]
    public void Kinds_are_told_by_the_first_bytes()
    {
        Assert.Equal(FileKind.Text, Workbook.KindOf(Write("email\n"u8)));
        Assert.Equal(FileKind.Text, Workbook.KindOf(Write([])));
        Assert.Equal(FileKind.Archive, Workbook.KindOf(Write(Of(("People", "")))));
        Assert.Equal(FileKind.OldOffice, Workbook.KindOf(Write([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, 0x00])));
    }

    [Fact]
    public void A_workbook_with_any_byte_changed_is_read_or_refused_and_never_fails_otherwise()
    {
        var whole = Of(("People", Row(1, "email", "name") + Row(2, "a@rcpt.example", "Ann")));
        Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Byte).SampleRepeatably((at, value) =>
        {
            var changed = (byte[])whole.Clone();
            changed[at] = value;
            if (!new Workbook(Write(changed), "people.xlsx").Open(null).Is(out var sheet, out var refusal))
            {
                Assert.NotEmpty(refusal.Message);
                return;
            }

            var failure = Record.Exception(() => Read(sheet));
            Assert.True(failure is null || Workbook.IsDamage(failure), failure?.ToString());
        });
    }

    public void Dispose() => _folder.Dispose();

    private WorkbookSheet Open(byte[] file, string? sheet = null) => new Workbook(Write(file), "people.xlsx").Open(sheet).Value;

    private string Text(byte[] file, string? sheet = null) => Read(Open(file, sheet));

    private static string Read(WorkbookSheet sheet)
    {
        using var stream = new SheetStream(sheet.Rows);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    private (string Code, string Message, string? Field) Refused(byte[] file, string? sheet = null) =>
        new Workbook(Write(file), "people.xlsx").Open(sheet).Is(out _, out var refusal) ? ("", "", null) : (refusal.Code, refusal.Message, refusal.Field);

    private string Write(ReadOnlySpan<byte> bytes)
    {
        var path = _folder.File("people.xlsx");
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
