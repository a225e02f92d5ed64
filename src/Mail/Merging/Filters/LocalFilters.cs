// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Fluid;
using Fluid.Values;
using Tutti.Mail.Merging.Values;

namespace Tutti.Mail.Merging.Filters;

/// <summary>
/// Filters that write numbers, amounts and dates as readers of a language expect them. What is no number or no date is printed as it stands, so that
/// nothing is lost that people wrote into a column.
/// </summary>
internal static class LocalFilters
{
    private const int MostDecimals = 10;

    private static readonly string[] _dates =
    [
        "yyyy-MM-dd", "yyyy-MM-ddTHH:mm", "yyyy-MM-ddTHH:mm:ss", "yyyy-MM-ddTHH:mmK", "yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-ddTHH:mm:ss.FFFFFFFK", "yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss",
        "yyyy-MM-dd HH:mm:ss.FFFFFFF", "d.M.yyyy", "d.M.yyyy HH:mm", "d.M.yyyy HH:mm:ss",
    ];

    private static readonly Dictionary<string, string> _signs = new(StringComparer.Ordinal)
    {
        ["EUR"] = "€",
        ["USD"] = "$",
        ["GBP"] = "£",
        ["JPY"] = "¥",
        ["CNY"] = "¥",
        ["INR"] = "₹",
        ["KRW"] = "₩",
        ["PLN"] = "zł",
        ["CZK"] = "Kč",
        ["UAH"] = "₴",
        ["TRY"] = "₺",
        ["ILS"] = "₪",
    };

    private static readonly HashSet<string> _whole = ["JPY", "KRW", "VND", "CLP", "ISK", "HUF", "XAF", "XOF", "XPF", "PYG", "UGX", "RWF"];
    private static readonly HashSet<string> _thousandths = ["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"];

    /// <summary>Adds them.</summary>
    public static void Add(FilterCollection filters)
    {
        filters.AddFilter("number", (input, arguments, context) => Written(input, context, (number, culture) => number.ToString(Decimals(arguments, 0) is { } digits ? $"N{digits}" : Grouped(number), culture)));
        filters.AddFilter("percent", (input, arguments, context) => Written(input, context, (number, culture) => Unbroken(number.ToString($"P{Decimals(arguments, 0) ?? 0}", culture))));
        filters.AddFilter("currency", (input, arguments, context) => Written(input, context, (number, culture) => Amount(number, arguments.At(0).ToStringValue(), Decimals(arguments, 1), culture)));
        filters.AddFilter("local_date", (input, arguments, context) => Dated(input, context, (date, culture) => Day(date, arguments.At(0).ToStringValue(), culture)));
        filters.AddFilter("local_time", (input, _, context) => Dated(input, context, (date, culture) => date.ToString("t", culture)));
    }

    private static ValueTask<FluidValue> Written(FluidValue input, TemplateContext context, Func<decimal, CultureInfo, string> write)
    {
        Work.Charge(context, Work.SizeOf(input));
        return NumberOf(input) is { } number ? new StringValue(write(number, MergeLanguage.Of(context))) : input;
    }

    private static ValueTask<FluidValue> Dated(FluidValue input, TemplateContext context, Func<DateTimeOffset, CultureInfo, string> write)
    {
        Work.Charge(context, Work.SizeOf(input));
        return DateOf(input, context) is { } date ? new StringValue(write(date, MergeLanguage.Of(context))) : input;
    }

    private static decimal? NumberOf(FluidValue value) => TypedField.Unwrapped(value) switch
    {
        NumberValue number => number.ToNumberValue(),
        StringValue when decimal.TryParse(value.ToStringValue().Trim(), NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var parsed) => parsed,
        _ => null,
    };

    /// <summary>The date that a value is, or that stands in a text; null if it is none. "now" and "today" are the moment of the message.</summary>
    public static DateTimeOffset? DateOf(FluidValue value, TemplateContext context) => TypedField.Unwrapped(value) switch
    {
        DateTimeValue moment => moment.ToObjectValue() is DateTimeOffset date ? date : null,
        StringValue when value.ToStringValue().Trim() is var text => text is "now" or "today"
            ? context.Now()
            : DateTimeOffset.TryParseExact(text, _dates, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date) ? date : null,
        _ => null,
    };

    private static int? Decimals(FilterArguments arguments, int at) => arguments.At(at) is NumberValue digits ? (int)Math.Clamp(digits.ToNumberValue(), 0, MostDecimals) : null;

    // As many decimals as the number has.
    private static string Grouped(decimal number) => $"N{Math.Min((int)number.Scale, MostDecimals)}";

    private static string Amount(decimal number, string code, int? decimals, CultureInfo culture)
    {
        var currency = code.Trim().ToUpperInvariant();
        var format = (NumberFormatInfo)culture.NumberFormat.Clone();
        format.CurrencySymbol = _signs.GetValueOrDefault(currency, currency);
        format.CurrencyDecimalDigits = decimals ?? (_whole.Contains(currency) ? 0 : _thousandths.Contains(currency) ? 3 : 2);
        var text = number.ToString("C", format);

        // A sign stands close to the amount where the language has it so; letters do not.
        text = Unbroken(text);
        return format.CurrencySymbol.Length > 0 && char.IsLetter(format.CurrencySymbol[^1]) && format.CurrencyPositivePattern is 0 or 1
            ? text.Replace(format.CurrencySymbol, format.CurrencyPositivePattern == 0 ? format.CurrencySymbol + "\u00A0" : "\u00A0" + format.CurrencySymbol, StringComparison.Ordinal)
            : text;
    }

    // A number and its sign stay on one line.
    private static string Unbroken(string text) => text.Replace(' ', '\u00A0');

    private static string Day(DateTimeOffset date, string manner, CultureInfo culture) => manner switch
    {
        "short" => date.ToString("d", culture),
        "month" => date.ToString("Y", culture),
        "day" => date.ToString("M", culture),
        "weekday" => date.ToString("dddd", culture),
        "full" => date.ToString("D", culture),
        _ => WithoutWeekday(date, culture),
    };

    // The long date of many languages begins with the day of the week.
    private static string WithoutWeekday(DateTimeOffset date, CultureInfo culture)
    {
        var pattern = culture.DateTimeFormat.LongDatePattern;
        var shorter = pattern.Replace("dddd", "", StringComparison.Ordinal).Trim(' ', ',', '،', '،', '、', '.');
        return date.ToString(shorter.Length > 0 && shorter.Contains('y', StringComparison.Ordinal) ? shorter : pattern, culture);
    }
}
