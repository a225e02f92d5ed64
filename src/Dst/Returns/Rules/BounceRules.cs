// SPDX-License-Identifier: Apache-2.0
using System.Text.RegularExpressions;

namespace Tutti.Dst.Returns.Rules;

/// <summary>
/// Says what kind of no an answer is: by its enhanced code (RFC 3463), then by its reply code, then by its words. Within each the rule that
/// names most counts, and of equal ones the first.
/// </summary>
internal sealed partial class BounceRules
{
    private readonly BounceRule[] _enhanced;
    private readonly BounceRule[] _basic;
    private readonly BounceRule[] _words;
    private readonly BounceRules? _behind;

    /// <summary>Puts rules in their order.</summary>
    /// <param name="rules">As they stand in the file.</param>
    /// <param name="behind">Asked where these have no answer.</param>
    public BounceRules(IEnumerable<BounceRule> rules, BounceRules? behind = null)
    {
        var sorted = rules.OrderByDescending(rule => rule.Precision).ToList();
        _enhanced = [.. sorted.Where(rule => rule.IsEnhanced)];
        _basic = [.. sorted.Where(rule => rule is { IsEnhanced: false, Code.Length: > 0 })];
        _words = [.. sorted.Where(rule => rule.Code.Length == 0)];
        _behind = behind;
    }

    /// <summary>The class of a receiver's reply, codes and words in one text.</summary>
    public BounceClass Classify(string reply) => Classify([], reply);

    /// <summary>The class of what a report says.</summary>
    /// <param name="status">Enhanced codes that are known apart from the words, the most trusted first.</param>
    /// <param name="words">Everything else, codes included.</param>
    public BounceClass Classify(IReadOnlyList<string> status, string words)
    {
        string[] enhanced = [.. status, .. Enhanced().Matches(words).Select(match => match.Value)];
        var basic = Basic().Match(words) is { Success: true, Value: var code } ? code : "";
        if (Find(enhanced, basic, words) is { } found)
        {
            return found;
        }

        // No rule at all: a permanent no is not held against the address for good.
        return (enhanced.FirstOrDefault() ?? basic) is ['4', ..] ? BounceClass.Transient : BounceClass.Soft;
    }

    /// <summary>The first enhanced code in a text, or null.</summary>
    public static string? EnhancedIn(string text) => Enhanced().Match(text) is { Success: true, Value: var code } ? code : null;

    private BounceClass? Find(string[] enhanced, string basic, string words) =>
        enhanced.Select(code => Find(_enhanced, code, words)).FirstOrDefault(found => found is not null)
        ?? (basic.Length > 0 ? Find(_basic, basic, words) : null)
        ?? _words.FirstOrDefault(rule => rule.Words!.IsMatch(words))?.Class
        ?? _behind?.Find(enhanced, basic, words);

    private static BounceClass? Find(BounceRule[] rules, string code, string words) => rules.FirstOrDefault(rule => rule.Covers(code, words))?.Class;

    // Not a part of an IP address or of a version.
    [GeneratedRegex(@"(?<![\d.])[45]\.\d{1,3}\.\d{1,3}(?![\d]|\.\d)", RegexOptions.CultureInvariant)]
    private static partial Regex Enhanced();

    [GeneratedRegex(@"(?<![\w.#@<:/-])[45][0-5]\d(?=[ \-#:])", RegexOptions.CultureInvariant)]
    private static partial Regex Basic();
}
