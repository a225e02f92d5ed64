// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Tutti.Mail.Merging;

namespace Tutti.Lui.Content.Translating;

/// <summary>
/// Translates messages written for LISTSERV's merge language into Liquid: fields (<c>&amp;NAME;</c>), blocks (<c>.BB</c>, <c>.ELSE</c>, <c>.EB</c>), comments (<c>.*</c>)
/// and the drop-ins of the system that have a field here. Nothing is guessed: what has no counterpart stays and is listed.
/// </summary>
internal sealed partial class Translate
{
    private static readonly Dictionary<string, string> _systemFields = new(StringComparer.OrdinalIgnoreCase) { ["*TO"] = SystemFields.Address, ["*NAME"] = SystemFields.Name };
    private static readonly Dictionary<string, string> _dropIns = new(StringComparer.Ordinal) { ["*UnsubscribeURL"] = SystemFields.UnsubscribeUrl };

    private readonly IReadOnlySet<string> _columns;
    private readonly List<Untranslated> _left = [];
    private int _changes;
    private int _line = 1;

    private Translate(IReadOnlySet<string> columns) => _columns = columns;

    /// <summary>Translates a text.</summary>
    /// <param name="text">Subject, HTML or text part.</param>
    /// <param name="columns">The recipients' columns: a name among them is a field even where HTML has an entity of that name.</param>
    public static Translation Of(string text, IEnumerable<string> columns) => new Translate(columns.ToHashSet(StringComparer.OrdinalIgnoreCase)).Run(text);

    private Translation Run(string text)
    {
        var result = new StringBuilder(text.Length + 64);
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        var sound = Pairs(lines);
        for (var i = 0; i < lines.Length; i++)
        {
            var written = lines[i];
            var line = Directive().Match(written) is { Success: true } directive ? Block(directive, written, sound.Contains(i)) : Fields(written);
            result.Append(line);

            // A directive's own line is none of the message, nor is a comment.
            if (line is not null && i + 1 < lines.Length && !(line != written && Directive().IsMatch(written)))
            {
                result.Append('\n');
                _line++;
            }
        }

        return new Translation(result.ToString(), _changes, _left);
    }

    /// <summary>The lines of blocks that are whole and whose condition can be translated; the others stay with all their lines.</summary>
    private static HashSet<int> Pairs(string[] lines)
    {
        var (sound, open) = (new HashSet<int>(), new Stack<List<int>>());
        for (var i = 0; i < lines.Length; i++)
        {
            if (Directive().Match(lines[i]) is not { Success: true } directive)
            {
                continue;
            }

            switch (NameOf(directive))
            {
                case "BB":
                    open.Push([i]);
                    break;
                case "ELSE" when open.Count > 0:
                    open.Peek().Add(i);
                    break;
                case "EB" when open.Count > 0:
                    var block = open.Pop();
                    block.Add(i);
                    if (block.Count <= 3 && Condition.TryTranslate(Directive().Match(lines[block[0]]).Groups["rest"].Value, NameOfField, out _))
                    {
                        sound.UnionWith(block);
                    }

                    break;
            }
        }

        return sound;
    }

    /// <summary>A line of Liquid in the place of a directive; null for a comment.</summary>
    private string? Block(Match directive, string written, bool isSound)
    {
        var name = NameOf(directive);
        if (name == "*")
        {
            _changes++;
            return null;
        }

        if (!isSound)
        {
            _left.Add(new Untranslated(_line, written.Trim(), name == "BB" ? ContentWords.ConditionLeft : ContentWords.BlockLeft));
            return written;
        }

        _changes++;
        return name switch
        {
            "BB" => Condition.TryTranslate(directive.Groups["rest"].Value, NameOfField, out var condition) ? $"{{% if {condition} %}}" : written,
            "ELSE" => "{% else %}",
            _ => "{% endif %}",
        };
    }

    private string Fields(string line)
    {
        line = Field().Replace(line, match =>
        {
            var name = match.Groups[1].Value;
            if (_systemFields.TryGetValue(name, out var known))
            {
                return Changed(known);
            }

            if (name.StartsWith('*'))
            {
                _left.Add(new Untranslated(_line, match.Value, ContentWords.FieldLeft));
                return match.Value;
            }

            // HTML has entities that look like fields; a column of that name makes it one.
            return _columns.Contains(name) || WebUtility.HtmlDecode(match.Value) == match.Value ? Changed(MergeFields.IdentifierOf(name)) : match.Value;
        });
        return DropIn().Replace(line, match =>
        {
            var name = string.Concat(match.Groups[1].Value.Where(c => !char.IsWhiteSpace(c)));
            if (_dropIns.TryGetValue(name, out var known))
            {
                return Changed(known);
            }

            _left.Add(new Untranslated(_line, match.Value, ContentWords.FieldLeft));
            return match.Value;
        });
    }

    private string Changed(string field)
    {
        _changes++;
        return $"{{{{ {field} }}}}";
    }

    private static string NameOfField(string name) => _systemFields.TryGetValue(name, out var known) ? known : MergeFields.IdentifierOf(name);

    private static string NameOf(Match directive) => directive.Groups["name"].Value.ToUpperInvariant();

    [GeneratedRegex(@"^\.(?:(?<name>\*)(?<rest>.*)|(?<name>BB|ELSE|EB)(?:[ \t]+(?<rest>.*))?[ \t]*)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Directive();

    [GeneratedRegex(@"&(\*?[A-Za-z_][A-Za-z0-9_]*);", RegexOptions.CultureInvariant)]
    private static partial Regex Field();

    [GeneratedRegex(@"\{\{\s*(\*[A-Za-z\s]+)\}\}", RegexOptions.CultureInvariant)]
    private static partial Regex DropIn();
}
