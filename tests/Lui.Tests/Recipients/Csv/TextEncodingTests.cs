// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tutti.Lui.Recipients.Csv;
using Tutti.Testing;

namespace Tutti.Lui.Tests.Recipients.Csv;

public sealed class TextEncodingTests : IDisposable
{
    private const string Text = "email,name\nb@rcpt.example,Jörg Müßig €\n";
    private static readonly Encoding _windows = CodePagesEncodingProvider.Instance.GetEncoding(1252)!;
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, string, bool> Files => new()
    {
        { "utf-8", nameof(TextEncoding.Utf8), false },
        { "utf-8", nameof(TextEncoding.Utf8), true },
        { "utf-16", nameof(TextEncoding.Utf16Le), true },
        { "utf-16", nameof(TextEncoding.Utf16Le), false },
        { "utf-16BE", nameof(TextEncoding.Utf16Be), true },
        { "utf-16BE", nameof(TextEncoding.Utf16Be), false },
        { "windows-1252", nameof(TextEncoding.Windows1252), false },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public void An_encoding_is_recognised_and_the_text_comes_out_as_it_was(string name, string expected, bool withMark)
    {
        var encoding = name == "windows-1252" ? _windows : Encoding.GetEncoding(name);
        var path = Write([.. withMark ? encoding.GetPreamble() : [], .. encoding.GetBytes(Text)]);
        var recognised = TextEncodings.Recognise(path);
        Assert.Equal(expected, recognised.ToString());
        using var reader = new StreamReader(TextEncodings.OpenAsUtf8(CsvFormat.OpenFile(path), recognised), new UTF8Encoding(false), detectEncodingFromByteOrderMarks: false);
        Assert.Equal(Text, reader.ReadToEnd());
    }

    [Fact]
    public void An_accent_far_from_the_start_is_seen()
    {
        var ascii = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("a@rcpt.example\n", 60_000)));
        Assert.Equal(TextEncoding.Windows1252, TextEncodings.Recognise(Write([.. ascii, .. _windows.GetBytes("Jörg\n")])));
        Assert.Equal(TextEncoding.Utf8, TextEncodings.Recognise(Write([.. ascii, .. Encoding.UTF8.GetBytes("Jörg\n")])));
    }

    [Fact]
    public void A_character_across_two_blocks_is_whole()
    {
        for (var shift = 0; shift < 4; shift++)
        {
            var bytes = Encoding.UTF8.GetBytes(new string('a', (256 * 1024) - shift) + "€ù");
            Assert.Equal(TextEncoding.Utf8, TextEncodings.Recognise(Write(bytes)));
        }
    }

    [Fact]
    public void A_file_in_two_encodings_counts_as_the_one_that_most_of_it_is_in()
    {
        byte[] mixed = [.. Encoding.UTF8.GetBytes("Jörg\nMüßig\n"), .. _windows.GetBytes("Zoë\n")];
        Assert.Equal(TextEncoding.Utf8, TextEncodings.Recognise(Write(mixed)));
    }

    [Fact]
    public void An_empty_file_is_utf8() => Assert.Equal(TextEncoding.Utf8, TextEncodings.Recognise(Write([])));

    [Fact]
    public void Every_encoding_has_a_name_that_is_read_again() => Assert.All(
        Enum.GetValues<TextEncoding>(), encoding => Assert.Equal(encoding, TextEncodings.Parse(TextEncodings.NameOf(encoding))));

    public void Dispose() => _folder.Dispose();

    private string Write(byte[] bytes)
    {
        var path = _folder.File(Guid.CreateVersion7().ToString());
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
