// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Tutti.Frame.Words;

namespace Tutti.Lui.DropIns;

/// <summary>
/// Puts drop-ins in the place of their tags: <c>[[Name]]</c> for those that people made, <c>[[*Name]]</c> or <c>{{*Name}}</c> for those of the system, which may
/// stand in the others too. What a drop-in holds is taken as it is: the merge language in it means nothing, since it is the same for all recipients.
/// </summary>
/// <param name="find">A drop-in by its exact name with its content; null for none.</param>
/// <param name="system">Values of the system's drop-ins, in the merge language.</param>
internal sealed partial class DropInText(Func<string, (DropIn DropIn, string Value, string? Problem)?> find, IReadOnlyDictionary<string, string> system)
{
    private const int MostDepth = 5;
    private const int MostCharacters = 2_000_000;

    private const int MostTags = 10_000;

    private readonly HashSet<DropInTrouble> _troubles = [];
    private long _written;
    private int _tags;

    /// <summary>What was found on the way, each once.</summary>
    public IReadOnlyList<DropInTrouble> Troubles => [.. _troubles];

    /// <summary>Whether a text may hold a tag at all.</summary>
    public static bool MayHold(string text) => text.Contains("[[", StringComparison.Ordinal) || SystemTag().IsMatch(text);

    /// <summary>Names of the drop-ins that a text asks for.</summary>
    public static IEnumerable<string> NamesIn(string text, bool isHtml) =>
        Tag().Matches(text).Select(tag => tag.Groups["name"].Value).Where(name => name.Length > 0).Select(name => isHtml ? WebUtility.HtmlDecode(name) : name);

    /// <summary>A part with its drop-ins.</summary>
    public string Expand(string text, bool isHtml) => MayHold(text) ? Expand(text, isHtml, isLiteral: false, []) : text;

    private string Expand(string text, bool isHtml, bool isLiteral, IReadOnlyList<string> within)
    {
        var result = new StringBuilder();
        var end = 0;
        foreach (Match tag in Tag().Matches(text))
        {
            Append(result, text[end..tag.Index], isLiteral);
            end = tag.Index + tag.Length;
            if (!TryReplace(tag, isHtml, within, out var value))
            {
                // The tag of the original's system drop-ins means nothing to the merge language; any other stays readable too.
                Append(result, tag.Value, isLiteral || tag.Groups["system"].Success);
            }
            else
            {
                result.Append(value);
            }
        }

        Append(result, text[end..], isLiteral);
        return result.ToString();
    }

    private bool TryReplace(Match tag, bool isHtml, IReadOnlyList<string> within, [NotNullWhen(true)] out string? value)
    {
        value = null;
        if (tag.Groups["system"] is { Success: true } name)
        {
            if (!system.TryGetValue(name.Value, out value))
            {
                _troubles.Add(new("*" + name.Value, SharedWords.Fill(DropInsWords.NoSystem, name.Value, string.Join(", ", system.Keys.Select(known => "*" + known))), Blocks: false));
                return false;
            }

            value = isHtml && !value.StartsWith("{{", StringComparison.Ordinal) ? Literal(WebUtility.HtmlEncode(value)) : value.StartsWith("{{", StringComparison.Ordinal) ? value : Literal(value);
            return true;
        }

        var asked = isHtml ? WebUtility.HtmlDecode(tag.Groups["name"].Value) : tag.Groups["name"].Value;
        if (find(asked) is not var (dropIn, content, problem))
        {
            _troubles.Add(new(asked, SharedWords.Fill(DropInsWords.Unknown, asked), Blocks: false));
            return false;
        }

        var trouble = !dropIn.IsEnabled ? new DropInTrouble(asked, SharedWords.Fill(DropInsWords.Disabled, asked), Blocks: false)
            : problem is not null ? new DropInTrouble(asked, SharedWords.Fill(DropInsWords.NotFetched, asked, problem), Blocks: true)
            : dropIn.IsHtml && !isHtml ? new DropInTrouble(asked, SharedWords.Fill(DropInsWords.HtmlInText, asked), Blocks: true)
            : ++_tags > MostTags || (_written += content.Length) > MostCharacters ? new DropInTrouble(asked, SharedWords.Fill(DropInsWords.TooLong, SharedWords.Number(MostCharacters)), Blocks: true)
            : within.Contains(asked, StringComparer.Ordinal) || within.Count >= MostDepth ? new DropInTrouble(asked, SharedWords.Fill(DropInsWords.TooDeep, asked), Blocks: true)
            : null;
        if (trouble is not null)
        {
            _troubles.Add(trouble);
            return false;
        }

        // Plain text in an HTML part: its tags are shown, its lines stay lines.
        var words = isHtml && !dropIn.IsHtml ? WebUtility.HtmlEncode(content).ReplaceLineEndings("<br>\n") : content;

        // What comes from elsewhere may not ask for drop-ins of ours.
        value = dropIn.IsFetched ? Literal(words) : Expand(words, isHtml, isLiteral: true, [.. within, asked]);
        return true;
    }

    private static void Append(StringBuilder result, string text, bool isLiteral) => result.Append(isLiteral ? Literal(text) : text);

    /// <summary>A text in which the merge language finds nothing.</summary>
    private static string Literal(string text) => Brace().Replace(text, "{% raw %}{{% endraw %}");

    [GeneratedRegex(@"\[\[\s*\*\s*(?<system>[A-Za-z]+)\s*\]\]|\{\{\s*\*\s*(?<system>[A-Za-z]+)\s*\}\}|\[\[[ \t]*(?<name>[^\[\]*\s][^\[\]\r\n]{0,79}?)[ \t]*\]\]", RegexOptions.CultureInvariant)]
    private static partial Regex Tag();

    [GeneratedRegex(@"\{\{\s*\*", RegexOptions.CultureInvariant)]
    private static partial Regex SystemTag();

    [GeneratedRegex(@"\{(?=[\{%])", RegexOptions.CultureInvariant)]
    private static partial Regex Brace();
}
