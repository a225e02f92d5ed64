// SPDX-License-Identifier: Apache-2.0
using Google.Protobuf;
using Tutti.Lui.Jobs;
using Tutti.Mail.Composing;
using Links = Tutti.Contracts.Links.V1;
using Wire = Tutti.Contracts.Dst.V1;

namespace Tutti.Lui.Delivery.Starting;

/// <summary>From the message to the contract.</summary>
internal static class WireMessage
{
    /// <summary>The pieces of a message.</summary>
    public static Wire.Content ContentOf(CompiledMessage message)
    {
        var content = new Wire.Content();
        content.Pieces.AddRange(message.Pieces.Select(piece => piece switch
        {
            { Slot: { } slot } => new Wire.Piece { Slot = new Wire.Slot { Kind = KindOf(slot.Kind), Index = slot.Index, Encoding = EncodingOf(slot.Encoding) } },
            { File: { } file } => new Wire.Piece { File = new Wire.CarriedFile { Digest = ByteString.CopyFrom(Convert.FromHexString(file.Digest)), Size = (ulong)file.Size } },
            _ => new Wire.Piece { Fixed = ByteString.CopyFrom(piece.Bytes.Span) },
        }));
        return content;
    }

    /// <summary>The tracking type.</summary>
    public static Links.TrackingType TypeOf(JobTracking tracking) => tracking switch
    {
        JobTracking.Personal => Links.TrackingType.Personal,
        JobTracking.Permission => Links.TrackingType.Permission,
        JobTracking.Anonymous => Links.TrackingType.Anonymous,
        JobTracking.Unique => Links.TrackingType.Unique,
        JobTracking.Blind => Links.TrackingType.Blind,
        JobTracking.Off => Links.TrackingType.Off,
    };

    private static Wire.SlotKind KindOf(SlotKind kind) => kind switch
    {
        SlotKind.Value => Wire.SlotKind.Value,
        SlotKind.Link => Wire.SlotKind.Link,
        SlotKind.OpenImage => Wire.SlotKind.OpenImage,
        SlotKind.Unsubscribe => Wire.SlotKind.Unsubscribe,
        SlotKind.To => Wire.SlotKind.To,
        SlotKind.MessageId => Wire.SlotKind.MessageId,
        SlotKind.Date => Wire.SlotKind.Date,
    };

    private static Wire.SlotEncoding EncodingOf(SlotEncoding encoding) => encoding switch
    {
        SlotEncoding.Raw => Wire.SlotEncoding.Raw,
        SlotEncoding.QuotedPrintable => Wire.SlotEncoding.QuotedPrintable,
        SlotEncoding.Header => Wire.SlotEncoding.Header,
    };
}
