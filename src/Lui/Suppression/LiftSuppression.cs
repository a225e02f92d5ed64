// SPDX-License-Identifier: Apache-2.0
using Tutti.Frame.Words;
using Tutti.Lui.Jobs;
using Tutti.Mail.Addresses;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Suppression;

/// <summary>Takes an address off the suppression list.</summary>
internal sealed class LiftSuppression(SuppressionStore store, TimeProvider clock)
{
    public sealed record Command(string Address, Actor Who);

    public async Task<Outcome<SuppressedAddress>> Handle(Command command, CancellationToken cancellationToken)
    {
        if (!EmailAddress.TryParse(command.Address, out var address, out var problem))
        {
            return SuppressionRefusals.Address(command.Address, problem.InWords());
        }

        if (await store.Find(address.Normalized, cancellationToken) is not { } entry)
        {
            return SuppressionRefusals.NotListed(address.Normalized);
        }

        await store.Remove(entry.Address, SharedWords.Fill(SuppressionWords.TakenOffBy, command.Who.Name), clock.GetUtcNow().ToUnixTimeMilliseconds(), cancellationToken);
        return entry;
    }
}
