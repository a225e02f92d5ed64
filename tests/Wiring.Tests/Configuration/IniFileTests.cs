// SPDX-License-Identifier: Apache-2.0
using CsCheck;
using Tutti.Testing;
using Tutti.Wiring.Configuration;

namespace Tutti.Wiring.Tests.Configuration;

public sealed class IniFileTests
{
    [Theory]
    [InlineData("Key=value", "Key", "value")]
    [InlineData("Key:value", "Key", "value")]
    [InlineData("Key value", "Key", "value")]
    [InlineData("  Key \t =  value", "Key", "value")]
    [InlineData("a = b=c", "a", "b=c")]
    [InlineData("a : = b", "a", "= b")]
    [InlineData("Key=value  ", "Key", "value  ")]
    [InlineData("Key", "Key", "")]
    [InlineData("Key=", "Key", "")]
    [InlineData(@"Path=C:\\Tutti\\keys.p12", "Path", @"C:\Tutti\keys.p12")]
    [InlineData(@"Path=C:\Tutti", "Path", "C:Tutti")]
    [InlineData(@"a\ b\=c\:d=e", "a b=c:d", "e")]
    [InlineData(@"a=\t\n\r\""\'\ \z", "a", "\t\n\r\"' z")]
    [InlineData(@"a=Gr\u00fc\u00DFe", "a", "Grüße")]
    [InlineData("a=b # c ! d", "a", "b # c ! d")]
    [InlineData("a=one\\\n   two", "a", "onetwo")]
    [InlineData("a=one\\\\\n", "a", @"one\")]
    [InlineData("a=one\\", "a", "one")]
    [InlineData("a=x\\\r\n\ty", "a", "xy")]
    public void A_parameter_is_read_by_the_rules(string text, string key, string value)
    {
        var file = IniFile.Parse("x.ini", text);

        Assert.Empty(file.Complaints);
        var entry = Assert.Single(file.Entries);
        Assert.Equal((key, value, 1), (entry.Key, entry.Value, entry.Line));
    }

    [Fact]
    public void Blank_lines_and_comments_are_ignored_and_comments_are_never_continued()
    {
        var file = IniFile.Parse("x.ini", "\n  # one \\\n! two\n\t\na=1\rb=2\r\nc=3");

        Assert.Equal([new("a", "1", 5), new("b", "2", 6), new IniEntry("c", "3", 7)], file.Entries);
    }

    [Fact]
    public void Of_a_key_that_stands_twice_the_last_one_counts_and_case_matters()
    {
        var file = IniFile.Parse("x.ini", "a=1\nA=2\na=3");

        Assert.Equal("3", file.Find("a")?.Value);
        Assert.Equal("2", file.Find("A")?.Value);
    }

    [Fact]
    public void A_continued_comment_character_is_part_of_the_value()
    {
        Assert.Equal("b#c", IniFile.Parse("x.ini", "a=b\\\n#c").Find("a")?.Value);
    }

    [Theory]
    [InlineData(@"a=\u12")]
    [InlineData(@"a=\uXYZW")]
    [InlineData(@"\u00g0=b")]
    public void A_malformed_unicode_escape_is_a_complaint_with_its_line(string line)
    {
        var file = IniFile.Parse("x.ini", "ok=1\n" + line);

        Assert.StartsWith("x.ini:2: ", Assert.Single(file.Complaints).ToString(), StringComparison.Ordinal);
        Assert.Equal("ok", Assert.Single(file.Entries).Key);
    }

    [Fact]
    public void A_file_in_another_encoding_or_none_at_all_is_a_complaint()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("latin.ini"), [(byte)'a', (byte)'=', 0xFC]);

        Assert.Contains("is not in UTF-8", Assert.Single(IniFile.Read(folder.File("latin.ini")).Complaints).Message, StringComparison.Ordinal);
        Assert.Contains("is missing", Assert.Single(IniFile.Read(folder.File("none.ini")).Complaints).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_escaped_is_read_back() => Gen.Select(Gen.String[1, 20], Gen.String[0, 40]).SampleRepeatably((key, value) =>
    {
        var line = $"{IniFile.Escape(key, isKey: true)}={IniFile.Escape(value, isKey: false)}";
        var entry = Assert.Single(IniFile.Parse("x.ini", line).Entries);
        Assert.Equal(key, entry.Key);
        Assert.Equal(value, entry.Value);
    });

    [Fact]
    public void Any_text_is_read_without_a_crash_and_every_line_is_accounted_for() => Gen.String[Gen.Char["ab=: \t\\\n\ru0#!"], 0, 200].SampleRepeatably(text =>
    {
        var file = IniFile.Parse("x.ini", text);
        var lines = text.ReplaceLineEndings("\n").Split('\n').Length;
        Assert.All(file.Entries, entry => Assert.InRange(entry.Line, 1, lines));
        Assert.True(file.Entries.Count + file.Complaints.Count <= lines);
    });
}
