// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using MimeKit;
using Tutti.Dst.Lanes;
using Tutti.Dst.Smtp;
using Tutti.Mail.Composing;
using Tutti.Mail.Dkim;
using Tutti.Mail.Links;

namespace Tutti.Dst.Tests.Lanes;

/// <summary>What one message takes while it is under way, counted in bytes of this thread.</summary>
public sealed class MessageBufferTests
{
    private const int Attached = 10 * 1024 * 1024;
    private const int Connections = 50;
    private static readonly DateTimeOffset _at = DateTimeOffset.Parse("2026-11-24T10:00:00Z", null);
    private static readonly byte[] _file = [.. Enumerable.Range(0, Attached).Select(number => (byte)(number * 31 >> 3))];
    private static readonly MessageComposer _composer = Composer();

    [Fact]
    public void Fifty_messages_with_a_file_of_10_MB_take_less_room_than_one_of_them_has_bytes()
    {
        using var signer = new DkimSigner(DkimKey.Create(), "sender.example", "s1");
        DkimSigner[] signers = [signer];
        Compose(signers, new MessageBuffer());

        var buffers = new List<MessageBuffer>();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var number = 0; number < Connections; number++)
        {
            var buffer = new MessageBuffer();
            Compose(signers, buffer);
            buffers.Add(buffer);
        }

        var taken = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.InRange(taken, 1, Connections * 128 * 1024);
        Assert.All(buffers, buffer => Assert.True(buffer.Message.Length > Attached));
    }

    [Fact]
    public void The_next_message_in_the_same_place_takes_next_to_nothing()
    {
        using var signer = new DkimSigner(DkimKey.Create(), "sender.example", "s1");
        DkimSigner[] signers = [signer];
        var buffer = new MessageBuffer();
        Compose(signers, buffer);
        var first = buffer.Message.ToArray();

        var before = GC.GetAllocatedBytesForCurrentThread();
        Compose(signers, buffer);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 * 1024);
        Assert.True(first.AsSpan().SequenceEqual(buffer.Message.ToArray()));
    }

    [Fact]
    public void A_message_in_parts_is_the_message_and_its_signature_holds()
    {
        using var signer = new DkimSigner(DkimKey.Create(), "sender.example", "s1");
        var buffer = new MessageBuffer();
        Compose([signer], buffer);
        Assert.False(buffer.Message.IsSingleSegment);

        var copied = new ArrayBufferWriter<byte>();
        Assert.True(_composer.TryCompose(copied, Recipient, _at, out _));
        byte[] whole = [.. signer.Sign(copied.WrittenSpan, _at), .. copied.WrittenSpan];
        Assert.True(whole.AsSpan().SequenceEqual(buffer.Message.ToArray()));
        Assert.Equal(MessageBytes.Of(whole), MessageBytes.Of(buffer.Message));

        using var stream = new MemoryStream(whole);
        var attachment = Assert.IsType<MimePart>(Assert.Single(MimeMessage.Load(stream, TestContext.Current.CancellationToken).Attachments));
        using var content = new MemoryStream();
        attachment.Content!.DecodeTo(content, TestContext.Current.CancellationToken);
        Assert.Equal(SHA256.HashData(_file), SHA256.HashData(content.ToArray()));
    }

    [Fact]
    public void What_is_put_in_front_of_shared_lines_moves_nothing()
    {
        var buffer = new MessageBuffer();
        buffer.Write("Subject: x\r\n\r\n"u8);
        buffer.Share("first line\r\n"u8.ToArray());
        buffer.Write("between\r\n"u8);
        buffer.Share("second line\r\n"u8.ToArray());
        buffer.Write("open"u8);
        buffer.Share(" end, no part of its own\r\n"u8.ToArray());
        buffer.Prepend(Encoding.ASCII.GetBytes("X: " + new string('x', 10_000) + "\r\n"));

        Assert.Equal(
            "X: " + new string('x', 10_000) + "\r\nSubject: x\r\n\r\nfirst line\r\nbetween\r\nsecond line\r\nopen end, no part of its own\r\n",
            Encoding.ASCII.GetString(buffer.Message.ToArray()));
        foreach (var part in buffer.Message)
        {
            Assert.True(part.Span.EndsWith("\r\n"u8));
        }
    }

    private static MessageRecipient Recipient => new(5, "a@rcpt.example", "A", 7, []);

    private static void Compose(DkimSigner[] signers, MessageBuffer buffer)
    {
        buffer.Clear();
        Assert.True(_composer.TryCompose(buffer, Recipient, _at, out _));
        buffer.Prepend(DkimSigner.Sign(signers, buffer.Message, _at));
        Assert.True(MessageBytes.Of(buffer.Message).IsSound);
    }

    private static MessageComposer Composer()
    {
        var digest = Convert.ToHexStringLower(SHA256.HashData(_file));
        Piece[] pieces =
        [
            Fixed("From: News <news@sender.example>\r\nTo: "), Piece.Of(new Slot(SlotKind.To, 0, SlotEncoding.Raw)), Fixed("\r\nMessage-ID: "),
            Piece.Of(new Slot(SlotKind.MessageId, 0, SlotEncoding.Raw)), Fixed("\r\nDate: "), Piece.Of(new Slot(SlotKind.Date, 0, SlotEncoding.Raw)),
            Fixed("\r\nSubject: Hello\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nSee: "),
            Piece.Of(new Slot(SlotKind.Link, 1, SlotEncoding.Raw)),
            Fixed("\r\n--b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment\r\nContent-Transfer-Encoding: base64\r\n\r\n"),
            Piece.Of(new FilePlace(digest, _file.Length)), Fixed("\r\n--b--\r\n"),
        ];
        var settings = new ComposerSettings
        {
            JobId = 1,
            Key = new LinkKey(1, new byte[32]),
            TrackingUrl = "https://click.sender.example",
            Tracking = TrackingType.Personal,
            MessageIdDomain = "sender.example",
        };
        return new MessageComposer(pieces, settings, new Dictionary<string, byte[]> { [digest] = _file });
    }

    private static Piece Fixed(string text) => Piece.Fixed(Encoding.ASCII.GetBytes(text));
}
