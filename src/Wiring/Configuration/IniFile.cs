// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;

namespace Tutti.Wiring.Configuration;

/// <summary>One parameter of an ini file.</summary>
/// <param name="Key">Case-sensitive, escapes resolved.</param>
/// <param name="Value">Escapes resolved; white space at its end is kept.</param>
/// <param name="Line">The line on which it starts, from 1.</param>
public sealed record IniEntry(string Key, string Value, int Line)
{
    /// <summary>The value as it stands in the file: escapes not resolved, continued lines joined.</summary>
    public string Raw { get; init; } = Value;
}

/// <summary>
/// An ini file by the rules of Java's <c>.properties</c>, in UTF-8: key and value are parted by white space, <c>=</c> or
/// <c>:</c>; <c>#</c> and <c>!</c> start comments; a backslash escapes, and at a line's end continues the line; of a key
/// that stands twice the last one counts.
/// </summary>
public sealed class IniFile
{
    private readonly List<IniEntry> _entries = [];
    private readonly List<IniEntry> _malformed = [];
    private readonly List<Complaint> _complaints = [];

    private IniFile(string name) => Name = name;

    /// <summary>The file's name as it stands in complaints, such as <c>tracker.ini</c>.</summary>
    public string Name { get; }

    /// <summary>All parameters in their order, repeated keys too.</summary>
    public IReadOnlyList<IniEntry> Entries => _entries;

    /// <summary>Parameters with a malformed <c>\u</c>; key and value as they stand in the file. Each has its complaint.</summary>
    public IReadOnlyList<IniEntry> Malformed => _malformed;

    /// <summary>What could not be read.</summary>
    public IReadOnlyList<Complaint> Complaints => _complaints;

    /// <summary>The last entry with this key, or null.</summary>
    public IniEntry? Find(string key) => _entries.FindLast(entry => entry.Key == key);

    /// <summary>Reads a file; one that is missing or cannot be read gives a complaint.</summary>
    public static IniFile Read(string path)
    {
        var name = System.IO.Path.GetFileName(path);
        try
        {
            // Strict, so that a file in another encoding is reported and not read as something else.
            var text = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(File.ReadAllBytes(path));
            return Parse(name, text);
        }
        catch (DecoderFallbackException)
        {
            return Unreadable(name, "is not in UTF-8. Save it in that encoding.");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return Unreadable(name, $"is missing ({path}).");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Unreadable(name, $"cannot be read: {e.Message}");
        }
    }

    /// <summary>Reads the text of a file.</summary>
    /// <param name="name">The name for complaints.</param>
    /// <param name="text">Lines end with LF, CR or CRLF; a byte order mark is dropped.</param>
    public static IniFile Parse(string name, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var file = new IniFile(name);
        var lines = SplitLines(text.StartsWith('\uFEFF') ? text[1..] : text);
        for (var i = 0; i < lines.Count; i++)
        {
            var start = i + 1;
            var line = lines[i].TrimStart(_white);
            if (line.Length == 0 || line[0] is '#' or '!')
            {
                continue;
            }

            var logical = new StringBuilder(line);
            while (IsContinued(logical))
            {
                logical.Length--;
                if (i + 1 >= lines.Count || logical.Length == 0)
                {
                    // After a line of nothing but a backslash the next one begins anew: it may be a comment.
                    break;
                }

                logical.Append(lines[++i].TrimStart(_white));
            }

            if (logical.Length > 0)
            {
                file.Add(logical.ToString(), start);
            }
        }

        return file;
    }

    /// <summary>A key or value as it has to stand in a file to be read back.</summary>
    public static string Escape(string text, bool isKey)
    {
        ArgumentNullException.ThrowIfNull(text);
        var escaped = new StringBuilder(text.Length + 8);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            var separates = (isKey && c is ' ' or '=' or ':') || (i == 0 && c is ' ' or '#' or '!' or '=' or ':');
            _ = c switch
            {
                '\\' => escaped.Append(@"\\"),
                '\t' => escaped.Append(@"\t"),
                '\n' => escaped.Append(@"\n"),
                '\r' => escaped.Append(@"\r"),
                '\f' => escaped.Append(@"\u000c"),
                _ when separates => escaped.Append('\\').Append(c),
                _ => escaped.Append(c),
            };
        }

        return escaped.ToString();
    }

    private static readonly char[] _white = [' ', '\t', '\f'];

    private static IniFile Unreadable(string name, string words)
    {
        var file = new IniFile(name);
        file._complaints.Add(new Complaint(name, null, null, words));
        return file;
    }

    private static List<string> SplitLines(string text)
    {
        var lines = new List<string>();
        var rest = text.AsSpan();
        while (true)
        {
            var end = rest.IndexOfAny('\r', '\n');
            if (end < 0)
            {
                lines.Add(rest.ToString());
                return lines;
            }

            lines.Add(rest[..end].ToString());
            var isPair = rest[end] == '\r' && end + 1 < rest.Length && rest[end + 1] == '\n';
            rest = rest[(end + (isPair ? 2 : 1))..];
        }
    }

    private static bool IsContinued(StringBuilder line)
    {
        var backslashes = 0;
        while (backslashes < line.Length && line[line.Length - 1 - backslashes] == '\\')
        {
            backslashes++;
        }

        return backslashes % 2 == 1;
    }

    private void Add(string line, int number)
    {
        var keyEnd = 0;
        while (keyEnd < line.Length && line[keyEnd] is not (' ' or '\t' or '\f' or '=' or ':'))
        {
            keyEnd += line[keyEnd] == '\\' ? 2 : 1;
        }

        keyEnd = Math.Min(keyEnd, line.Length);
        var valueStart = keyEnd;
        var separated = false;
        while (valueStart < line.Length)
        {
            if (line[valueStart] is ' ' or '\t' or '\f')
            {
                valueStart++;
            }
            else if (!separated && line[valueStart] is '=' or ':')
            {
                separated = true;
                valueStart++;
            }
            else
            {
                break;
            }
        }

        if (Unescape(line[..keyEnd]) is { } key && Unescape(line[valueStart..]) is { } value)
        {
            _entries.Add(new IniEntry(key, value, number) { Raw = line[valueStart..] });
        }
        else
        {
            _malformed.Add(new IniEntry(line[..keyEnd], line[valueStart..], number));
            _complaints.Add(new Complaint(Name, number, line[..keyEnd], @"has a \u that is not followed by four hexadecimal digits. Write a backslash as \\."));
        }
    }

    /// <summary>The text with escapes resolved, or null if a <c>\u</c> is malformed.</summary>
    private static string? Unescape(string text)
    {
        if (!text.Contains('\\', StringComparison.Ordinal))
        {
            return text;
        }

        var plain = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\')
            {
                plain.Append(text[i]);
                continue;
            }

            if (++i == text.Length)
            {
                break;
            }

            if (text[i] == 'u')
            {
                if (i + 4 >= text.Length || !ushort.TryParse(text.AsSpan(i + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
                {
                    return null;
                }

                plain.Append((char)code);
                i += 4;
                continue;
            }

            plain.Append(text[i] switch { 't' => '\t', 'n' => '\n', 'r' => '\r', 'f' => '\f', var other => other });
        }

        return plain.ToString();
    }
}
