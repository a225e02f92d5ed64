// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Attachments;
using Tutti.Lui.Delivery;
using Tutti.Lui.Delivery.Batches;
using Tutti.Lui.Tracking;
using Tutti.Lui.Tracking.Types;
using Tutti.Mail.Composing;
using Tutti.Mail.Links;
using Wire = Tutti.Contracts.Dst.V1;

namespace Tutti.Lui.Viewing;

/// <summary>Makes a message once more, as the recipient of a link got it: from what the delivery has fixed. Nothing is changed or counted by it.</summary>
internal sealed class ViewMessage(
    ViewLinks links, DeliveryStore deliveries, AddresseeReader addressees, RecipientTokens tokens, TrackingProfiles profiles, ShowImages images, ViewSettings settings, TimeProvider clock)
{
    /// <summary>The message, or null: the link was not made here, its time is over, or what it needs is gone.</summary>
    public async Task<MessagePreview?> Handle(string token, CancellationToken cancellationToken)
    {
        if (await links.Read(token, cancellationToken) is not var (deliveryId, recipientId)
            || await deliveries.Find(deliveryId, cancellationToken) is not { } delivery
            || clock.GetUtcNow() > delivery.StartedAt.AddDays(settings.ViewInBrowserDays)
            || settings.ViewInBrowserDays == 0
            || await Find(delivery, recipientId, cancellationToken) is not { } addressee)
        {
            return null;
        }

        var parts = await deliveries.Parts(delivery.Id, cancellationToken);
        var plan = DeliveryPlan.FromJson(parts.Plan);
        if (!CompiledMessage.TryCompile(plan.Source, out var message, out _))
        {
            return null;
        }

        var bearers = new Bearers(await tokens.Permutation(cancellationToken), delivery.Id, plan, await profiles.Of(delivery.Id, cancellationToken));
        var values = new MessageValues(message, plan.Fields(), delivery.StartedAt, bearers, delivery.Id, await links.Writer(cancellationToken));
        if (!values.Of(addressee).Is(out var merged, out _))
        {
            return null;
        }

        var wire = Wire.Delivery.Parser.ParseFrom(parts.Message);
        var tracking = new ComposerSettings
        {
            JobId = (ulong)delivery.Id,
            Key = new LinkKey((int)wire.Key.Id, wire.Key.Secret.ToByteArray()),
            TrackingUrl = wire.TrackingUrl,
            Tracking = (TrackingType)wire.TrackingType,
            MessageIdDomain = wire.SigningDomain,
        };
        var seen = MessagePreview.Of(message, merged, tracking, bearers.Of(addressee));
        return seen.Html is { } html ? seen with { Html = await images.Handle(html, plan.Source.Files, cancellationToken) } : seen;
    }

    private async Task<Addressee?> Find(Delivery.Delivery delivery, long recipientId, CancellationToken cancellationToken)
    {
        await foreach (var addressee in addressees.Read(delivery, recipientId - 1, recipientId, 1, cancellationToken))
        {
            return addressee.Id == recipientId ? addressee : null;
        }

        return null;
    }
}
