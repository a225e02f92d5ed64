// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Collections.Concurrent;
using Tutti.Dst.Files;
using Tutti.Dst.Listserv;
using Tutti.Dst.Queue;
using Tutti.Dst.Returns;
using Tutti.Dst.Signing;
using Tutti.Dst.Smtp;
using Tutti.Dst.Smtp.Destinations;
using Tutti.Mail.Composing;
using Tutti.Mail.Dkim;
using Tutti.Mail.Links;
using Tutti.Mail.Listserv;
using Tutti.Mail.Returns;

namespace Tutti.Dst.Lanes;

/// <summary>Composes and signs. Deliveries are read and prepared once, and kept as long as somebody waits in them.</summary>
internal sealed class Messages(DeliveryStore deliveries, FileStore files, DkimKeys keys, ReturnSettings returns, ReturnKeys returnKeys, MailRoutes routes, ListservJobs listserv)
{
    private readonly ConcurrentDictionary<long, Lazy<Task<SendableDelivery>>> _deliveries = new();

    /// <summary>The message of a recipient in a buffer of the caller's, which must stay unchanged while it is under way.</summary>
    public async ValueTask<Composed> Compose(QueuedRecipient recipient, MessageBuffer buffer, long now)
    {
        var delivery = await Find(recipient.Place.Job);
        var at = recipient.Place.FirstAt == 0 ? now : recipient.Place.FirstAt;
        var byListserv = delivery.ByListserv && routes.Mode != DeliveryMode.Capture;
        var isPost = byListserv && listserv.IsList(recipient.Address);

        var isForAll = delivery.Together && !isPost;
        var date = DateTimeOffset.FromUnixTimeMilliseconds(at);
        buffer.Clear();
        if (!(isForAll
            ? delivery.Composer.TryComposeForAll(buffer, date, out var problem)
            : delivery.Composer.TryCompose(buffer, Read(recipient, delivery, isPost), date, out problem)))
        {
            return new Composed(null, problem, at);
        }

        if (isPost || isForAll)
        {
            var whole = buffer.Message.ToArray();
            buffer.Clear();
            if (isPost)
            {
                ListPost.Copy(whole, buffer);
            }
            else
            {
                ListPost.CopyForAll(whole, buffer);
            }
        }

        if (keys.Find(delivery.SigningDomain) is { Length: > 0 } signers)
        {
            buffer.Prepend(DkimSigner.Sign(signers, buffer.Message, DateTimeOffset.FromUnixTimeMilliseconds(now)));
        }

        return byListserv
            ? listserv.Carry(recipient, buffer, isPost ? delivery.EnvelopeSender : SenderOf(delivery, recipient), at)
            : new Composed(Addressed(SenderOf(delivery, recipient), recipient.Address, buffer.Message, isOwn: !delivery.Together && !delivery.OwnReturn), null, at) { IsCaptured = delivery.Capture };
    }

    /// <summary>Whether somebody of a delivery that is the same for all can be in one message with others.</summary>
    public bool CanShare(string address) => routes.HasListserv && listserv.CanShare(address);

    /// <summary>Forgets all deliveries but these.</summary>
    public void KeepOnly(IReadOnlySet<long> jobs)
    {
        foreach (var job in _deliveries.Keys)
        {
            if (!jobs.Contains(job))
            {
                _deliveries.TryRemove(job, out _);
            }
        }
    }

    private static MessageRecipient Read(QueuedRecipient recipient, SendableDelivery delivery, bool isPost)
    {
        var values = SlotValues.Unpack(recipient.Values, out var permits, out var trace);
        var read = new MessageRecipient((ulong)recipient.Place.Id, recipient.Address, recipient.DisplayName, null, values);

        // All subscribers of a list get the same message: it must not say that one of them did something.
        return isPost ? read : read with
        {
            Token = (ulong?)recipient.Token,
            Permits = permits,

            // Another one at every attempt, known to the message alone: nobody can find out later for whom it was drawn.
            Trace = delivery.DrawsTraces ? Bearer.Draw() : trace,
        };
    }

    /// <summary>With a return domain the local part of the sender names the message, also in a report that comes another way.</summary>
    private OutgoingMail Addressed(string sender, string recipient, in ReadOnlySequence<byte> message, bool isOwn) => new(sender, recipient, message)
    {
        EnvelopeId = isOwn && returns.ReturnDomain.Length > 0 ? sender[..sender.LastIndexOf('@')] : "",
    };

    /// <summary>With a return domain every recipient's message has an envelope sender of its own (VERP): what comes back says by itself for whom. A message for many has none.</summary>
    private string SenderOf(SendableDelivery delivery, QueuedRecipient recipient) => returns.ReturnDomain.Length == 0 || delivery.Together || delivery.OwnReturn
        ? (delivery.ByListserv ? listserv.BounceSender : null) ?? delivery.EnvelopeSender
        : $"{ReturnAddress.LocalPart(ReturnUse.Bounce, delivery.ReturnKey.Seal((ulong)recipient.Place.Job, (ulong)recipient.Place.Id))}@{returns.ReturnDomain}";

    private async ValueTask<SendableDelivery> Find(long job)
    {
        var found = _deliveries.GetOrAdd(job, static (number, messages) => new Lazy<Task<SendableDelivery>>(() => messages.Load(number)), this);
        try
        {
            return await found.Value;
        }
        catch
        {
            _deliveries.TryRemove(new(job, found));
            throw;
        }
    }

    private async Task<SendableDelivery> Load(long job)
    {
        var delivery = await SendableDelivery.Of(
            await deliveries.Find(job, CancellationToken.None) ?? throw new InvalidOperationException($"Delivery {job} has recipients and no content."),
            digest => files.Read(digest, CancellationToken.None),
            returns.ReturnDomain);

        // Before the first message leaves: what bounces at once must find its key here.
        returnKeys.Note(delivery.ReturnKey);
        return delivery;
    }
}

/// <summary>A message ready to go, or why there is none.</summary>
/// <param name="Mail">The message.</param>
/// <param name="Problem">In words.</param>
/// <param name="At">The date it carries, Unix milliseconds.</param>
internal readonly record struct Composed(OutgoingMail? Mail, string? Problem, long At)
{
    /// <summary>Whether it goes into the capture mailbox, and to nobody else.</summary>
    public bool IsCaptured { get; init; }
}
