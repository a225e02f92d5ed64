// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Fluid.Values;
using Tutti.Mail.Merging.Values;

namespace Tutti.Mail.Merging;

/// <summary>What the values of a column are.</summary>
public enum ColumnKind
{
    /// <summary>Text, as it stands.</summary>
    Text,

    /// <summary>Numbers.</summary>
    Number,

    /// <summary>Days, or moments in UTC unless they name an offset.</summary>
    Date,

    /// <summary>Yes or no.</summary>
    Boolean,
}

/// <summary>What the values of a column are, and how they are written there. Conditions and filters see such values; printed they stay as they stand in the column.</summary>
/// <param name="Kind">What they are.</param>
/// <param name="Format">One of <see cref="FormatsOf"/>; empty where a kind has none.</param>
public sealed record ColumnType(ColumnKind Kind, string Format)
{
    private const string Point = "1,234.56";
    private const string Comma = "1.234,56";

    // Longest number that keeps all its digits.
    private const int MostDigits = 28;

    private static readonly string[] _numbers = [Point, Comma];
    private static readonly string[] _dates = ["yyyy-MM-dd", "dd.MM.yyyy", "dd/MM/yyyy", "MM/dd/yyyy", "dd-MM-yyyy", "yyyy/MM/dd", "yyyyMMdd"];
    private static readonly string[] _times = ["", " H:mm", " H:mm:ss", "THH:mm", "THH:mm:ss", "THH:mmK", "THH:mm:ssK", "THH:mm:ss.FFFFFFFK", " HH:mm:ss.FFFFFFF", " HH:mm:ss zzz"];
    private static readonly Dictionary<string, string[]> _patterns = _dates.ToDictionary(
        date => date,
        date => _times.Select(time => (date == "yyyyMMdd" ? date : date.Replace("dd", "d", StringComparison.Ordinal).Replace("MM", "M", StringComparison.Ordinal)) + time).ToArray());

    private static readonly string[] _yes = ["true", "yes", "y", "1", "on"];
    private static readonly string[] _no = ["false", "no", "n", "0", "off"];

    /// <summary>Text.</summary>
    public static ColumnType Text { get; } = new(ColumnKind.Text, "");

    /// <summary>The ways in which values of a kind are written, the usual one first; none where there is only one.</summary>
    public static IReadOnlyList<string> FormatsOf(ColumnKind kind) => kind switch
    {
        ColumnKind.Number => _numbers,
        ColumnKind.Date => _dates,
        _ => [],
    };

    /// <summary>Reads a type as it is written: <c>text</c>, <c>number</c>, <c>number 1.234,56</c>, <c>date dd.MM.yyyy</c>, <c>boolean</c>. Without a format the usual one counts.</summary>
    public static bool TryParse(string? words, out ColumnType type)
    {
        var parts = (words ?? "").Trim().Split(' ', 2, StringSplitOptions.TrimEntries);
        type = Text;
        if (parts[0].Length == 0 || !char.IsAsciiLetter(parts[0][0]) || !Enum.TryParse<ColumnKind>(parts[0], ignoreCase: true, out var kind))
        {
            return false;
        }

        var formats = FormatsOf(kind);
        var format = parts.Length > 1 ? parts[1] : formats.Count > 0 ? formats[0] : "";
        type = new ColumnType(kind, format);
        return format.Length == 0 ? formats.Count == 0 : formats.Contains(format);
    }

    /// <summary>Whether a text is such a value. An empty one is none, and no mistake.</summary>
    public bool Fits(ReadOnlySpan<char> text)
    {
        var value = text.Trim();
        return value.IsEmpty || Kind switch
        {
            ColumnKind.Number => TryNumber(value, Format == Comma, out _),
            ColumnKind.Date => TryDate(value, Format, out _),
            ColumnKind.Boolean => TruthOf(value) is not null,
            _ => true,
        };
    }

    /// <inheritdoc/>
    public override string ToString() => (Kind.ToString().ToLowerInvariant() + " " + Format).TrimEnd();

    /// <summary>A value as Liquid sees it: what does not fit is text.</summary>
    internal FluidValue ValueOf(string text)
    {
        var value = text.AsSpan().Trim();
        return Kind switch
        {
            ColumnKind.Number when TryNumber(value, Format == Comma, out var number) => new TypedField(text, NumberValue.Create(number)),
            ColumnKind.Date when TryDate(value, Format, out var date) => new TypedField(text, new DateTimeValue(date)),
            ColumnKind.Boolean when TruthOf(value) is { } truth => new TypedField(text, BooleanValue.Create(truth)),
            _ => new StringValue(text),
        };
    }

    private static bool TryDate(ReadOnlySpan<char> value, string format, out DateTimeOffset date) =>
        DateTimeOffset.TryParseExact(value, _patterns[format], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out date);

    private static bool? TruthOf(ReadOnlySpan<char> value)
    {
        foreach (var yes in _yes)
        {
            if (value.Equals(yes, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        foreach (var no in _no)
        {
            if (value.Equals(no, StringComparison.OrdinalIgnoreCase))
            {
                return false;
            }
        }

        return null;
    }

    // Digits in threes may be set apart, by one sign for the whole number: 1,234,567 and not 1,2,34.
    private static bool TryNumber(ReadOnlySpan<char> value, bool comma, out decimal number)
    {
        number = 0;
        var (point, group) = comma ? (',', '.') : ('.', ',');
        var sign = value[..(value.Length > 0 && value[0] is '-' or '+' ? 1 : 0)];
        var rest = value[sign.Length..];
        var end = rest.IndexOf(point);
        var whole = end < 0 ? rest : rest[..end];
        var fraction = end < 0 ? [] : rest[(end + 1)..];
        if (whole.IsEmpty || (end >= 0 && fraction.IsEmpty) || fraction.ContainsAnyExceptInRange('0', '9') || whole.Length + fraction.Length > MostDigits)
        {
            return false;
        }

        Span<char> plain = stackalloc char[MostDigits + 2];
        var length = 0;
        if (sign is ['-'])
        {
            plain[length++] = '-';
        }

        var separator = '\0';
        var digits = 0;
        foreach (var c in whole)
        {
            if (char.IsAsciiDigit(c))
            {
                plain[length++] = c;
                digits++;
                continue;
            }

            if ((c != group && c is not (' ' or '\'' or '\u00A0' or '\u202F')) || (separator != '\0' && (c != separator || digits != 3)) || digits is 0 or > 3)
            {
                return false;
            }

            (separator, digits) = (c, 0);
        }

        if (separator != '\0' && digits != 3)
        {
            return false;
        }

        if (!fraction.IsEmpty)
        {
            plain[length++] = '.';
            fraction.CopyTo(plain[length..]);
            length += fraction.Length;
        }

        return decimal.TryParse(plain[..length], NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number);
    }
}
