// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using Tutti.Dst.Files;
using Tutti.Dst.Journal;
using Tutti.Dst.Lanes;
using Tutti.Dst.Lanes.Live;
using Tutti.Dst.Listserv;
using Tutti.Dst.Queue;
using Tutti.Dst.SenderDomains;
using Tutti.Dst.Signing;
using Tutti.Dst.Smtp.Destinations;
using Tutti.Dst.SourceAddresses;
using Tutti.Wiring.Outcomes;
using Wire = Tutti.Contracts.Dst.V1;

namespace Tutti.Dst.Deliveries;

/// <summary>Takes deliveries, batches and directions from LUI. Each is confirmed when it is on disk, and changes nothing when it comes again.</summary>
internal sealed class DeliveriesService(
    JournalWorker journal, TallyStore tallies, Courses courses, QueueSignal signal, LaneTroubles troubles, Departures departures, MailRoutes routes, DkimKeys keys, CheckDomain checkDomain,
    DeliveryStore deliveries, ListservSettings listserv, TimeProvider clock)
    : Wire.Deliveries.DeliveriesBase
{
    private const int MostDeferredLanes = 20;

    private long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <inheritdoc/>
    public override async Task<Wire.OpenReply> Open(Wire.Delivery request, ServerCallContext context)
    {
        if (!DeliveryReading.Read(request).Is(out var delivery, out var refusal))
        {
            throw Translate(refusal);
        }

        if (delivery.ByListserv && !listserv.IsSetUp)
        {
            throw Translate(ListservRefusals.NotSetUp());
        }

        var now = Now;
        if (!await journal.Write(session => Keep(session, delivery, now)))
        {
            throw Translate(DeliveryRefusals.FilesMissing(request.JobId));
        }

        // What is here, not what was asked for: it may have come before as something else.
        return new Wire.OpenReply { FeedId = journal.FeedId, Captures = await deliveries.IsCaptured(delivery.Job, context.CancellationToken) is true };
    }

    /// <inheritdoc/>
    public override async Task<Wire.SubmitReply> Submit(Wire.Batch request, ServerCallContext context)
    {
        if (request.Number == 0 || request.Recipients.Any(recipient => recipient.Id is 0 or > long.MaxValue))
        {
            throw Translate(DeliveryRefusals.BadBatch(request.JobId, request.Number, "batches and recipients are numbered from 1."));
        }

        var byListserv = await deliveries.IsByListserv((long)request.JobId, context.CancellationToken);
        var isCaptured = await deliveries.IsCaptured((long)request.JobId, context.CancellationToken);
        if (isCaptured is { } captured && captured != request.Capture)
        {
            throw Translate(DeliveryRefusals.OtherKind(request.JobId, captured));
        }

        var recipients = request.Recipients.Select(recipient => DeliveryReading.Read(recipient, routes, byListserv, isCaptured is true)).ToList();
        var now = Now;
        switch (await journal.Write(session => Keep(session, request, recipients, byListserv, now)))
        {
            case BatchReception.Unknown:
                throw Translate(DeliveryRefusals.Unknown(request.JobId));
            case BatchReception.Stored:
                signal.Arrived(recipients.Select(recipient => recipient.Lane).Distinct(StringComparer.Ordinal));
                break;
            case BatchReception.Repeated:
                break;
        }

        return new Wire.SubmitReply();
    }

    /// <inheritdoc/>
    public override async Task<Wire.DirectReply> Direct(Wire.Direction request, ServerCallContext context)
    {
        if (request.JobId is 0 or > long.MaxValue || request.Number == 0 || request.Course is Wire.Course.Unspecified or > Wire.Course.Withdraw)
        {
            throw Translate(DeliveryRefusals.BadDirection(request.JobId));
        }

        var job = (long)request.JobId;
        courses.Set(job, await journal.Write(session => DeliveryStore.Direct(session, job, request.Number, (Course)request.Course)));
        signal.Ring();
        return new Wire.DirectReply();
    }

    /// <inheritdoc/>
    public override async Task<Wire.Progress> GetProgress(Wire.ProgressRequest request, ServerCallContext context)
    {
        var job = (long)request.JobId;
        var tally = await tallies.Of(job, context.CancellationToken);
        var lanes = await tallies.Fullest(job, limit: 200, context.CancellationToken);
        var progress = new Wire.Progress
        {
            OnTheWire = (ulong)tally.Offered,
            Accepted = (ulong)tally.Accepted,
            Refused = (ulong)tally.Refused,
            Expired = (ulong)tally.Expired,
            Suppressed = (ulong)tally.Suppressed,
            Withdrawn = (ulong)tally.Withdrawn,
            InDoubt = (ulong)tally.InDoubt,
        };

        // Who waits behind a host that cannot be reached is deferred too, though no attempt of his own was made.
        var deferred = tally.Deferred;
        var pool = departures.PoolOf(job);
        foreach (var lane in lanes)
        {
            var trouble = troubles.Behind(LaneName.Of(lane.Lane, pool), Now);
            deferred += trouble is null ? 0 : lane.Waiting;
            if (progress.DeferredLanes.Count < MostDeferredLanes && (trouble is not null || lane.Deferred > 0))
            {
                progress.DeferredLanes.Add(new Wire.DeferredLane
                {
                    Destination = lane.Lane,
                    Recipients = (ulong)(trouble is null ? lane.Deferred : lane.Waiting + lane.Deferred),
                    Reply = trouble?.Reply ?? lane.Reply,
                    NextAttemptMs = trouble?.Until ?? lane.NextAt,
                });
            }
        }

        progress.Deferred = (ulong)deferred;
        progress.Waiting = (ulong)(tally.Waiting + tally.Deferred - deferred);
        return progress;
    }

    /// <inheritdoc/>
    public override Task<Wire.CheckSenderReply> CheckSender(Wire.CheckSenderRequest request, ServerCallContext context) => Task.FromResult(new Wire.CheckSenderReply
    {
        HasDkimKey = keys.Find(request.Domain).Length > 0,
        Mode = routes.Mode switch
        {
            DeliveryMode.Capture => "capture",
            DeliveryMode.Smarthost => "smarthost",
            DeliveryMode.Mx => "mx",
        },
    });

    /// <inheritdoc/>
    public override async Task<Wire.DomainReport> CheckDomain(Wire.CheckSenderRequest request, ServerCallContext context)
    {
        var findings = await checkDomain.Handle(request.Domain, context.CancellationToken);
        return new Wire.DomainReport
        {
            Findings =
            {
                findings.Select(finding => new Wire.DomainFinding
                {
                    Subject = finding.Subject,
                    Level = finding.Level switch
                    {
                        FindingLevel.Good => Wire.DomainFinding.Types.Level.Good,
                        FindingLevel.Warning => Wire.DomainFinding.Types.Level.Warning,
                        FindingLevel.Error => Wire.DomainFinding.Types.Level.Error,
                        _ => Wire.DomainFinding.Types.Level.Unknown,
                    },
                    Text = finding.Text,
                }),
            },
        };
    }

    private static bool Keep(JournalSession session, QueuedDelivery delivery, long now)
    {
        if (FileStore.Missing(session, delivery.Files, now).Count > 0)
        {
            return false;
        }

        DeliveryStore.Open(session, delivery, now);
        FileStore.Need(session, delivery.Job, delivery.Files);
        return true;
    }

    private BatchReception Keep(JournalSession session, Wire.Batch batch, List<NewRecipient> recipients, bool byListserv, long now)
    {
        // A batch long after the others: what the messages carry may have been removed meanwhile.
        if (FileStore.IsLacking(session, (long)batch.JobId))
        {
            return BatchReception.Unknown;
        }

        var reception = BatchStore.Add(session, (long)batch.JobId, batch.Number, recipients, now, batch.Repeats);
        if (reception == BatchReception.Stored && byListserv && listserv.ListservBounceList.Length > 0)
        {
            // Before anything is sent: what bounces at once must find its recipient here.
            ListservBounceStore.Note(session, (long)batch.JobId, recipients, now);
        }

        return reception;
    }

    private static RpcException Translate(Refusal refusal) => refusal.ToRpc();
}
