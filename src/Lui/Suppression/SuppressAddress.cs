// SPDX-License-Identifier: Apache-2.0
using Tutti.Frame.Words;
using Tutti.Lui.Jobs;
using Tutti.Mail.Addresses;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Suppression;

/// <summary>Puts addresses on the suppression list because a person, or a program on its behalf, says so.</summary>
internal sealed class SuppressAddress(SuppressionStore store, TimeProvider clock)
{
    /// <summary>Most addresses of one command.</summary>
    public const int MostAddresses = 10_000;

    private const int MostReason = 200;

    public sealed record Command(IReadOnlyList<string> Addresses, string Reason, Actor Who);

    /// <summary>How many addresses are new on the list.</summary>
    public async Task<Outcome<int>> Handle(Command command, CancellationToken cancellationToken)
    {
        if (command.Addresses.Count is 0 or > MostAddresses)
        {
            return SuppressionRefusals.Count(MostAddresses);
        }

        var reason = command.Reason.Trim();
        if (reason.Length > MostReason || reason.Any(char.IsControl))
        {
            return SuppressionRefusals.Reason(MostReason);
        }

        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var entries = new List<SuppressedAddress>(command.Addresses.Count);
        foreach (var text in command.Addresses)
        {
            if (!EmailAddress.TryParse(text, out var address, out var problem))
            {
                return SuppressionRefusals.Address(text, problem.InWords());
            }

            entries.Add(new SuppressedAddress(address.Normalized, reason.Length == 0 ? SharedWords.Fill(SuppressionWords.AddedBy, command.Who.Name) : reason, "person", now));
        }

        return await store.Add(entries, cancellationToken);
    }
}
