// SPDX-License-Identifier: Apache-2.0
using Tutti.Contracts.Dst.V1;
using Tutti.Dst.Queue;
using Tutti.Mail.Composing;
using Tutti.Mail.Links;
using Tutti.Mail.Returns;
using Piece = Tutti.Mail.Composing.Piece;
using Slot = Tutti.Mail.Composing.Slot;
using SlotEncoding = Tutti.Mail.Composing.SlotEncoding;
using SlotKind = Tutti.Mail.Composing.SlotKind;

namespace Tutti.Dst.Lanes;

/// <summary>A delivery made ready for composing.</summary>
/// <param name="EnvelopeSender">MAIL FROM.</param>
/// <param name="SigningDomain">Whose DKIM key signs.</param>
/// <param name="ReturnKey">Makes the addresses that bounces come back to.</param>
/// <param name="Composer">Makes the messages.</param>
internal sealed record SendableDelivery(string EnvelopeSender, string SigningDomain, ReturnKey ReturnKey, MessageComposer Composer)
{
    /// <summary>Whether its messages leave through LISTSERV.</summary>
    public bool ByListserv { get; init; }

    /// <summary>Whether each message carries a number that is drawn for it.</summary>
    public bool DrawsTraces { get; init; }

    /// <summary>Whether all its recipients get the same message.</summary>
    public bool Together { get; init; }

    /// <summary>Whether its messages go into the capture mailbox.</summary>
    public bool Capture { get; init; }

    /// <summary>Whether bounces go to its envelope sender as it is.</summary>
    public bool OwnReturn { get; init; }

    /// <summary>Reads what the queue keeps.</summary>
    /// <param name="delivery">The delivery.</param>
    /// <param name="files">Finds the bytes of a file.</param>
    /// <param name="returnDomain">Where what comes back goes; empty for nowhere.</param>
    /// <exception cref="InvalidOperationException">A file is not here.</exception>
    public static async Task<SendableDelivery> Of(QueuedDelivery delivery, Func<byte[], Task<byte[]?>> files, string returnDomain = "")
    {
        var content = Content.Parser.ParseFrom(delivery.Content).Pieces;
        var carried = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var digest in content.Where(piece => piece.File is not null).Select(piece => piece.File.Digest.ToByteArray()))
        {
            carried[Convert.ToHexStringLower(digest)] = await files(digest) ?? throw new InvalidOperationException($"Delivery {delivery.Job} needs a file that is not here.");
        }

        var pieces = content.Select(ToPiece);
        var settings = new ComposerSettings
        {
            JobId = (ulong)delivery.Job,
            Key = new LinkKey(delivery.KeyId, delivery.KeySecret),
            TrackingUrl = delivery.TrackingUrl,
            Tracking = (TrackingType)delivery.TrackingType,
            MessageIdDomain = delivery.SigningDomain,
            ReturnDomain = returnDomain,
        };
        return new SendableDelivery(delivery.EnvelopeSender, delivery.SigningDomain, new ReturnKey(settings.Key), new MessageComposer(pieces, settings, carried))
        {
            ByListserv = delivery.ByListserv,
            DrawsTraces = settings.Tracking == TrackingType.Unique,
            Together = delivery.Together,
            Capture = delivery.Capture,
            OwnReturn = delivery.OwnReturn,
        };
    }

    private static Piece ToPiece(Contracts.Dst.V1.Piece piece) => piece switch
    {
        { Slot: { } slot } => Piece.Of(new Slot((SlotKind)slot.Kind, slot.Index, (SlotEncoding)slot.Encoding)),
        { File: { } file } => Piece.Of(new FilePlace(Convert.ToHexStringLower(file.Digest.Span), (long)file.Size)),
        _ => Piece.Fixed(piece.Fixed.Memory),
    };
}
