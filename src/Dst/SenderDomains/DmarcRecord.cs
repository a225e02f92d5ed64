// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Dst.SenderDomains;

/// <summary>A DMARC record (RFC 9989; tags that it does not know, such as "pct" of RFC 7489, are passed over).</summary>
/// <param name="Domain">Where it was found: the domain itself or one above it.</param>
/// <param name="Policy">none, quarantine or reject, as it counts for the domain that was asked for.</param>
/// <param name="IsStrictSpf">The envelope sender's domain must be the very same.</param>
/// <param name="HasReports">Whether somebody gets the reports of receivers.</param>
internal sealed record DmarcRecord(string Domain, string Policy, bool IsStrictSpf, bool HasReports)
{
    private const int MostLabels = 8;

    /// <summary>Where to look for the record of a domain, in this order (the tree walk).</summary>
    public static IEnumerable<string> Places(string domain)
    {
        var labels = domain.Split('.');
        yield return domain;

        // Of long names only the last seven labels are looked at, so that nobody can cause any number of lookups.
        for (var skip = labels.Length > MostLabels ? labels.Length - (MostLabels - 1) : 1; skip < labels.Length; skip++)
        {
            yield return string.Join('.', labels[skip..]);
        }
    }

    /// <summary>Reads a record that was found at a place.</summary>
    /// <param name="text">Its text.</param>
    /// <param name="place">Where it was found.</param>
    /// <param name="domain">The domain it is read for.</param>
    /// <returns>Null if it is none.</returns>
    public static DmarcRecord? Read(string text, string place, string domain)
    {
        var tags = text.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(tag => tag.Split('=', 2, StringSplitOptions.TrimEntries))
            .Where(tag => tag.Length == 2)
            .ToList();
        if (tags.Count == 0 || tags[0] is not ["v", "DMARC1"])
        {
            return null;
        }

        string? Tag(string name) => tags.FirstOrDefault(tag => tag[0].Equals(name, StringComparison.OrdinalIgnoreCase))?[1].ToLowerInvariant();

        // Without a policy that is one, a record counts as "none" (RFC 9989 section 4.7).
        var policy = (place == domain ? null : Tag("sp")) ?? Tag("p");
        return new DmarcRecord(
            place,
            policy is "none" or "quarantine" or "reject" ? policy : "none",
            Tag("aspf") is "s",
            Tag("rua") is { Length: > 0 });
    }

    /// <summary>Whether the domain of the envelope sender fits the one of the From header. Ours sign with the very domain of the From header.</summary>
    public static bool Aligns(string domain, string from, bool isStrict)
    {
        if (domain.Equals(from, StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        return !isStrict && (domain.EndsWith("." + from, StringComparison.OrdinalIgnoreCase) || from.EndsWith("." + domain, StringComparison.OrdinalIgnoreCase));
    }
}
