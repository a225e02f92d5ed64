// SPDX-License-Identifier: Apache-2.0
using System.Text.RegularExpressions;

namespace Tutti.Dst.Returns.Rules;

/// <summary>A line of a rules file.</summary>
/// <param name="Code">An enhanced code (5.1.1, x.2.2) or a reply code (552, 5xx) where x stands for anything; empty for a rule of words alone.</param>
/// <param name="Words">What the receiver's words must match; null for a rule of a code alone.</param>
/// <param name="Class">What it means.</param>
internal sealed record BounceRule(string Code, Regex? Words, BounceClass Class)
{
    /// <summary>Whether its code is an enhanced one.</summary>
    public bool IsEnhanced { get; } = Code.Contains('.', StringComparison.Ordinal);

    /// <summary>The more of the answer a rule names, the earlier it counts: words go before the lack of them, then digits before x.</summary>
    public int Precision { get; } = (Words is null ? 0 : 100) - Code.Count(character => character == 'x');

    /// <summary>Whether it speaks of this code and these words.</summary>
    public bool Covers(string code, string words) => CoversCode(code) && Words?.IsMatch(words) != false;

    private bool CoversCode(string code)
    {
        if (!IsEnhanced)
        {
            return Code.Length == code.Length && Enumerable.Range(0, code.Length).All(at => Code[at] == 'x' || Code[at] == code[at]);
        }

        var (mine, given) = (Code.Split('.'), code.Split('.'));
        return mine.Length == given.Length && Enumerable.Range(0, mine.Length).All(at => mine[at] == "x" || mine[at] == given[at]);
    }
}
