// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Text;
using CsCheck;
using Tutti.Mail.Transfer;

namespace Tutti.Mail.Tests.Transfer;

/// <summary>Texts that have broken mail programs before, and what must be true of bytes on the wire.</summary>
internal static class WireText
{
    private static readonly string[] _snippets =
    [
        ".", "..", "\n.\n", "\r\n", "\n", "\r", "=", "=3D", "=\n", " ", "  ", "\t", " \n", "\t\n", "From ", "\nFrom here", "--", "\n--=_x--\n", "é", "ß", "日本語のメール", "😀", "👩‍👩‍👧", "\uFFFD",
        "a", "word", "https://example.org/?a=b&c=d", "<b>", "&amp;", "\"", "\\", "=?utf-8?B?", "?=", ",", ";", "@", new string('x', 80), new string('=', 90), new string('ü', 200), new string(' ', 100), new string('w', 1200),
    ];

    /// <summary>Any text that merge data may hold: no control characters but tab and line breaks.</summary>
    public static Gen<string> Any { get; } = Gen.OneOf(
        Gen.OneOf(_snippets).Array[0, 12].Select(parts => string.Concat(parts)),
        Gen.String.Select(text => string.Concat(text.EnumerateRunes().Where(rune => !Rune.IsControl(rune)))));

    public delegate void Writing(ref ByteWriter writer);

    public static byte[] Write(Writing writing)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new ByteWriter(output);
        writing(ref writer);
        writer.Flush();
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Line breaks as a mail library reads them.</summary>
    public static string Lines(string text) => text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');

    /// <summary>Seven bits, no bare CR or LF, no NUL, no line over a limit.</summary>
    public static void AssertOnTheWire(ReadOnlySpan<byte> bytes, int longestLine)
    {
        var column = 0;
        for (var i = 0; i < bytes.Length; i++)
        {
            Assert.InRange(bytes[i], 1, 126);
            if (bytes[i] == '\r')
            {
                Assert.True(i + 1 < bytes.Length && bytes[i + 1] == '\n', "a bare CR");
                Assert.InRange(column, 0, longestLine);
                column = 0;
                i++;
            }
            else
            {
                Assert.NotEqual((byte)'\n', bytes[i]);
                column++;
            }
        }

        Assert.InRange(column, 0, longestLine);
    }
}
