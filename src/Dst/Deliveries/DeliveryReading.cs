// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using Google.Protobuf;
using Tutti.Contracts.Dst.V1;
using Tutti.Dst.Queue;
using Tutti.Dst.Smtp;
using Tutti.Dst.Smtp.Destinations;
using Tutti.Mail.Addresses;
using Tutti.Mail.Links;
using Tutti.Wiring.Outcomes;

namespace Tutti.Dst.Deliveries;

/// <summary>Reads deliveries and batches off the wire, and says what is wrong with them.</summary>
internal static class DeliveryReading
{
    private const int LongestName = 500;

    /// <summary>A delivery as the queue keeps it.</summary>
    public static Outcome<QueuedDelivery> Read(Delivery delivery)
    {
        if (delivery.JobId is 0 or > long.MaxValue)
        {
            return DeliveryRefusals.BadJob(delivery.JobId);
        }

        if (Complaint(delivery) is { } complaint)
        {
            return DeliveryRefusals.BadDelivery(delivery.JobId, complaint);
        }

        return new QueuedDelivery(
            (long)delivery.JobId, delivery.DueAtMs, delivery.EnvelopeSender, delivery.SigningDomain.ToLowerInvariant(), (int)delivery.TrackingType,
            delivery.TrackingUrl.TrimEnd('/'), (int)(delivery.Key?.Id ?? 0), delivery.Key?.Secret.ToByteArray() ?? [], delivery.Content.ToByteArray())
        {
            ByListserv = delivery.Way is Way.Listserv or Way.ListservTogether,
            Together = delivery.Way == Way.ListservTogether,
            Capture = delivery.Capture,
            OwnReturn = delivery.OwnReturn,
            Files = [.. delivery.Content.Pieces.Where(piece => piece.File is not null).Select(piece => piece.File.Digest).Distinct().Select(digest => digest.ToByteArray())],
        };
    }

    /// <summary>A recipient as the queue takes it; an address that cannot be sent to comes with its problem.</summary>
    public static NewRecipient Read(Recipient recipient, MailRoutes routes, bool byListserv, bool isCaptured = false)
    {
        var sound = EmailAddress.TryParse(recipient.Address, out var address, out var problem);
        return new NewRecipient(
            (long)recipient.Id,
            !sound ? "" : isCaptured ? routes.CaptureLane : byListserv ? routes.ListservLane : routes.LaneOf(address!.Domain.ToString()),
            sound ? address!.Text : recipient.Address,
            recipient.DisplayName.Length > LongestName ? recipient.DisplayName[..LongestName] : recipient.DisplayName,
            recipient.HasToken ? (long)recipient.Token : null,
            SlotValues.Pack(recipient.Values, recipient.Permits, recipient.HasTrace ? recipient.Trace : null),
            sound ? null : $"The address cannot be used: {problem.InWords()}.");
    }

    private static string? Complaint(Delivery delivery)
    {
        if (delivery.Content is null || delivery.Content.Pieces.Count == 0)
        {
            return "it has no content.";
        }

        if (delivery.EnvelopeSender.Length > 0 && !EnvelopeAddress.IsSound(delivery.EnvelopeSender))
        {
            return "its envelope sender is no address.";
        }

        if (Uri.CheckHostName(delivery.SigningDomain) != UriHostNameType.Dns)
        {
            return "its signing domain is no host name.";
        }

        if (!Uri.TryCreate(delivery.TrackingUrl, UriKind.Absolute, out var url) || (url.Scheme != Uri.UriSchemeHttps && url.Scheme != Uri.UriSchemeHttp))
        {
            return "its tracking URL is no http or https URL.";
        }

        foreach (var piece in delivery.Content.Pieces)
        {
            if (piece.KindCase == Piece.KindOneofCase.None)
            {
                return "a piece of its content is neither fixed bytes nor a slot nor a file.";
            }

            if (piece.File is { } file && file.Digest.Length != SHA256.HashSizeInBytes)
            {
                return "a file of its content is not named by a digest of 32 bytes.";
            }

            if (piece.Slot is not { } slot)
            {
                continue;
            }

            if (slot.Kind is SlotKind.Unspecified or > SlotKind.Date || slot.Encoding is SlotEncoding.Unspecified or > SlotEncoding.Header)
            {
                return "its content has a slot of a kind or encoding that this distributor does not know.";
            }

            // The unsubscribe URL in the header is raw, and left out of what all get.
            if (delivery.Way == Way.ListservTogether && (slot.Kind == SlotKind.Value || slot is { Kind: SlotKind.Unsubscribe, Encoding: not SlotEncoding.Raw }))
            {
                return "all its recipients shall get the same message, and its content holds what is different for each of them.";
            }
        }

        if (delivery.Key is not { Id: > 0 and <= ushort.MaxValue } || delivery.Key.Secret.Length != LinkKey.SecretLength)
        {
            return "it has no link key of 32 bytes.";
        }

        if (delivery.Way > Way.ListservTogether)
        {
            return "it shall leave in a way that this distributor does not know.";
        }

        if (delivery.Capture && delivery.Way != Way.Unspecified)
        {
            return "it shall be captured, and leave through LISTSERV.";
        }

        if (delivery is { Way: Way.ListservTogether, TrackingType: not (Contracts.Links.V1.TrackingType.Blind or Contracts.Links.V1.TrackingType.Off) })
        {
            return "all its recipients shall get the same message, and tracking that is not blind makes one for each of them, as personal tracking does.";
        }

        return !Enum.IsDefined((TrackingType)delivery.TrackingType) ? "it has no tracking type that this distributor knows." : null;
    }
}
