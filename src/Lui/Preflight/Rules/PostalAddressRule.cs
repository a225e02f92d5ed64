// SPDX-License-Identifier: Apache-2.0
using System.Text.RegularExpressions;
using Tutti.Lui.Jobs.Steps;

namespace Tutti.Lui.Preflight.Rules;

/// <summary>The sender's postal address, which the law of many countries asks for. It is recognised by what addresses look like, so it may err.</summary>
internal sealed partial class PostalAddressRule : IPreflightRule
{
    private const string Rule = "postal-address";

    public ValueTask<IReadOnlyList<PreflightFinding>> Look(PreflightSubject subject, CancellationToken cancellationToken)
    {
        var isThere = subject.Samples.All(sample => Looks(sample.Html?.Body?.TextContent) || Looks(sample.Preview.Text));
        return ValueTask.FromResult<IReadOnlyList<PreflightFinding>>(
        [
            isThere
                ? new PreflightFinding(Rule, PreflightLevel.Good, PreflightWords.PostalGood)
                : new PreflightFinding(Rule, PreflightLevel.Warning, PreflightWords.PostalMissing, JobStep.Content),
        ]);
    }

    /// <summary>Whether a text holds something that looks like a postal address.</summary>
    internal static bool Looks(string? text) => text is not null && (Code().IsMatch(text) || Box().IsMatch(text));

    // A street with a number, and near it a postcode with a town: 53113 Bonn, SW1A 1AA, Springfield IL 62704.
    [GeneratedRegex(@"(\p{L}[\p{L}.'-]+\s+\d{1,5}\s?[a-zA-Z]?\b|\b\d{1,5}\s+\p{L}[\p{L}.'-]+).{0,80}?(\b([A-Z]{1,3}-)?\d{4,6}\s+\p{Lu}\p{L}+|\b[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}\b|\p{L}{2,}[\s,]+\d{5}(-\d{4})?\b|\b[A-Z]\d[A-Z]\s?\d[A-Z]\d\b)", RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Code();

    [GeneratedRegex(@"\b(P\.?\s?O\.?\s?Box|Postfach|Boîte postale|B\.P\.|Apartado|Casella postale|Postbus)\s+[\d\w]", RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Box();
}
