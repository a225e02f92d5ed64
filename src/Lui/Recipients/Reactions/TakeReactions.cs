// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using Tutti.Frame.Words;
using Tutti.Lui.Delivery;
using Tutti.Lui.Jobs;
using Tutti.Lui.Recipients.Columns;
using Tutti.Lui.Recipients.Csv;
using Tutti.Lui.Recipients.Drawing;
using Tutti.Lui.Teams;
using Tutti.Lui.Tracking.Types;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Recipients.Reactions;

/// <summary>
/// Takes recipients of another job by what they did with its message, as it is known at this moment; who opens it later does not come in.
/// All columns of the other job come along.
/// </summary>
internal sealed class TakeReactions(GetJob get, DeliveryStore deliveries, RecipientSourceStore sources, ReactionSetStore store, RightsReader rights, TakeRows take)
{
    /// <param name="JobId">The job that gets the recipients.</param>
    /// <param name="From">Code or number of the other job.</param>
    /// <param name="Set">Which of its recipients.</param>
    /// <param name="Who">Who takes them.</param>
    public sealed record Command(long JobId, string From, ReactionSet Set, Actor Who)
    {
        /// <summary>The set in whose place they come, if a run finds its recipients anew.</summary>
        public RecipientSource? Inherited { get; init; }
    }

    /// <summary>The other job with what its hand-over took.</summary>
    private sealed record Other(Job Job, Delivery.Delivery Delivery, RecipientSource Source)
    {
        /// <summary>The column of those of whom it is known what they did; null if it is known of all.</summary>
        public int? Permission => Delivery.Tracking == JobTracking.Permission ? FieldSql.IndexOf(Source.Columns, Job.TrackingDetails.PermissionField) : null;
    }

    public async Task<Outcome<RecipientSource>> Handle(Command command, CancellationToken cancellationToken)
    {
        if (!(await Find(command.From, command.Set, cancellationToken)).Is(out var other, out var refusal))
        {
            return refusal;
        }

        // Whoever may not see the other job's recipients does not get them by way of this one.
        if (JobGate.Judge(other.Job, await rights.Of(other.Job, command.Who, cancellationToken), "recipients", changes: false) is { } hidden)
        {
            return hidden;
        }

        if (command.Inherited is null && await store.Count(other.Delivery, command.Set, other.Permission, cancellationToken) == 0)
        {
            return ReactionRefusals.Nobody(other.Job);
        }

        var columns = other.Source.Columns;
        return await take.Handle(
            new TakeRows.Command(
                command.JobId,
                SharedWords.Fill(ReactionsWords.SourceName, other.Job.Code, ReactionLook.WordsOf(command.Set)),
                columns[other.Source.AddressColumn],
                other.Source.NameColumn is { } name ? columns[name] : "",
                command.Who)
            {
                Rule = new AudienceRule { Reaction = new ReactionRule(other.Job.Code, command.Set) },
                Inherited = command.Inherited,
                Like = other.Source,
            },
            async (rows, stop) =>
            {
                await using var csv = new CsvWriter(rows);
                await csv.Write(columns);
                await foreach (var fields in store.Fields(other.Delivery, command.Set, other.Permission, stop))
                {
                    await csv.Write(JsonSerializer.Deserialize<string[]>(fields)!);
                }

                return null;
            },
            cancellationToken);
    }

    /// <summary>How many would be taken now.</summary>
    public async Task<Outcome<long>> Count(string from, ReactionSet set, CancellationToken cancellationToken) =>
        (await Find(from, set, cancellationToken)).Is(out var other, out var refusal) ? await store.Count(other.Delivery, set, other.Permission, cancellationToken) : refusal;

    private async Task<Outcome<Other>> Find(string from, ReactionSet set, CancellationToken cancellationToken)
    {
        if (!(await get.Find(from.Trim(), cancellationToken)).Is(out var job, out var refusal))
        {
            return refusal;
        }

        if (await deliveries.Find(job.Id, cancellationToken) is not { } delivery || await sources.Find(delivery.RecipientsId, cancellationToken) is not { } source)
        {
            return ReactionRefusals.NotBegun(job);
        }

        if (set.Kind != ReactionKind.Got && !TrackingRules.NamesRecipients(delivery.Tracking))
        {
            return ReactionRefusals.NotPersonal(job);
        }

        return set.Kind == ReactionKind.ClickedLink && !(await store.Links(job.Id, cancellationToken)).Contains(set.Link)
            ? ReactionRefusals.NoSuchLink(job, set.Link ?? "")
            : new Other(job, delivery, source);
    }
}
