// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Recipients.Csv;
using Tutti.Testing;

namespace Tutti.Lui.Tests.Recipients.Csv;

public sealed class CsvAnalysisTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("email,name\na@rcpt.example,\"Smith, J.; x\"\nb@rcpt.example,Bo\n", ',')]
    [InlineData("email;name\na@rcpt.example;Smith, J.\nb@rcpt.example;Bo, K.\n", ';')]
    [InlineData("email\tname\na@rcpt.example\tSmith, J.\nb@rcpt.example\tBo\n", '\t')]
    [InlineData("email|name\na@rcpt.example|Smith\nb@rcpt.example|Bo\n", '|')]
    [InlineData("email\na@rcpt.example\nb@rcpt.example\n", ',')]
    public void The_separator_is_recognised(string text, char delimiter)
    {
        var analysis = Analyse(text);
        Assert.Equal(delimiter, analysis.Format.Delimiter);
        Assert.Equal("email", analysis.Columns[analysis.AddressColumn].Name);
        Assert.True(analysis.Format.HasHeader);
    }

    [Fact]
    public void A_first_line_with_an_address_is_no_header()
    {
        var analysis = Analyse("Ann,a@rcpt.example\nBo,b@rcpt.example\n");
        Assert.False(analysis.Format.HasHeader);
        Assert.Equal(["FIELD1", "FIELD2"], analysis.Columns.Select(column => column.Name));
        Assert.Equal(1, analysis.AddressColumn);
        Assert.Equal(2, analysis.Rows.Count);
    }

    [Fact]
    public void The_column_with_most_addresses_is_the_one_and_a_name_column_is_known_by_its_name()
    {
        var analysis = Analyse("id,boss_mail,email,Name\n1,x@rcpt.example,a@rcpt.example,Ann\n2,,b@rcpt.example,Bo\n");
        Assert.Equal(2, analysis.AddressColumn);
        Assert.Equal(3, analysis.NameColumn);
    }

    [Fact]
    public void Single_quotes_are_recognised()
    {
        var analysis = Analyse("'email','name'\n'a@rcpt.example','Smith, J.'\n'b@rcpt.example','Bo'\n");
        Assert.Equal('\'', analysis.Format.Quote);
        Assert.Equal(["a@rcpt.example", "Smith, J."], analysis.Rows[0]);
    }

    [Fact]
    public void What_people_say_counts()
    {
        var text = "email;name\na@rcpt.example;Ann\n";
        var analysis = Analyse(text, new CsvChoice(Delimiter: ',', HasHeader: false, Quote: '\0'));
        Assert.Equal((',', null, false), (analysis.Format.Delimiter, analysis.Format.Quote, analysis.Format.HasHeader));
        Assert.Equal(-1, analysis.AddressColumn);

        analysis = Analyse(text, new CsvChoice(Names: ["address", "person"], AddressColumn: "ADDRESS", NameColumn: "person"));
        Assert.Equal((0, 1), (analysis.AddressColumn, analysis.NameColumn));
        Assert.Null(Analyse(text, new CsvChoice(NameColumn: "")).NameColumn);
        Assert.Equal(-1, Analyse(text, new CsvChoice(NameColumn: "nobody")).NameColumn);
    }

    [Fact]
    public void A_broken_first_line_does_not_hide_the_others()
    {
        var analysis = Analyse("\"broken\nemail,name\na@rcpt.example,Ann\n");
        Assert.Equal(["email", "name"], analysis.Columns.Select(column => column.Name));
    }

    [Fact]
    public void An_empty_file_has_no_columns() => Assert.Equal((0, 0), (Analyse("").Columns.Count, Analyse("\n\n").Width));

    [Fact]
    public void The_preview_is_short() => Assert.Equal(20, Analyse("email\n" + string.Concat(Enumerable.Repeat("a@rcpt.example\n", 500))).Rows.Count);

    public void Dispose() => _folder.Dispose();

    private CsvAnalysis Analyse(string text, CsvChoice? choice = null)
    {
        var path = _folder.File("file.csv");
        File.WriteAllText(path, text);
        return CsvAnalysis.Of(path, choice ?? new CsvChoice());
    }
}
