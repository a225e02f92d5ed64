// SPDX-License-Identifier: Apache-2.0
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Tutti.Architecture.Tests.Words;

/// <summary>A file of words: XWords.resx, or XWords.de.resx for another language.</summary>
internal sealed partial record WordFile(string Path, string Class, string Language, IReadOnlyDictionary<string, string> Texts)
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<WordFile> All { get; } = [.. Tree.Files("src", ".resx").Select(Read)];

    /// <summary>The texts in the language of the house, by class and key: "JobsWords.Title".</summary>
    public static IReadOnlyDictionary<string, string> Own { get; } = All
        .Where(file => file.Language.Length == 0)
        .SelectMany(file => file.Texts.Select(text => (Key: $"{file.Class}.{text.Key}", text.Value)))
        .GroupBy(text => text.Key)
        .ToDictionary(texts => texts.Key, texts => texts.First().Value);

    /// <summary>How many values a text takes: one more than its highest place.</summary>
    public static int PlacesOf(string text) =>
        Place().Matches(text.Replace("{{", "", StringComparison.Ordinal)).Select(match => int.Parse(match.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture) + 1).DefaultIfEmpty(0).Max();

    /// <summary>The places of a text in order, each once.</summary>
    public static IReadOnlyList<string> Places(string text) => [.. Place().Matches(text).Select(match => match.Value).Distinct().Order(StringComparer.Ordinal)];

    private static WordFile Read(string path)
    {
        var parts = System.IO.Path.GetFileNameWithoutExtension(path).Split('.', 2);
        var texts = XDocument.Parse(Tree.Text(path)).Root!.Elements("data").ToDictionary(data => data.Attribute("name")!.Value, data => data.Element("value")!.Value);
        return new WordFile(path, parts[0], parts.Length > 1 ? parts[1] : "", texts);
    }

    [GeneratedRegex(@"\{(\d)\}")]
    private static partial Regex Place();
}
