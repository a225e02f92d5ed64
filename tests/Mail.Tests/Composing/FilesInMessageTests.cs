// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using System.Text;
using MimeKit;
using Tutti.Mail.Composing;
using Tutti.Mail.Tests.Transfer;

namespace Tutti.Mail.Tests.Composing;

public sealed class FilesInMessageTests
{
    private static readonly byte[] _picture = [.. Enumerable.Range(0, 1000).Select(number => (byte)(number * 7))];
    private static readonly byte[] _report = Encoding.UTF8.GetBytes(new string('x', 57) + "\r\n--=_m\0end");

    private static readonly Dictionary<string, byte[]> _bytes = new() { [Digest(_picture)] = _picture, [Digest(_report)] = _report };

    [Theory]
    [InlineData(true, true, true, true)]
    [InlineData(true, true, true, false)]
    [InlineData(true, true, false, true)]
    [InlineData(true, false, true, true)]
    [InlineData(true, false, false, true)]
    [InlineData(false, true, true, false)]
    public void A_reader_finds_parts_images_and_attachments_where_they_belong(bool html, bool text, bool attached, bool shown)
    {
        var files = new List<MessageFile>();
        if (attached)
        {
            files.Add(new MessageFile("report.pdf", "application/pdf", Digest(_report), _report.Length));
        }

        files.Add(new MessageFile("logo.png", "image/png", Digest(_picture), _picture.Length, "logo.png"));
        var message = Campaign.Compile(Campaign.Source with
        {
            Html = html ? $"<p>{{{{ a }}}}</p><img src=\"cid:{(shown ? "logo.png" : "other")}\" alt=\"Logo\">" : null,
            Text = text ? "Read {{ a }}" : null,
            Files = files,
        });
        var bytes = Campaign.Bytes(Composer(message), Campaign.Recipient(Campaign.Merge(message, ("a", "Zoë"))));
        WireText.AssertOnTheWire(bytes, 998);
        var mime = Campaign.Read(bytes);

        Assert.Equal(attached ? ["report.pdf"] : [], mime.Attachments.OfType<MimePart>().Select(part => part.FileName));
        Assert.Equal(attached ? [_report] : [], mime.Attachments.OfType<MimePart>().Select(Content));
        Assert.Equal(html ? shown ? [] : ["other"] : [], message.MissingImages);
        if (text)
        {
            Assert.Contains("Read Zoë", mime.Text(), StringComparison.Ordinal);
        }

        var image = mime.BodyParts.OfType<MimePart>().SingleOrDefault(part => part.ContentType.IsMimeType("image", "png"));
        if (html && shown)
        {
            Assert.Contains("<p>Zoë</p>", mime.Html(), StringComparison.Ordinal);
            Assert.Contains($"src=\"cid:{image!.ContentId}\"", mime.Html(), StringComparison.Ordinal);
            Assert.Equal(_picture, Content(image));
            Assert.Equal("inline", image.ContentDisposition?.Disposition);
        }
        else
        {
            Assert.Null(image);
        }
    }

    [Theory]
    [InlineData("plain.pdf")]
    [InlineData("Grüße & Küsse.pdf")]
    [InlineData("報告書 二〇二六年 とても長い名前のファイルで一行には収まらないもの、だから幾つかに分かれる.pdf")]
    [InlineData("تقرير.pdf")]
    [InlineData("a \"quoted\" \\ name; filename=evil.exe.pdf")]
    [InlineData("with\r\nX-Evil: yes.pdf")]
    [InlineData("👩‍👩‍👧 family 100%.pdf")]
    public void A_name_in_any_script_arrives_as_it_was(string name)
    {
        var message = Campaign.Compile(Campaign.Source with { Files = [new MessageFile(name, "application/pdf", Digest(_report), _report.Length)] });

        var bytes = Campaign.Bytes(Composer(message), Campaign.Recipient(Campaign.Merge(message)));

        WireText.AssertOnTheWire(bytes, 998);
        var mime = Campaign.Read(bytes);
        Assert.Equal(name, mime.Attachments.OfType<MimePart>().Single().FileName);
        Assert.DoesNotContain(mime.Headers, header => header.Field == "X-Evil");
    }

    [Fact]
    public void A_file_without_its_bytes_or_with_a_type_that_ends_the_header_is_refused()
    {
        var file = new MessageFile("a.pdf", "application/pdf", Digest(_report), _report.Length);

        Assert.Throws<ArgumentException>(() => Campaign.Composer(Campaign.Compile(Campaign.Source with { Files = [file] })));
        Assert.Equal("Files", Campaign.Problems(Campaign.Source with { Files = [file with { ContentType = "a/b\r\nX-Evil: yes" }] })[0].Field);
        Assert.Equal("Files", Campaign.Problems(Campaign.Source with { Files = [file with { Digest = "00" }] })[0].Field);
    }

    [Fact]
    public void The_size_in_the_message_is_known_beforehand()
    {
        for (var length = 1; length < 200; length++)
        {
            Assert.Equal(Tutti.Mail.Transfer.Base64Lines.SizeOf(length), Tutti.Mail.Transfer.Base64Lines.Encode(new byte[length]).Length);
        }
    }

    private static MessageComposer Composer(CompiledMessage message) => new(message.Pieces, new ComposerSettings
    {
        JobId = 12,
        Key = Campaign.Key,
        TrackingUrl = "https://click.example.org/",
        Tracking = Tutti.Mail.Links.TrackingType.Personal,
        MessageIdDomain = "example.org",
    }, _bytes);

    private static byte[] Content(MimePart part)
    {
        using var content = new MemoryStream();
        part.Content!.DecodeTo(content);
        return content.ToArray();
    }

    private static string Digest(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
