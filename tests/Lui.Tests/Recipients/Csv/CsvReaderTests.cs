// SPDX-License-Identifier: Apache-2.0
using System.Text;
using CsCheck;
using Tutti.Lui.Recipients.Csv;
using Tutti.Testing;

namespace Tutti.Lui.Tests.Recipients.Csv;

public sealed class CsvReaderTests
{
    [Fact]
    public void Values_are_split_at_the_separator_and_lines_at_any_break() => Assert.Equal(
        ["1:a|b|c", "2:d|e|f", "3:g||", "4:|"],
        Read("a,b,c\r\nd,e,f\ng,,\r,"));

    [Fact]
    public void A_line_that_ends_with_the_separator_has_an_extra_empty_value() => Assert.Equal(["1:a|b|"], Read("a,b,\n"));

    [Fact]
    public void Empty_lines_are_no_records_but_count() => Assert.Equal(["3:a", "6:b"], Read("\n\na\n\r\n\nb\n\n"));

    [Fact]
    public void Quoted_values_hold_separators_quotes_and_line_breaks() => Assert.Equal(
        ["1:a,b|say \"hi\"|", "2:x\ny|z", "4:next"],
        Read("\"a,b\",\"say \"\"hi\"\"\",\"\"\n\"x\ny\",z\nnext"));

    [Fact]
    public void A_quote_inside_a_plain_value_is_an_ordinary_character() => Assert.Equal(["1:5\" disk|b"], Read("5\" disk,b"));

    [Fact]
    public void Blanks_after_a_closing_quote_are_dropped() => Assert.Equal(["1:a|b"], Read("\"a\" ,\"b\"\t"));

    [Theory]
    [InlineData("a,\"b\nc,d\ne,f", nameof(CsvProblem.OpenQuote))]
    [InlineData("a,\"b\"x\nc,d\ne,f", nameof(CsvProblem.TextAfterQuote))]
    [InlineData("a,\"b\nc,\"d\"\ne,f", nameof(CsvProblem.TextAfterQuote))]
    [InlineData("a\0b\nc,d\ne,f", nameof(CsvProblem.Nul))]
    public void A_broken_line_is_reported_and_the_next_ones_are_read(string text, string problem)
    {
        var lines = Read(text);
        Assert.Equal($"1!{problem}", lines[0]);
        Assert.Equal(["2:c|d", "3:e|f"], lines[1..]);
    }

    [Fact]
    public void A_line_that_is_not_utf8_is_reported() =>
        Assert.Equal(["1:a", "2!NotUtf8", "3:b"], Read([(byte)'a', (byte)'\n', 0xE9, (byte)'\n', (byte)'b']));

    [Fact]
    public void A_line_without_end_is_reported_and_skipped_with_little_memory()
    {
        var text = "a,b\n" + new string('x', 5 * CsvReader.MaxRecord) + "\nc,d";
        Assert.Equal(["1:a|b", "2!TooLong", "3:c|d"], Read(text));
    }

    [Fact]
    public void A_quote_that_stays_open_over_more_than_the_limit_is_reported_at_its_line()
    {
        var text = "\"open\n" + string.Concat(Enumerable.Repeat("a,b\n", CsvReader.MaxRecord / 3));
        var lines = Read(text);
        Assert.Equal("1!OpenQuote", lines[0]);
        Assert.Equal((CsvReader.MaxRecord / 3) + 1, lines.Count);
        Assert.All(lines.Skip(1), line => Assert.EndsWith(":a|b", line, StringComparison.Ordinal));
    }

    [Fact]
    public void More_columns_than_are_kept_are_counted()
    {
        using var reader = Open(Encoding.UTF8.GetBytes(string.Join(',', Enumerable.Range(0, 300))), ',', '"', int.MaxValue);
        Assert.True(reader.Read());
        Assert.Equal(300, reader.Count);
        Assert.Equal("249", Encoding.UTF8.GetString(reader[249]));
    }

    [Fact]
    public void Without_a_quote_character_quotes_are_text() => Assert.Equal(["1:\"a|b\""], Read("\"a,b\"", quote: '\0'));

    [Fact]
    public void Other_separators_and_quotes_work() => Assert.Equal(["1:a;b|c", "2:d|it's"], Read("'a;b';c\nd;'it''s'", ';', '\''));

    [Fact]
    public void The_raw_line_is_kept_as_it_stands()
    {
        using var reader = Open("a,\"b\"\"c\" \r\nnext"u8.ToArray(), ',', '"', 1);
        Assert.True(reader.Read());
        Assert.Equal("a,\"b\"\"c\" ", Encoding.UTF8.GetString(reader.Raw));
    }

    [Fact]
    public void What_was_written_is_read_again_however_the_bytes_arrive()
    {
        var value = Gen.String[Gen.Frequency((6, Gen.Char['a', 'e']), (3, Gen.OneOf(',', '"', '\n', '\r', ' ', ';', '\'')), (1, Gen.Char['\u00a1', '\u2fff'])), 0, 8];
        var rows = value.Array[2, 5].Array[1, 8];
        Gen.Select(rows, Gen.Int[1, 7]).SampleRepeatably((table, step) =>
        {
            using var stream = new MemoryStream();
            Write(table, stream);
            using var reader = Open(stream.ToArray(), ',', '"', step);
            foreach (var row in table)
            {
                Assert.True(reader.Read());
                Assert.Equal(CsvProblem.None, reader.Problem);
                Assert.Equal(row, Enumerable.Range(0, reader.Count).Select(i => Encoding.UTF8.GetString(reader[i])));
            }

            Assert.False(reader.Read());
        });
    }

    [Fact]
    public void Any_garbage_is_read_to_its_end_without_losing_a_line_or_looking_at_how_it_arrives()
    {
        var garbage = Gen.Frequency(
            (3, Gen.OneOf((byte)',', (byte)'"', (byte)'\n', (byte)'\r', (byte)' ')),
            (1, Gen.Byte)).Array[0, 200];
        Gen.Select(garbage, Gen.Int[1, 7]).SampleRepeatably((bytes, step) =>
        {
            var lines = Read(bytes, step: step);
            Assert.Equal(Read(bytes), lines);

            // Every line that is not empty belongs to exactly one record.
            var expected = Encoding.Latin1.GetString(bytes).Replace("\r\n", "\n", StringComparison.Ordinal).Split('\n', '\r');
            var starts = lines.Select(line => int.Parse(line[..line.IndexOfAny([':', '!'])], System.Globalization.CultureInfo.InvariantCulture)).ToList();
            Assert.Equal(starts.Order(), starts);
            Assert.Equal(starts.Distinct(), starts);
            Assert.All(starts, start => Assert.NotEqual("", expected[start - 1]));
        });
    }

    private static void Write(string[][] table, Stream stream)
    {
        var writer = new CsvWriter(stream);
        foreach (var row in table)
        {
            writer.Write(row).GetAwaiter().GetResult();
        }

        writer.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    private static List<string> Read(string text, char delimiter = ',', char quote = '"') => Read(Encoding.UTF8.GetBytes(text), delimiter, quote);

    private static List<string> Read(byte[] bytes, char delimiter = ',', char quote = '"', int step = int.MaxValue)
    {
        using var reader = Open(bytes, delimiter, quote, step);
        var lines = new List<string>();
        while (reader.Read())
        {
            var values = Enumerable.Range(0, Math.Min(reader.Count, CsvReader.MaxColumns)).Select(i => Encoding.UTF8.GetString(reader[i])).ToList();
            lines.Add(reader.Problem == CsvProblem.None ? $"{reader.Line}:{string.Join('|', values)}" : $"{reader.Line}!{reader.Problem}");
        }

        return lines;
    }

    private static CsvReader Open(byte[] bytes, char delimiter, char quote, int step) =>
        new(new SmallSteps(bytes, step), (byte)delimiter, (byte)quote);

    /// <summary>Gives a few bytes at a time, as a network does.</summary>
    private sealed class SmallSteps(byte[] bytes, int step) : MemoryStream(bytes)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, step));
    }
}
