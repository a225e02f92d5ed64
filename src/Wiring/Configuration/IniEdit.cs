// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Wiring.Configuration;

/// <summary>Changes single entries of an ini file; every other line, comments too, stays as it is.</summary>
public static class IniEdit
{
    /// <summary>The text with one value changed, in place of the old one or at the end.</summary>
    /// <param name="text">The file.</param>
    /// <param name="key">The key, as it is read.</param>
    /// <param name="value">The value, as it is to be read.</param>
    public static string Set(string text, string key, string value)
    {
        ArgumentNullException.ThrowIfNull(text);
        var entries = IniFile.Parse("", text).Entries.Where(entry => entry.Key == key).ToList();
        var written = $"{IniFile.Escape(key, isKey: true)}={IniFile.Escape(value, isKey: false)}";
        var lines = text.ReplaceLineEndings("\n").Split('\n').ToList();
        if (entries.Count == 0)
        {
            var end = lines[^1].Length == 0 ? lines.Count - 1 : lines.Count;
            lines.Insert(end, written);
            if (end > 0 && IsContinued(lines[end - 1]))
            {
                // Otherwise the new entry would continue that one.
                lines.Insert(end, "");
            }

            return string.Join('\n', lines).TrimEnd('\n') + "\n";
        }

        // From the end, so that the numbers of earlier lines stay true; the last one counts and is the one that is kept.
        for (var number = entries.Count - 1; number >= 0; number--)
        {
            var first = entries[number].Line - 1;
            var last = first;
            while (last + 1 < lines.Count && IsContinued(lines[last]))
            {
                last++;
            }

            lines.RemoveRange(first, last - first + 1);
            if (number == entries.Count - 1)
            {
                lines.Insert(first, written);
            }
        }

        return string.Join('\n', lines);
    }

    /// <summary>The text without a key.</summary>
    /// <param name="text">The file.</param>
    /// <param name="key">The key, as it is read.</param>
    public static string Remove(string text, string key)
    {
        ArgumentNullException.ThrowIfNull(text);
        var lines = text.ReplaceLineEndings("\n").Split('\n').ToList();
        foreach (var entry in IniFile.Parse("", text).Entries.Where(entry => entry.Key == key).OrderByDescending(entry => entry.Line))
        {
            var last = entry.Line - 1;
            while (last + 1 < lines.Count && IsContinued(lines[last]))
            {
                last++;
            }

            lines.RemoveRange(entry.Line - 1, last - entry.Line + 2);
        }

        return string.Join('\n', lines);
    }

    private static bool IsContinued(string line) => (line.Length - line.TrimEnd('\\').Length) % 2 == 1;
}
