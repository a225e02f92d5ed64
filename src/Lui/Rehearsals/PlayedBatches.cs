// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Delivery.Batches;
using Tutti.Lui.Recipients;
using Wire = Tutti.Contracts.Dst.V1;

namespace Tutti.Lui.Rehearsals;

/// <summary>A batch of a rehearsal.</summary>
/// <param name="Content">As it goes over the wire.</param>
/// <param name="LastId">The last recipient it takes in, or leaves out.</param>
/// <param name="Seen">What showed up to here, this batch included.</param>
internal sealed record PlayedBatch(Wire.Batch Content, long LastId, SeenHere Seen);

/// <summary>Makes the batches of a rehearsal: the values of the delivery, by the same code, and a count of what is missing in them.</summary>
internal sealed class PlayedBatches(RecipientStore recipients, RehearsalStore rehearsals)
{
    /// <summary>The next batch behind what is handed over. The same each time, unless the suppression list changes.</summary>
    public async Task<PlayedBatch> Next(Rehearsal rehearsal, MessageValues values, CancellationToken cancellationToken)
    {
        var content = new Wire.Batch { JobId = (ulong)rehearsal.Id, Number = (uint)(rehearsal.Batches + 1) };
        var page = await recipients.Read(rehearsal.RecipientsId, rehearsal.ClaimedTo, rehearsal.Planned, ClaimBatch.MostRecipients, cancellationToken);
        var last = page.Count > 0 ? page[^1].Id : rehearsal.Planned;
        var suppressed = await rehearsals.Suppressed(rehearsal.RecipientsId, rehearsal.ClaimedTo, last, cancellationToken);
        var seen = rehearsal.Seen;
        var missing = new Dictionary<string, MissingValue>(seen.Missing, StringComparer.OrdinalIgnoreCase);
        var size = 0;
        foreach (var recipient in page)
        {
            last = recipient.Id;
            if (suppressed.Contains(recipient.Id))
            {
                seen = seen with { Suppressed = seen.Suppressed + 1 };
                continue;
            }

            var addressee = new Addressee(recipient.Id, recipient.Address, recipient.DisplayName, recipient.Fields);
            if (!values.Of(addressee).Is(out var merged, out var refusal))
            {
                seen = seen with { NotComputed = seen.NotComputed + 1, NotComputedWhy = seen.NotComputedWhy ?? $"{recipient.Address}: {refusal.Message}" };
                continue;
            }

            foreach (var field in merged.EmptyFields.Distinct(StringComparer.OrdinalIgnoreCase))
            {
                var known = missing.GetValueOrDefault(field) ?? new MissingValue(0, []);
                missing[field] = new MissingValue(known.Recipients + 1, known.Examples.Count < SeenHere.MostExamples ? [.. known.Examples, recipient.Address] : known.Examples);
            }

            var bearer = values.BearerOf(addressee);
            var played = new Wire.Recipient { Id = (ulong)recipient.Id, Address = recipient.Address, DisplayName = recipient.DisplayName, Token = bearer.Token!.Value, Permits = bearer.Permits };
            played.Values.AddRange(merged.Values);
            content.Recipients.Add(played);
            size += played.CalculateSize();
            if (size >= ClaimBatch.FullSize)
            {
                break;
            }
        }

        return new PlayedBatch(content, last, seen with { Missing = missing });
    }
}
