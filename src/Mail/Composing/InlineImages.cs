// SPDX-License-Identifier: Apache-2.0
using System.Text.RegularExpressions;

namespace Tutti.Mail.Composing;

/// <summary>Ties the images that an HTML part shows by "cid:" to the files that travel with the message (RFC 2392).</summary>
internal sealed partial class InlineImages(IReadOnlyList<MessageFile> files)
{
    private readonly Dictionary<string, MessageFile> _named = files
        .Where(file => file.ContentId is not null).GroupBy(file => file.ContentId!, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.First(), StringComparer.Ordinal);

    private readonly HashSet<MessageFile> _used = [];
    private readonly List<string> _missing = [];

    /// <summary>The images that are shown, in the order of the files.</summary>
    public IReadOnlyList<MessageFile> Used => [.. files.Where(_used.Contains)];

    /// <summary>Names that no file has, each once.</summary>
    public IReadOnlyList<string> Missing => _missing;

    /// <summary>The source with the identifiers that the parts have in the message.</summary>
    public string Place(string html) => Reference().Replace(html, found =>
    {
        var name = found.Groups["name"].Value;
        if (_named.TryGetValue(name, out var file))
        {
            _used.Add(file);
            return "cid:" + file.PartId;
        }

        if (!_missing.Contains(name, StringComparer.Ordinal))
        {
            _missing.Add(name);
        }

        return found.Value;
    });

    // Where an address can stand: behind a quote, a bracket or an equals sign.
    [GeneratedRegex("(?<=[\"'(=]\\s*)cid:(?<name>[A-Za-z0-9._@+%-]+)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Reference();
}
