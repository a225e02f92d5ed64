// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Delivery;
using Tutti.Lui.Fates;
using Tutti.Lui.Jobs;
using Tutti.Lui.Recipients.AddressIndex;
using Tutti.Lui.Recipients.Waterfalls;
using Tutti.Lui.Returns;
using Tutti.Lui.Suppression;
using Tutti.Mail.Addresses;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Recipients.Reasons;

/// <summary>Says for an address and a job why it gets, got or did not get the message.</summary>
internal sealed class ExplainAddress(
    ReadWaterfall waterfall, DeliveryStore deliveries, ReasonStore store, AddressIndexStore addresses, SuppressionStore suppression, ReturnStore returns)
{
    /// <param name="Job">The job.</param>
    /// <param name="Address">The address, as people write it, or the value of the column that tells recipients apart.</param>
    public sealed record Query(Job Job, string Address);

    public async Task<Outcome<AddressReason>> Handle(Query query, CancellationToken cancellationToken)
    {
        var (job, asked) = (query.Job, query.Address.Trim());
        if (asked.Length is 0 or > EmailAddress.MaxLength)
        {
            return RecipientRefusals.WhichAddress();
        }

        if (!(await waterfall.ScopeOf(job, cancellationToken)).Is(out var scope, out _))
        {
            return new AddressReason(ReasonKind.NoRecipients, asked, job.Code, null, "", "", null, null, []);
        }

        var answer = new AddressReason(ReasonKind.NotThere, asked, job.Code, null, "", "", null, scope.Source, []) { Simulated = job.IsSimulated };
        var normalized = EmailAddress.TryParse(asked, out var parsed, out _) ? parsed.Normalized : null;
        var found = normalized is null ? null : await addresses.Find(scope.Source.Id, normalized, cancellationToken);
        if (found is null && scope.Source.Rules?.Identification is { } column && await store.Identified(scope.Source.Id, column, asked, cancellationToken) is { } identified)
        {
            found = identified;
            normalized = EmailAddress.TryParse(identified.Address, out parsed, out _) ? parsed.Normalized : null;
        }

        if (found is not { } recipient)
        {
            return await store.SetApart(scope.Source.Id, asked, cancellationToken) is { } line
                ? answer with { Kind = ReasonKind.SetApart, Address = line.Address, At = scope.Source.FinishedAt, Detail = line.Reason, Number = line.Line }
                : answer;
        }

        answer = answer with { Address = recipient.Address, Number = recipient.Id };
        return scope.DeliveryId is { } deliveryId
            ? await OfBegun(answer, deliveryId, cancellationToken)
            : normalized is not null && await suppression.Find(normalized, cancellationToken) is { } entry
                ? answer with { Kind = ReasonKind.WillBeSuppressed, At = DateTimeOffset.FromUnixTimeMilliseconds(entry.At), Detail = entry.Reason }
                : answer with { Kind = ReasonKind.WillGet, At = job.DueAt ?? job.Schedule?.At };
    }

    private async Task<AddressReason> OfBegun(AddressReason answer, long deliveryId, CancellationToken cancellationToken)
    {
        var id = answer.Number!.Value;
        var cameBack = (await returns.Among(deliveryId, id - 1, id, cancellationToken))[id].ToList();
        if (await store.FateOf(deliveryId, id, cancellationToken) is not { } known)
        {
            return answer with { Kind = ReasonKind.Waiting, At = (await deliveries.Find(deliveryId, cancellationToken))?.StartedAt, CameBack = cameBack };
        }

        return answer with
        {
            Kind = known.Event.Fate switch
            {
                Fate.Accepted => ReasonKind.Got,
                Fate.Refused => known.IsOwn || known.Event.Host.Length == 0 ? ReasonKind.NotOffered : ReasonKind.Refused,
                Fate.Expired => ReasonKind.Expired,
                Fate.Suppressed => ReasonKind.Suppressed,
                Fate.Withdrawn => ReasonKind.Withdrawn,
                Fate.InDoubt => ReasonKind.InDoubt,
                Fate.Waiting => ReasonKind.Waiting,
            },
            At = DateTimeOffset.FromUnixTimeMilliseconds(known.Event.At),
            Detail = known.Event.Reply,
            Host = known.Event.Host,
            CameBack = cameBack,
        };
    }
}
