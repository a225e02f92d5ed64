// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using Google.Protobuf;
using Tutti.Contracts.Dst.V1;
using Tutti.Contracts.Links.V1;
using Tutti.Dst.Journal;
using Tutti.Dst.Queue;

namespace Tutti.Dst.Tests;

/// <summary>Things that tests hand over.</summary>
internal static class Make
{
    public static QueuedDelivery Delivery(long job) => new(
        job, DueAt: 0, "news@sender.example", "sender.example", 1, "https://click.sender.example", 1, new byte[32], Content().ToByteArray());

    public static NewRecipient Recipient(long id, string lane = "lane", byte[]? values = null) =>
        new(id, lane, string.Create(CultureInfo.InvariantCulture, $"user{id}@rcpt.example"), $"User {id}", id * 7, values);

    public static Place Waiting(long job, long id, string lane = "lane") => new(job, id, lane, Standing.Waiting, 0, 0);

    public static Delivery WireDelivery(ulong job, DateTimeOffset dueAt) => new()
    {
        JobId = job,
        Content = Content(),
        EnvelopeSender = "news@sender.example",
        SigningDomain = "sender.example",
        Key = new LinkKey { Id = 1, Secret = ByteString.CopyFrom(new byte[32]) },
        TrackingType = TrackingType.Personal,
        TrackingUrl = "https://click.sender.example",
        DueAtMs = dueAt.ToUnixTimeMilliseconds(),
    };

    public static Batch WireBatch(ulong job, uint number, ulong first, int count, Func<ulong, string>? address = null)
    {
        var batch = new Batch { JobId = job, Number = number };
        for (var id = first; id < first + (ulong)count; id++)
        {
            batch.Recipients.Add(new Recipient
            {
                Id = id,
                Address = address?.Invoke(id) ?? string.Create(CultureInfo.InvariantCulture, $"user{id}@rcpt.example"),
                DisplayName = $"User {id}",
                Token = id,
                Values = { $"value {id}" },
            });
        }

        return batch;
    }

    /// <summary>A small message with one value, one link, and the headers that DST fills.</summary>
    public static Content Content() => new()
    {
        Pieces =
        {
            Fixed("From: News <news@sender.example>\r\nTo: "), Slot(SlotKind.To), Fixed("\r\nMessage-ID: "), Slot(SlotKind.MessageId),
            Fixed("\r\nDate: "), Slot(SlotKind.Date), Fixed("\r\nSubject: Hello\r\nMIME-Version: 1.0\r\n\r\n"),
            Fixed("Content: "), Slot(SlotKind.Value), Fixed("\r\nLink: "), Slot(SlotKind.Link, 1), Fixed("\r\n"),
        },
    };

    private static Piece Fixed(string text) => new() { Fixed = ByteString.CopyFrom(text, Encoding.ASCII) };

    private static Piece Slot(SlotKind kind, uint index = 0) => new() { Slot = new Slot { Kind = kind, Index = index, Encoding = SlotEncoding.Raw } };
}
