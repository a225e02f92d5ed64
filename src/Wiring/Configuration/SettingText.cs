// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Tutti.Wiring.Configuration;

/// <summary>How values of settings are written in a file and read from it.</summary>
internal static class SettingText
{
    private const string FilePrefix = "file:";

    public static string OfEnum(string name) => name.ToLowerInvariant();

    public static bool TryRead(string text, Type type, [NotNullWhen(true)] out object? value, [NotNullWhen(false)] out string? problem)
    {
        value = Nullable.GetUnderlyingType(type) is { } underlying ? ReadPlain(text, underlying, out problem) : ReadPlain(text, type, out problem);
        return value is not null;
    }

    public static string Write(object? value) => value switch
    {
        null or Secret => "",
        bool yes => yes ? "yes" : "no",
        TimeSpan span => WriteSpan(span),
        string[] list => string.Join(',', list),
        Enum one => OfEnum(one.ToString()),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    private static object? ReadPlain(string text, Type type, out string? problem)
    {
        problem = null;
        if (type == typeof(string))
        {
            return text;
        }

        var trimmed = text.Trim();
        object? value = null;
        if (type == typeof(Secret))
        {
            return ReadSecret(text, out problem);
        }

        if (type == typeof(string[]))
        {
            return trimmed.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        }

        if (type == typeof(bool))
        {
            value = trimmed.ToLowerInvariant() switch { "yes" or "true" => true, "no" or "false" => false, _ => null };
            problem = value is null ? $"'{text}' is neither yes nor no." : null;
        }
        else if (type == typeof(int) && int.TryParse(trimmed, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number))
        {
            value = number;
        }
        else if (type == typeof(long) && long.TryParse(trimmed, NumberStyles.Integer, CultureInfo.InvariantCulture, out var large))
        {
            value = large;
        }
        else if (type == typeof(double) && double.TryParse(trimmed, NumberStyles.Float, CultureInfo.InvariantCulture, out var real))
        {
            value = real;
        }
        else if (type == typeof(TimeSpan))
        {
            value = ReadSpan(trimmed);
            problem = value is null ? $"'{text}' is not a length of time. Write 90s, 15m, 12h, 5d or hh:mm:ss." : null;
        }
        else if (type.IsEnum && !trimmed.Contains(',', StringComparison.Ordinal) && !char.IsDigit(trimmed.FirstOrDefault()) && Enum.TryParse(type, trimmed, ignoreCase: true, out var one))
        {
            value = one;
        }
        else if (type == typeof(Uri) && Uri.TryCreate(trimmed, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https")
        {
            value = uri;
        }

        if (value is null)
        {
            problem ??= type == typeof(Uri) ? $"'{text}' is not an address that starts with http:// or https://." : $"'{text}' cannot be read as {Word(type)}.";
        }

        return value;
    }

    private static string Word(Type type) => type == typeof(int) || type == typeof(long) ? "a whole number"
        : type == typeof(double) ? "a number"
        : "one of the allowed words";

    private static Secret? ReadSecret(string text, out string? problem)
    {
        problem = null;
        if (!text.StartsWith(FilePrefix, StringComparison.Ordinal))
        {
            return new Secret(text);
        }

        var path = text[FilePrefix.Length..].Trim();
        if (!Path.IsPathFullyQualified(path))
        {
            problem = "must name an absolute path after file:.";
            return null;
        }

        try
        {
            return new Secret(File.ReadLines(path).FirstOrDefault() ?? "");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problem = $"names the file {path}, which cannot be read: {e.Message}";
            return null;
        }
    }

    private static TimeSpan? ReadSpan(string text)
    {
        if (text.Length > 1 && double.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number < 1e7)
        {
            switch (text[^1])
            {
                case 's': return TimeSpan.FromSeconds(number);
                case 'm': return TimeSpan.FromMinutes(number);
                case 'h': return TimeSpan.FromHours(number);
                case 'd' when number <= 36500: return TimeSpan.FromDays(number);
            }
        }

        return text.Contains(':', StringComparison.Ordinal) && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var span) ? span : null;
    }

    private static string WriteSpan(TimeSpan span) => span switch
    {
        { Ticks: 0 } => "0s",
        _ when span.Ticks % TimeSpan.TicksPerDay == 0 => $"{span.Ticks / TimeSpan.TicksPerDay}d",
        _ when span.Ticks % TimeSpan.TicksPerHour == 0 => $"{span.Ticks / TimeSpan.TicksPerHour}h",
        _ when span.Ticks % TimeSpan.TicksPerMinute == 0 => $"{span.Ticks / TimeSpan.TicksPerMinute}m",
        _ => span.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture) + "s",
    };
}
