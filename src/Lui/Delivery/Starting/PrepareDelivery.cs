// SPDX-License-Identifier: Apache-2.0
using System.Data.Common;
using Dapper;
using Google.Protobuf;
using Tutti.Contracts.Trk.V1;
using Tutti.Lui.Attachments;
using Tutti.Lui.Components;
using Tutti.Lui.Content;
using Tutti.Lui.Delivery.Batches;
using Tutti.Lui.DropIns;
using Tutti.Lui.Jobs;
using Tutti.Lui.Tracking;
using Tutti.Lui.Tracking.Types;
using Tutti.Mail.Addresses;
using Tutti.Mail.Composing;
using Tutti.Mail.Links;
using Tutti.Wiring.Outcomes;
using Wire = Tutti.Contracts.Dst.V1;

namespace Tutti.Lui.Delivery.Starting;

/// <summary>A message that is fixed for a delivery, with everything that goes to trackers and distributors before recipients do.</summary>
/// <param name="Source">The message as written.</param>
/// <param name="Message">The message as cut.</param>
/// <param name="Sender">Who sends.</param>
/// <param name="Tracking">How much leads back to recipients.</param>
/// <param name="TrackingUrl">Address of the tracker that its links lead to.</param>
/// <param name="Key">Signs its links.</param>
/// <param name="Way">How it leaves.</param>
internal sealed record PreparedMessage(
    MessageSource Source, CompiledMessage Message, JobSender Sender, JobTracking Tracking, string TrackingUrl, Contracts.Links.V1.LinkKey Key, JobWay Way)
{
    /// <summary>What its tracking needs of the recipients.</summary>
    public TrackingDetails Details { get; init; } = TrackingDetails.None;
}

/// <summary>Fixes a job's message: compiled once, with the key and the tracker's address that count now.</summary>
internal sealed class PrepareDelivery(ContentStore contents, JobMessages messages, ComponentStore components, LinkKeyStore keys)
{
    /// <summary>The message of a job. A refusal of kind Unavailable passes by itself; any other needs people.</summary>
    public async Task<Outcome<PreparedMessage>> Handle(Job job, CancellationToken cancellationToken, bool isTest = false)
    {
        if (await contents.Find(job.Id, cancellationToken) is not { } content)
        {
            return ContentRefusals.Missing();
        }

        if (job.Sender is not { } sender)
        {
            return DeliveryRefusals.NoSender(job);
        }

        if (await messages.TroubleOf(job, content, sender, cancellationToken) is { } trouble)
        {
            return DropInRefusals.Troubled(trouble);
        }

        var tracking = job.Tracking ?? JobTracking.Personal;
        var source = MessageSources.Labelled(await messages.SourceOf(job, content, sender, tracking, cancellationToken), job.Code);
        source = isTest && job.IsSimulated ? EvaluationBanner.On(source) : source;
        if (!CompiledMessage.TryCompile(source, out var message, out var problems))
        {
            return ContentRefusals.Of(problems[0]);
        }

        if (await keys.Current(cancellationToken) is not { } key)
        {
            return DeliveryRefusals.NoKey();
        }

        var trackers = (await components.List(Component.Trackers, cancellationToken))
            .Where(tracker => tracker.TrackingHost.Length > 0 && (job.TrackerHost is null || tracker.TrackingHost == job.TrackerHost));
        if (trackers.OrderByDescending(tracker => tracker.InService).FirstOrDefault() is not { } first)
        {
            return job.TrackerHost is { } host ? DeliveryRefusals.NoTrackerFor(host) : DeliveryRefusals.NoTracker();
        }

        return new PreparedMessage(source, message, sender, tracking, first.PublicUrl, key, job.Way) { Details = job.TrackingDetails };
    }

    /// <summary>Keeps a delivery with its fixed bytes and its links, within the transaction that starts it. False if it is there already.</summary>
    public static async Task<bool> Save(
        DbTransaction transaction, Delivery delivery, PreparedMessage prepared, Snapshot snapshot, CancellationToken cancellationToken)
    {
        _ = EmailAddress.TryParse(prepared.Sender.Address, out var from, out _);
        var message = new Wire.Delivery
        {
            JobId = (ulong)delivery.Id,
            Content = WireMessage.ContentOf(prepared.Message),
            EnvelopeSender = prepared.Sender.BouncesTo ?? from?.Text ?? prepared.Sender.Address,
            OwnReturn = prepared.Sender.BouncesTo is not null,
            SigningDomain = from?.Domain.ToString() ?? "",
            Key = prepared.Key,
            TrackingType = WireMessage.TypeOf(prepared.Tracking),
            TrackingUrl = prepared.TrackingUrl,
            DueAtMs = delivery.DueAt.ToUnixTimeMilliseconds(),
            Capture = delivery.Simulated,
            Way = delivery.Simulated ? Wire.Way.Unspecified : prepared.Way switch
            {
                JobWay.Engine => Wire.Way.Unspecified,
                JobWay.Listserv => Wire.Way.Listserv,
                JobWay.ListservTogether => Wire.Way.ListservTogether,
            },
        };
        var publication = new Publication
        {
            JobId = (ulong)delivery.Id,
            Number = (uint)PublicationStore.First,
            Key = prepared.Key,
            TrackingType = WireMessage.TypeOf(prepared.Tracking),
            SenderName = prepared.Sender.Name.Length > 0 ? prepared.Sender.Name : prepared.Sender.Address,
        };
        publication.Links.AddRange(prepared.Message.Links.Select(link => new Link { Number = link.Number, Target = link.Target }));

        var parts = new DeliveryParts(message.ToByteArray(), publication.ToByteArray(), DeliveryPlan.Of(prepared.Source, snapshot, prepared.Details).ToJson(), delivery.Pace?.ToWords() ?? delivery.Zones?.ToWords());
        if (!await DeliveryStore.Add(transaction, delivery, parts, cancellationToken))
        {
            return false;
        }

        await JobFileStore.Carry(transaction, delivery.Id, prepared.Source.Files, cancellationToken);
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "INSERT INTO delivery_link (delivery_id, number, target, label, part, alias) VALUES (@deliveryId, @Number, @Target, @Label, @Part, @Alias)",
            prepared.Message.Links.Select(link => Row(delivery.Id, link)),
            transaction,
            cancellationToken: cancellationToken));
        return true;
    }

    private static object Row(long deliveryId, TrackedLink link) =>
        new { deliveryId, Number = (long)link.Number, link.Target, link.Label, Part = Words.Of(link.Part), link.Alias };
}
