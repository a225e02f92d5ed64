// SPDX-License-Identifier: Apache-2.0
using Tutti.Mail.Merging;

namespace Tutti.Lui.Recipients.Columns;

/// <summary>Finds out what the values of a column are, from its first ones. Where they can be read in two ways they stay text: people know, and a wrong guess is worse than none.</summary>
internal static class RecogniseType
{
    private static readonly ColumnType _truth = new(ColumnKind.Boolean, "");

    /// <summary>The type that all values have.</summary>
    public static ColumnType Of(IEnumerable<string> values)
    {
        var given = values.Select(value => value.Trim()).Where(value => value.Length > 0).Distinct(StringComparer.Ordinal).ToList();
        if (given.Count == 0)
        {
            return ColumnType.Text;
        }

        // 1 and 0 are numbers.
        if (given.TrueForAll(value => value.Length > 1 && !char.IsAsciiDigit(value[0]) && _truth.Fits(value)))
        {
            return _truth;
        }

        return One(ColumnKind.Date, given.TrueForAll(value => value.AsSpan().ContainsAny("-./")) ? given : [])
            ?? One(ColumnKind.Number, given.TrueForAll(IsQuantity) ? given : [])
            ?? ColumnType.Text;
    }

    // The only way in which all of them can be read. Where nothing tells two ways apart - 3/4/2026; 1.234 - there is none, except that 12 is 12 either way.
    private static ColumnType? One(ColumnKind kind, List<string> values)
    {
        if (values.Count == 0)
        {
            return null;
        }

        var fitting = ColumnType.FormatsOf(kind).Select(format => new ColumnType(kind, format)).Where(type => values.TrueForAll(value => type.Fits(value))).ToList();
        var same = kind == ColumnKind.Number && values.TrueForAll(value => !value.AsSpan().ContainsAny(".,"));
        return fitting.Count == 1 || (same && fitting.Count > 0) ? fitting[0] : null;
    }

    // A postcode or a telephone number is none: it begins with a nought, or has more digits than anybody counts to.
    private static bool IsQuantity(string value)
    {
        var digits = value.Count(char.IsAsciiDigit);
        var first = value.AsSpan().TrimStart("+-");
        return digits is > 0 and <= 12 && value[0] != '+' && !(first.Length > 1 && first[0] == '0' && char.IsAsciiDigit(first[1])) && !value.Contains(' ', StringComparison.Ordinal);
    }
}
