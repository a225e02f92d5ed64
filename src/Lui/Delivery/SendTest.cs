// SPDX-License-Identifier: Apache-2.0
using Dapper;
using Tutti.Frame.Words;
using Tutti.Lui.Delivery.Starting;
using Tutti.Lui.Jobs;
using Tutti.Lui.Jobs.Codes;
using Tutti.Lui.Jobs.Steps;
using Tutti.Lui.Recipients;
using Tutti.Mail.Addresses;
using Tutti.Wiring.Outcomes;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Delivery;

/// <summary>Sends a job's message to given addresses, each filled with the data of a recipient of the job.</summary>
internal sealed class SendTest(
    Database database,
    JobStore jobs,
    WorkflowReader workflows,
    PrepareDelivery prepare,
    SnapshotStore snapshots,
    RecipientStore recipients,
    TimeProvider clock)
{
    /// <summary>Most addresses of one test.</summary>
    public const int MostAddresses = 20;

    /// <param name="JobId">The job.</param>
    /// <param name="Who">Who tests.</param>
    /// <param name="Addresses">Where the messages go.</param>
    /// <param name="Samples">Recipients whose data is used, in turn; empty: the first ones.</param>
    /// <param name="Version">The version of the job that people saw.</param>
    public sealed record Command(long JobId, Actor Who, IReadOnlyList<string> Addresses, IReadOnlyList<long> Samples, long? Version = null);

    /// <summary>The number of the test delivery.</summary>
    public async Task<Outcome<long>> Handle(Command command, CancellationToken cancellationToken)
    {
        if (!Read(command.Addresses).Is(out var addresses, out var refusal))
        {
            return refusal;
        }

        if (await jobs.Find(command.JobId, cancellationToken) is not { } job)
        {
            return JobRefusals.NotFound(command.JobId);
        }

        var step = (await workflows.Of(job, cancellationToken))[JobStep.Test];
        if (step.State == StepState.NotYetPossible)
        {
            return DeliveryRefusals.TestNotYet(job, step.Detail ?? "");
        }

        if (job.RecipientsId is not { } recipientsId || await snapshots.Find(recipientsId, cancellationToken) is not { } snapshot)
        {
            return DeliveryRefusals.NoRecipients(job);
        }

        if (!(await Samples(recipientsId, command.Samples, addresses.Count, cancellationToken)).Is(out var samples, out refusal)
            || !(await prepare.Handle(job, cancellationToken, isTest: true)).Is(out var prepared, out refusal))
        {
            return refusal;
        }

        var now = clock.GetUtcNow();
        return await database.Write<Outcome<long>>(
            async transaction =>
            {
                var changed = await jobs.Change(
                    transaction,
                    job.Id,
                    command.Version ?? job.Version,
                    current => current.TestSent(command.Who, now),
                    _ => new JournalEntry(now, command.Who, "test", SharedWords.Counted(DeliveryWords.DidTest, addresses.Count)),
                    cancellationToken);
                if (!changed.Is(out _, out var no))
                {
                    return no;
                }

                var id = await NumberSequence.Next(transaction, NumberSequence.Delivery, cancellationToken);
                var delivery = new Delivery
                {
                    Id = id,
                    JobId = job.Id,
                    Kind = DeliveryKind.Test,
                    RecipientsId = recipientsId,
                    Tracking = prepared.Tracking,
                    TrackingUrl = prepared.TrackingUrl,
                    Planned = addresses.Count,
                    LastId = addresses.Count,
                    DueAt = now,
                    StartedAt = now,
                };
                await PrepareDelivery.Save(transaction, delivery, prepared, snapshot, cancellationToken);
                await transaction.Connection!.ExecuteAsync(new CommandDefinition(
                    "INSERT INTO test_recipient (delivery_id, id, address, sample_id) VALUES (@DeliveryId, @Id, @Address, @SampleId)",
                    addresses.Select((address, index) => new { DeliveryId = id, Id = index + 1L, Address = address, SampleId = samples[index % samples.Count] }),
                    transaction,
                    cancellationToken: cancellationToken));
                return id;
            },
            cancellationToken);
    }

    private static Outcome<List<string>> Read(IReadOnlyList<string> addresses)
    {
        if (addresses.Count is 0 or > MostAddresses)
        {
            return DeliveryRefusals.TestCount(MostAddresses);
        }

        var read = new List<string>(addresses.Count);
        foreach (var text in addresses)
        {
            if (!EmailAddress.TryParse(text, out var address, out var problem))
            {
                return DeliveryRefusals.TestAddress(text, problem.InWords());
            }

            read.Add(address.Text);
        }

        return read;
    }

    private async Task<Outcome<List<long>>> Samples(long recipientsId, IReadOnlyList<long> asked, int addresses, CancellationToken cancellationToken)
    {
        if (asked.Count == 0)
        {
            return (await recipients.Read(recipientsId, after: 0, long.MaxValue, addresses, cancellationToken)).Select(recipient => recipient.Id).ToList();
        }

        foreach (var id in asked)
        {
            if (await recipients.Find(recipientsId, id, cancellationToken) is null)
            {
                return DeliveryRefusals.NoSample(id);
            }
        }

        return asked.ToList();
    }
}
