// SPDX-License-Identifier: Apache-2.0
using Google.Protobuf;
using Tutti.Lui.Delivery;
using Tutti.Lui.Delivery.Batches;
using Tutti.Lui.Delivery.Starting;
using Tutti.Lui.Jobs;
using Tutti.Lui.Jobs.Codes;
using Tutti.Mail.Addresses;
using Tutti.Wiring.Outcomes;
using Tutti.Wiring.Storage;
using Wire = Tutti.Contracts.Dst.V1;

namespace Tutti.Lui.Rehearsals;

/// <summary>Begins the dress rehearsal of a job that has not left yet, with its message and recipients as they are now.</summary>
internal sealed class BeginRehearsal(
    Database database, JobStore jobs, PrepareDelivery prepare, SnapshotStore snapshots, RehearsalStore rehearsals, TimeProvider clock)
{
    /// <summary>How receivers may behave; the distributor knows them by these words.</summary>
    public static readonly IReadOnlyList<string> Manners = ["providers", "accept"];

    /// <param name="JobId">The job.</param>
    /// <param name="Who">Who begins it.</param>
    /// <param name="Manner">One of <see cref="Manners"/>.</param>
    public sealed record Command(long JobId, Actor Who, string Manner);

    public async Task<Outcome<Rehearsal>> Handle(Command command, CancellationToken cancellationToken)
    {
        // Taken first: an edit from now on makes the rehearsal one of an older version.
        var now = clock.GetUtcNow();
        if (!Manners.Contains(command.Manner, StringComparer.Ordinal))
        {
            return RehearsalRefusals.Manner(command.Manner);
        }

        if (await jobs.Find(command.JobId, cancellationToken) is not { } job)
        {
            return JobRefusals.NotFound(command.JobId);
        }

        if (job.State is not (JobState.Open or JobState.Waiting))
        {
            return RehearsalRefusals.TooLate(job);
        }

        if (await rehearsals.OfJob(job.Id, cancellationToken) is { IsUnderWay: true })
        {
            return RehearsalRefusals.Running(job);
        }

        if (job.RecipientsId is not { } recipientsId || await snapshots.Find(recipientsId, cancellationToken) is not { } snapshot)
        {
            return DeliveryRefusals.NoRecipients(job);
        }

        return (await prepare.Handle(job, cancellationToken)).Is(out var prepared, out var refusal)
            ? await Save(command, job, prepared, snapshot, now, cancellationToken)
            : refusal;
    }

    private Task<Outcome<Rehearsal>> Save(
        Command command, Job job, PreparedMessage prepared, Snapshot snapshot, DateTimeOffset now, CancellationToken cancellationToken) => database.Write<Outcome<Rehearsal>>(
        async transaction =>
        {
            var changed = await jobs.Change(
                transaction, job.Id, version: null, current => current, _ => new JournalEntry(now, command.Who, "rehearsal", RehearsalsWords.DidBegin), cancellationToken);
            if (!changed.Is(out _, out var refusal))
            {
                return refusal;
            }

            var rehearsal = new Rehearsal
            {
                Id = await NumberSequence.Next(transaction, NumberSequence.Delivery, cancellationToken),
                JobId = job.Id,
                Manner = command.Manner,
                RecipientsId = snapshot.RecipientsId,
                Planned = snapshot.Valid,
                BegunAt = now,
                BegunBy = command.Who.Name,
            };
            var plan = DeliveryPlan.Of(prepared.Source, snapshot, job.TrackingDetails);
            await RehearsalStore.Add(transaction, rehearsal, MessageOf(rehearsal.Id, prepared, now).ToByteArray(), plan.ToJson(), cancellationToken);
            return rehearsal;
        },
        cancellationToken);

    // Without the key: the distributor makes one that nobody knows.
    private static Wire.Delivery MessageOf(long id, PreparedMessage prepared, DateTimeOffset now)
    {
        _ = EmailAddress.TryParse(prepared.Sender.Address, out var from, out _);
        return new Wire.Delivery
        {
            JobId = (ulong)id,
            Content = WireMessage.ContentOf(prepared.Message),
            EnvelopeSender = prepared.Sender.BouncesTo ?? from?.Text ?? prepared.Sender.Address,
            OwnReturn = prepared.Sender.BouncesTo is not null,
            SigningDomain = from?.Domain.ToString() ?? "",
            TrackingType = WireMessage.TypeOf(prepared.Tracking),
            TrackingUrl = prepared.TrackingUrl,
            DueAtMs = now.ToUnixTimeMilliseconds(),
        };
    }
}
