// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tutti.Lui.Delivery;
using Tutti.Lui.Jobs;
using Tutti.Lui.Recipients.Csv;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Reports;

/// <summary>Lists the recipients of a job with what became of them, in pages or as a file.</summary>
internal sealed class ListFates(JobStore jobs, DeliveryStore deliveries, RecipientFateStore store)
{
    private static readonly string[] _header = ["address", "fate", "time", "reply", "host", "attempts", "came_back"];

    /// <param name="JobId">The job.</param>
    /// <param name="Fate">Only those with this fate, or "bounced", as a word; null: all.</param>
    /// <param name="After">Only recipients with larger ids.</param>
    /// <param name="Limit">At most so many.</param>
    public sealed record Query(long JobId, string? Fate, long After, int Limit);

    /// <summary>What a query means; Delivery is null for a job that nobody was taken for yet.</summary>
    public sealed record Selection(Delivery.Delivery? Delivery, FateFilter Filter);

    /// <summary>Finds what a query means.</summary>
    public async Task<Outcome<Selection>> Find(Query query, CancellationToken cancellationToken)
    {
        if (!FateFilter.TryRead(query.Fate, out var filter))
        {
            return ReportRefusals.Fate(query.Fate!);
        }

        if (await jobs.Find(query.JobId, cancellationToken) is not { } job)
        {
            return JobRefusals.NotFound(query.JobId);
        }

        return new Selection(await deliveries.Find(job.Id, cancellationToken) ?? NotStarted(job), filter);
    }

    /// <summary>A page.</summary>
    public async Task<Outcome<RecipientFate[]>> Page(Query query, CancellationToken cancellationToken)
    {
        if (!(await Find(query, cancellationToken)).Is(out var selection, out var refusal))
        {
            return refusal;
        }

        return selection.Delivery is null ? [] : (await store.List(selection.Delivery, query.After, selection.Filter, query.Limit, cancellationToken)).ToArray();
    }

    /// <summary>Writes all of them as CSV, while they are read.</summary>
    public async Task Write(Selection selection, Stream destination, CancellationToken cancellationToken)
    {
        await using var csv = new CsvWriter(destination);
        var identified = selection.Delivery is { } asked && await store.IdentificationOf(asked, cancellationToken) is not null;
        await csv.Write(identified ? [.. _header, "identification"] : _header);
        if (selection.Delivery is null)
        {
            return;
        }

        await foreach (var one in store.Stream(selection.Delivery, selection.Filter, cancellationToken))
        {
            await csv.Write(
            [
                one.Address,
                Words.Of(one.Fate),
                one.At?.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture) ?? "",
                one.Reply,
                one.Host,
                one.Attempts.ToString(CultureInfo.InvariantCulture),
                ReturnLook.WordsOf(one.CameBack),
                .. identified ? [one.Identification ?? ""] : Array.Empty<string>(),
            ]);
        }
    }

    /// <summary>Before its start everybody in the set that is in use waits.</summary>
    private static Delivery.Delivery? NotStarted(Job job) => job.RecipientsId is not { } recipientsId
        ? null
        : new Delivery.Delivery
        {
            Id = job.Id,
            JobId = job.Id,
            Kind = DeliveryKind.Job,
            RecipientsId = recipientsId,
            Tracking = job.Tracking ?? JobTracking.Personal,
            TrackingUrl = "",
            Planned = 0,
            LastId = 0,
            DueAt = job.DueAt ?? job.CreatedAt,
            StartedAt = job.CreatedAt,
        };
}
