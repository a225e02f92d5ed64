// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Google.Protobuf;
using Tutti.Contracts.Dst.V1;

namespace Tutti.EngineLoad;

/// <summary>A message of a given length with five values and four tracked links.</summary>
internal static class Letter
{
    private const string Words = "The society meets again in spring, and there is much to tell.\r\n";

    /// <summary>As segments and slots.</summary>
    public static Content Content(int length)
    {
        var content = new Content();
        Fixed("From: News <news@sender.example>\r\nTo: ");
        Slot(SlotKind.To);
        Fixed("\r\nSubject: News for ");
        Slot(SlotKind.Value, 0, SlotEncoding.Header);
        Fixed("\r\nMessage-ID: ");
        Slot(SlotKind.MessageId);
        Fixed("\r\nDate: ");
        Slot(SlotKind.Date);
        Fixed("\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\nDear ");
        var fill = string.Concat(Enumerable.Repeat(Words, Math.Max(1, (length - 900) / Words.Length / 5)));
        for (uint part = 0; part < 5; part++)
        {
            Slot(SlotKind.Value, part);
            Fixed("\r\n" + fill);
            if (part > 0)
            {
                Slot(SlotKind.Link, part);
                Fixed("\r\n");
            }
        }

        return content;

        void Fixed(string text) => content.Pieces.Add(new Piece { Fixed = ByteString.CopyFrom(text, Encoding.ASCII) });
        void Slot(SlotKind kind, uint index = 0, SlotEncoding encoding = SlotEncoding.Raw) =>
            content.Pieces.Add(new Piece { Slot = new Slot { Kind = kind, Index = index, Encoding = encoding } });
    }

    /// <summary>The values of a recipient.</summary>
    public static IEnumerable<string> Values(int id) => [$"First{id % 977}", $"Last{id % 1009}", $"Town {id % 211}", $"plan {id % 5}", $"{id}"];

    /// <summary>One of the messages, made ready: text of the same length.</summary>
    public static string Sample(int length)
    {
        var text = new StringBuilder();
        foreach (var piece in Content(length).Pieces)
        {
            text.Append(piece.Slot is { } slot ? slot.Kind switch
            {
                SlotKind.To => "User 1 <user1@rcpt.example>",
                SlotKind.MessageId => "<0123456789abcdef@sender.example>",
                SlotKind.Date => "Sun, 29 Nov 2026 02:00:00 +0000",
                SlotKind.Link => "https://click.sender.example/c/0123456789abcdef0123456789abcdef0123456789ab",
                _ => "Value",
            } : piece.Fixed.ToStringUtf8());
        }

        return text.ToString();
    }
}
