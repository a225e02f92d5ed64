// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Text;
using CsCheck;
using Tutti.Mail.Listserv;
using Tutti.Testing;

namespace Tutti.Mail.Tests.Listserv;

public sealed class ListPostTests
{
    [Fact]
    public void A_post_has_no_way_out_of_one_recipient_and_everything_else() => Assert.Equal(
        "From: a@b.c\r\nSubject: x\r\n y\r\n\r\nList-Unsubscribe: in the text\r\n",
        Copy("From: a@b.c\r\nList-Unsubscribe: <https://x>,\r\n <mailto:y>\r\nLIST-ID: z\r\nSubject: x\r\n y\r\nList-Unsubscribe-Post: One-Click\r\n\r\nList-Unsubscribe: in the text\r\n"));

    [Fact]
    public void Whatever_it_is_nothing_is_added() =>
        Gen.String[Gen.Char["aL:\r\n "], 0, 40].SampleRepeatably(text => Assert.True(Copy(text).Length <= text.Length));

    private static string Copy(string message)
    {
        var output = new ArrayBufferWriter<byte>();
        ListPost.Copy(Encoding.ASCII.GetBytes(message), output);
        return Encoding.ASCII.GetString(output.WrittenSpan);
    }
}
