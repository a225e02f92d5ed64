// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Lui.Senders;

/// <summary>Headers that a sender adds to messages, as people write them: a line each, <c>Name: text</c>.</summary>
internal static class SenderHeaders
{
    /// <summary>Name and text of each line; empty lines are passed over.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Read(string? lines) =>
        [.. (lines ?? "").ReplaceLineEndings("\n").Split('\n').Where(line => !string.IsNullOrWhiteSpace(line)).Select(Of)];

    private static KeyValuePair<string, string> Of(string line) => line.IndexOf(':', StringComparison.Ordinal) is >= 0 and var colon
        ? new(line[..colon].Trim(), line[(colon + 1)..].Trim())
        : new(line.Trim(), "");
}
