// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Tutti.Mail.Listserv;

/// <summary>The header of a list: lines that begin with an asterisk, the first of them the title.</summary>
public sealed class ListHeader
{
    private const int LongestLine = 100;

    private ListHeader(IReadOnlyList<string> lines) => Lines = lines;

    /// <summary>The lines with their asterisks, without blanks at their ends.</summary>
    public IReadOnlyList<string> Lines { get; }

    /// <summary>Reads an answer to <c>GET list (MSG NOLOCK HDR</c>.</summary>
    /// <param name="lines">The answer.</param>
    /// <param name="header">The header; null if the answer is a sentence, which then says why.</param>
    public static bool TryRead(IReadOnlyList<string> lines, [NotNullWhen(true)] out ListHeader? header)
    {
        ArgumentNullException.ThrowIfNull(lines);
        var found = lines.Where(line => line.StartsWith('*')).Select(line => line.TrimEnd()).ToList();
        header = found.Count > 0 && lines.First(line => line.Length > 0).StartsWith('*') ? new ListHeader(found) : null;
        return header is not null;
    }

    /// <summary>The one-line command that stores this header.</summary>
    /// <param name="list">Name of the list.</param>
    /// <param name="command">The command without its password.</param>
    /// <param name="problem">In words, why there is none.</param>
    public bool TryStore(string list, [NotNullWhen(true)] out string? command, [NotNullWhen(false)] out string? problem)
    {
        (command, problem) = (null, null);
        if (Lines.FirstOrDefault(line => !Ascii.IsValid(line) || line.AsSpan().ContainsAnyInRange('\0', '\x1f')) is { } foreign)
        {
            // Whether LISTSERV counts bytes or characters is not documented; with ASCII they are the same.
            problem = $"'{foreign}' has characters beyond ASCII; a header is stored in ASCII only.";
            return false;
        }

        if (Lines.FirstOrDefault(line => line.Length > LongestLine) is { } tooLong)
        {
            problem = $"'{tooLong[..40]}…' is longer than {LongestLine} characters.";
            return false;
        }

        var text = new StringBuilder("X-STL ").Append(list).Append(' ');
        foreach (var line in Lines)
        {
            text.Append(CultureInfo.InvariantCulture, $"{line.Length}_{line}");
        }

        command = text.ToString();
        return true;
    }
}
