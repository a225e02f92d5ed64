// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace Tutti.Lui.Recipients.Workbooks;

/// <summary>What stands in a cell as the text of a merge field: its value, in one form whatever the country, not its look.</summary>
internal static class CellText
{
    // A double holds 15 digits whatever they are; more of them are noise of the binary form.
    private const string Digits = "G15";

    /// <summary>2026-11-24, 2026-11-24 09:30:00, 12.5, TRUE, or the text itself.</summary>
    public static string Of(object? value) => value switch
    {
        null => "",
        string text => text,
        bool truth => truth ? "TRUE" : "FALSE",
        DateTime at when at.TimeOfDay == TimeSpan.Zero => at.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTime at => at.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
        TimeSpan time => time.ToString("c", CultureInfo.InvariantCulture),
        double number when Math.Abs(number) is < 1e15 and > 1e-6 or 0 => Plain(number),
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    private static string Plain(double number) =>
        decimal.Parse(number.ToString(Digits, CultureInfo.InvariantCulture), NumberStyles.Float, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture);
}
