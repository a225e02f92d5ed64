// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace Tutti.Frame.Words;

/// <summary>How numbers, counts and spans of time are said on all pages, and how values are put into the texts of the resources.</summary>
public static class SharedWords
{
    /// <summary>A number with separators: 12,480.</summary>
    public static string Number(long value) => value.ToString("N0", CultureInfo.CurrentCulture);

    /// <summary>A share in per cent with one digit: 41.3 %. Nothing of nothing is a dash.</summary>
    public static string Share(long part, long whole) =>
        whole == 0 ? "–" : Fill(FrameWords.Percent, (100.0 * part / whole).ToString("0.0", CultureInfo.CurrentCulture));

    /// <summary>
    /// A text that depends on a count, whose forms stand one after the other with a bar between: "{0} row|{0} rows". The count goes
    /// into {0}, the other values into {1}, {2} …
    /// </summary>
    public static string Counted(string text, long count, params string[] others) =>
        Fill(PluralForms.Choose(text, count, CultureInfo.CurrentUICulture), [Number(count), .. others]);

    /// <summary>A span of time in words that suit its length: "40 seconds", "12 minutes", "3 h 20 min".</summary>
    public static string Span(TimeSpan span) => span switch
    {
        { TotalSeconds: < 1 } => FrameWords.SpanShort,
        { TotalSeconds: < 90 } => Counted(FrameWords.SpanSeconds, (long)span.TotalSeconds),
        { TotalMinutes: < 90 } => Counted(FrameWords.SpanMinutes, (long)Math.Round(span.TotalMinutes)),
        { TotalHours: < 48 } => Fill(FrameWords.SpanHours, Number((int)span.TotalHours), Number(span.Minutes)),
        _ => Counted(FrameWords.SpanDays, (long)span.TotalDays),
    };

    /// <summary>Puts values into the places {0}, {1} … of a text. Where a text is filled, its own braces are doubled.</summary>
    public static string Fill(string text, params string[] values) => string.Format(CultureInfo.CurrentCulture, text, values);
}
