// SPDX-License-Identifier: Apache-2.0
using System.Text;
using CsCheck;
using Tutti.Mail.Listserv;
using Tutti.Testing;

namespace Tutti.Mail.Tests.Listserv;

public sealed class TcpguiRequestTests
{
    [Theory]
    [InlineData(
        "maestro@example.com", "SHOW VERSION", "SECRET",
        "31420D0A002A136D61657374726F406578616D706C652E636F6D", "53484F572056455253494F4E2050573D534543524554")]
    [InlineData("@", "THANKS", "X", "31420D0A000D0140", "5448414E4B532050573D58")]
    [InlineData("a@b.c", "ADD L x@y.z Müller", "P", "31420D0A001E056140622E63", "414444204C207840792E7A204DC3BC6C6C65722050573D50")]
    public void A_command_has_these_bytes(string origin, string command, string password, string opening, string text)
    {
        Assert.True(TcpguiRequest.TryCreate(origin, command, password, out var request, out _));
        Assert.Equal(opening, Convert.ToHexString(request.Opening.Span));
        Assert.Equal(text, Convert.ToHexString(request.Command.Span));
    }

    [Theory]
    [InlineData("a@b.c", "THANKS\r\nDELETE L *", "P")]
    [InlineData("a@b.c", "THANKS\0", "P")]
    [InlineData("a@b.c", " ", "P")]
    [InlineData("a@b.c\n", "THANKS", "P")]
    [InlineData("", "THANKS", "P")]
    [InlineData("a@b.c", "THANKS", "")]
    [InlineData("a@b.c", "THANKS", "two words")]
    [InlineData("a@b.c", "THANKS", "half,")]
    [InlineData("a@b.c", "THANKS", "line\n")]
    public void What_could_become_another_command_is_no_request(string origin, string command, string password)
    {
        Assert.False(TcpguiRequest.TryCreate(origin, command, password, out var request, out var problem));
        Assert.Null(request);
        Assert.NotEmpty(problem);
        if (password.Length > 3)
        {
            Assert.DoesNotContain(password, problem, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_length_counts_origin_and_command_and_stays_within_its_two_bytes() =>
        Gen.Select(Gen.Int[1, 260], Gen.Int[1, 66_000]).SampleRepeatably((origin, command) =>
        {
            var fits = origin <= TcpguiRequest.LongestOrigin && 1 + origin + command + " PW=P".Length <= ushort.MaxValue;
            Assert.Equal(fits, TcpguiRequest.TryCreate(new string('a', origin), new string('X', command), "P", out var request, out _));
            if (request is not null)
            {
                var opening = request.Opening.Span;
                Assert.Equal(1 + origin + request.Command.Length, (opening[4] << 8) | opening[5]);
                Assert.Equal(origin, opening[6]);
                Assert.Equal(7 + origin, opening.Length);
            }
        });

    [Fact]
    public void An_answer_begins_with_a_code_and_a_length()
    {
        Assert.Equal(new TcpguiReply(0, 20), TcpguiReply.Read(Convert.FromHexString("0000000000000014")));
        Assert.Equal(new TcpguiReply(0x01020304, uint.MaxValue), TcpguiReply.Read(Convert.FromHexString("01020304FFFFFFFF")));
        Assert.True(TcpguiReply.LetsCome("250 OK"u8));
        Assert.True(TcpguiReply.LetsCome("250"u8));
        Assert.False(TcpguiReply.LetsCome("500 No"u8));
        Assert.False(TcpguiReply.LetsCome("25"u8));
    }

    [Fact]
    public void Text_is_cut_into_the_same_lines_in_whatever_pieces_it_comes() =>
        Gen.Select(Gen.String[Gen.Char["ab\r\nü"], 0, 30], Gen.Int[1, 7]).SampleRepeatably((text, piece) =>
        {
            var expected = text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n').Split('\n').ToList();
            if (expected[^1].Length == 0)
            {
                expected.RemoveAt(expected.Count - 1);
            }

            Assert.Equal(expected, Lines(Encoding.UTF8.GetBytes(text), piece));
        });

    [Fact]
    public void A_line_that_is_no_utf_8_is_read_as_latin_1_and_the_next_one_as_utf_8() =>
        Assert.Equal(["Müller", "Müller"], Lines([(byte)'M', 0xFC, .. "ller\r\nMüller"u8], piece: 3));

    [Fact]
    public void Whatever_comes_is_some_text() =>
        Gen.Byte.Array[0, 60].SampleRepeatably(bytes => Assert.DoesNotContain(Lines(bytes, piece: 5), line => line.AsSpan().ContainsAny('\r', '\n')));

    private static List<string> Lines(byte[] bytes, int piece)
    {
        var (text, lines) = (new ListservText(), new List<string>());
        foreach (var chunk in bytes.Chunk(piece))
        {
            text.Take(chunk, lines.Add);
        }

        text.End(lines.Add);
        return lines;
    }
}
