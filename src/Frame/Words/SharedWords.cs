// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Resources;
using System.Runtime.CompilerServices;

namespace Tutti.Frame.Words;

/// <summary>The words that all pages share, from <c>SharedWords.resx</c>; another language is another file beside it.</summary>
public static class SharedWords
{
    internal static ResourceManager Resources { get; } = new(typeof(SharedWords));

    internal static string SkipToContent => Get();

    internal static string Menu => Get();

    internal static string MainNavigation => Get();

    internal static string WhereAmI => Get();

    internal static string Account => Get();

    internal static string SignOut => Get();

    internal static string TimeZone => Get();

    internal static string Look => Get();

    internal static string LookSystem => Get();

    internal static string LookLight => Get();

    internal static string LookDark => Get();

    internal static string Today => Get();

    internal static string Yesterday => Get();

    internal static string Tomorrow => Get();

    internal static string ErrorTitle => Get();

    internal static string ErrorAdvice => Get();

    internal static string TryAgain => Get();

    internal static string Reconnecting => Get();

    internal static string Reload => Get();

    internal static string NeedsScript => Get();

    internal static string Planned => Get();

    internal static string Accepted => Get();

    internal static string Waiting => Get();

    internal static string Refused => Get();

    internal static string Expired => Get();

    internal static string InDoubt => Get();

    internal static string Suppressed => Get();

    internal static string Withdrawn => Get();

    internal static string ReceiptAddsUp => Get();

    internal static string ReceiptIsOff => Get();

    internal static string AcceptedMeaning => Get();

    internal static string WaitingMeaning => Get();

    internal static string RefusedMeaning => Get();

    internal static string ExpiredMeaning => Get();

    internal static string InDoubtMeaning => Get();

    internal static string SuppressedMeaning => Get();

    internal static string WithdrawnMeaning => Get();

    internal static string Cancel => Get();

    internal static string Previous => Get();

    internal static string Next => Get();

    internal static string Pages => Get();

    internal static string RangeOf => Get();

    internal static string ShowTable => Get();

    internal static string Step => Get();

    internal static string StateBlocked => Get();

    internal static string StateOpen => Get();

    internal static string StateAttention => Get();

    internal static string StateDone => Get();

    /// <summary>A number with separators: 12,480.</summary>
    public static string Number(long value) => value.ToString("N0", CultureInfo.CurrentCulture);

    /// <summary>A share in per cent with one digit: 41.3 %. Nothing of nothing is a dash.</summary>
    public static string Share(long part, long whole) =>
        whole == 0 ? "–" : (100.0 * part / whole).ToString("0.0", CultureInfo.CurrentCulture) + " %";

    /// <summary>A count with its noun: "1 row", "12,480 rows".</summary>
    public static string Count(long value, string one, string many) => $"{Number(value)} {(value == 1 ? one : many)}";

    /// <summary>A span of time in words that suit its length: "40 seconds", "12 minutes", "3 h 20 min".</summary>
    public static string Span(TimeSpan span) => span switch
    {
        { TotalSeconds: < 1 } => "less than a second",
        { TotalSeconds: < 90 } => Count((long)span.TotalSeconds, "second", "seconds"),
        { TotalMinutes: < 90 } => Count((long)Math.Round(span.TotalMinutes), "minute", "minutes"),
        { TotalHours: < 48 } => string.Create(CultureInfo.CurrentCulture, $"{(int)span.TotalHours} h {span.Minutes} min"),
        _ => Count((long)span.TotalDays, "day", "days"),
    };

    /// <summary>Puts values into the places {0}, {1} … of a text.</summary>
    internal static string Fill(string text, params ReadOnlySpan<string> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            text = text.Replace($"{{{i}}}", values[i], StringComparison.Ordinal);
        }

        return text;
    }

    private static string Get([CallerMemberName] string name = "") => Resources.GetString(name, CultureInfo.CurrentUICulture) ?? name;
}
