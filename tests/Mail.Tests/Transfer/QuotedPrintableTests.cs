// SPDX-License-Identifier: Apache-2.0
using System.Text;
using CsCheck;
using MimeKit.Encodings;
using Tutti.Mail.Transfer;
using Tutti.Testing;

namespace Tutti.Mail.Tests.Transfer;

public sealed class QuotedPrintableTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("a=b", "a=3Db")]
    [InlineData("ü", "=C3=BC")]
    [InlineData("end \nnext", "end=20\r\nnext")]
    [InlineData("tab\t\nnext", "tab=09\r\nnext")]
    [InlineData(".dot\n.dot", "=2Edot\r\n=2Edot")]
    [InlineData("From me\nFrom you", "=46rom me\r\n=46rom you")]
    [InlineData("a\rb\r\nc", "a\r\nb\r\nc")]
    [InlineData("", "")]
    public void Text_is_encoded(string text, string encoded) => Assert.Equal(encoded, Encode(text));

    [Fact]
    public void Every_text_comes_back_from_a_mail_library()
        => WireText.Any.SampleRepeatably(
            text =>
            {
                var encoded = Encode(text);
                WireText.AssertOnTheWire(Encoding.ASCII.GetBytes(encoded), 76);
                Assert.DoesNotContain("\n.", "\n" + encoded, StringComparison.Ordinal);
                Assert.DoesNotContain("\nFrom ", "\n" + encoded, StringComparison.Ordinal);
                Assert.DoesNotContain(" \r\n", encoded + "\r\n", StringComparison.Ordinal);
                Assert.Equal(WireText.Lines(text), WireText.Lines(Decode(encoded)));
            },
            iter: 5_000);

    [Fact]
    public void A_text_may_be_encoded_in_stretches()
        => WireText.Any.Array[0, 6].SampleRepeatably(
            texts =>
            {
                var encoded = Encoding.ASCII.GetString(WireText.Write((ref ByteWriter writer) =>
                {
                    var column = 0;
                    foreach (var text in texts)
                    {
                        QuotedPrintable.SoftBreak(ref writer, ref column);
                        QuotedPrintable.Write(ref writer, text, ref column);
                    }
                }));
                WireText.AssertOnTheWire(Encoding.ASCII.GetBytes(encoded), 76);
                Assert.Equal(string.Concat(texts.Select(WireText.Lines)), WireText.Lines(Decode(encoded)));
            },
            iter: 2_000);

    private static string Encode(string text)
    {
        var bytes = WireText.Write((ref ByteWriter writer) =>
        {
            var column = 0;
            QuotedPrintable.Write(ref writer, text, ref column);
        });
        return Encoding.ASCII.GetString(bytes);
    }

    private static string Decode(string text)
    {
        var decoder = new QuotedPrintableDecoder();
        var input = Encoding.ASCII.GetBytes(text);
        var output = new byte[decoder.EstimateOutputLength(input.Length)];
        return Encoding.UTF8.GetString(output, 0, decoder.Decode(input, 0, input.Length, output));
    }
}
