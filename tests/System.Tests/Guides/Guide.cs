// SPDX-License-Identifier: Apache-2.0
using System.Text.RegularExpressions;
using Tutti.System.Tests.Running;

namespace Tutti.System.Tests.Guides;

/// <summary>A command block of a guide, and the host that it says it is for.</summary>
internal sealed record GuideBlock(string Host, string Commands);

/// <summary>A guide for administrators, read for the commands in it.</summary>
internal sealed partial class Guide
{
    private readonly string _text;

    private Guide(string text) => _text = text;

    /// <summary>A file of <c>docs/admin</c>.</summary>
    public static Guide Read(string name) => new(File.ReadAllText(Path.Combine(Executable.Checkout, "docs", "admin", name)));

    /// <summary>The guides there are.</summary>
    public static IReadOnlyList<string> Names => [.. Directory.GetFiles(Path.Combine(Executable.Checkout, "docs", "admin"), "*.md").Select(path => Path.GetFileName(path)).Order()];

    public string Text => _text;

    /// <summary>The blocks below a heading, up to the next one of its level.</summary>
    public IReadOnlyList<GuideBlock> Below(string heading)
    {
        var start = _text.IndexOf(heading + "\n", StringComparison.Ordinal);
        Assert.True(start >= 0, $"The guide has no heading '{heading}'.");
        var end = _text.IndexOf("\n## ", start + heading.Length, StringComparison.Ordinal);
        return [.. Block().Matches(_text[start..(end < 0 ? _text.Length : end)]).Select(match => new GuideBlock(match.Groups[1].Value, match.Groups[2].Value))];
    }

    [GeneratedRegex("```sh on=([a-z]+)\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();
}
