// SPDX-License-Identifier: Apache-2.0
using System.Collections.Frozen;

namespace Tutti.Dst.Lanes.Policies;

/// <summary>
/// The list of all registries (publicsuffix.org) as the operating system keeps it up to date: Debian's package <c>publicsuffix</c>. Only what registries
/// registered counts: whoever lets others register below a name of its own runs their mail hosts itself.
/// </summary>
internal sealed class PublicSuffixes
{
    private const string File = "/usr/share/publicsuffix/public_suffix_list.dat";
    private static readonly Lazy<PublicSuffixes?> _ofSystem = new(() => System.IO.File.Exists(File) ? Read(System.IO.File.ReadLines(File)) : null);
    private readonly FrozenSet<string> _rules;

    private PublicSuffixes(FrozenSet<string> rules) => _rules = rules;

    /// <summary>The list of the operating system; null if it has none.</summary>
    public static PublicSuffixes? OfSystem => _ofSystem.Value;

    /// <summary>Reads a list.</summary>
    public static PublicSuffixes Read(IEnumerable<string> lines) => new(lines
        .TakeWhile(line => !line.StartsWith("// ===END ICANN DOMAINS", StringComparison.Ordinal))
        .Select(line => line.Split(' ', '\t')[0])
        .Where(rule => rule.Length > 0 && !rule.StartsWith("//", StringComparison.Ordinal))
        .ToFrozenSet(StringComparer.Ordinal));

    /// <summary>How many labels of a name belong to its registry; 1 where no rule fits.</summary>
    /// <param name="labels">In lower case, the last one last.</param>
    public int LabelsOf(string[] labels)
    {
        // From the longest ending on: the first rule that fits is the longest. An exception beats every other rule.
        for (var from = 0; from < labels.Length; from++)
        {
            var ending = string.Join('.', labels[from..]);
            if (_rules.Contains("!" + ending))
            {
                return labels.Length - from - 1;
            }

            if (_rules.Contains(ending) || (from + 1 < labels.Length && _rules.Contains("*." + string.Join('.', labels[(from + 1)..]))))
            {
                return labels.Length - from;
            }
        }

        return 1;
    }
}
