// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;

namespace Tutti.Mail.TextParts;

/// <summary>
/// Makes the source of a text part from the source of an HTML part. Liquid stays where it is, so that fields, conditions and loops do the same in both.
/// The same source always gives the same text.
/// </summary>
public static class TextFromHtml
{
    private const int LongestRule = 60;

    private static readonly HashSet<string> _skipped = ["head", "style", "script", "title", "template", "select", "object", "noembed", "xmp", "svg", "math"];
    private static readonly HashSet<string> _empty =
        ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"];

    private static readonly HashSet<string> _paragraphs = ["p", "blockquote", "pre", "ul", "ol", "dl", "table", "h1", "h2", "h3", "h4", "h5", "h6", "figure", "form", "fieldset"];
    private static readonly HashSet<string> _blocks =
    [
        "div", "section", "article", "header", "footer", "main", "nav", "aside", "center", "address", "li", "dt", "dd", "tr", "caption", "thead", "tbody", "tfoot",
        "figcaption", "body", "html",
    ];

    /// <summary>Makes the text.</summary>
    public static string Convert(string html)
    {
        ArgumentNullException.ThrowIfNull(html);
        var conversion = new Conversion();
        foreach (var token in new HtmlTokens(html.ReplaceLineEndings("\n")).Read())
        {
            conversion.Take(token);
        }

        return conversion.End();
    }

    private sealed class Conversion
    {
        private readonly TextFlow _flow = new();
        private readonly Stack<(string Name, int Number)> _lists = new();
        private readonly Stack<bool> _tables = new();
        private string? _target;
        private string? _hidden;
        private int _hiddenDepth;
        private bool _verbatim;
        private int _loops;
        private StringBuilder? _label;

        public string End()
        {
            EndLink();
            return _flow.End().Trim('\n', ' ') is { Length: > 0 } text ? text + "\n" : "";
        }

        public void Take(HtmlToken token)
        {
            switch (token)
            {
                // What sets or decides something stays even where nothing is shown, or an end would have no beginning.
                case HtmlToken.Liquid liquid when _hidden is null || IsTag(liquid.Source):
                    Liquid(liquid.Source);
                    break;
                case HtmlToken.Words words when _hidden is null:
                    Words(words.Text);
                    break;
                case HtmlToken.Open open:
                    Open(open);
                    break;
                case HtmlToken.Close close:
                    Close(close.Name);
                    break;
            }
        }

        private void Liquid(string source)
        {
            _loops += TextFlow.NameOf(source) switch { "for" => 1, "endfor" => -1, _ => 0 };
            _label?.Append(source);
            _flow.Liquid(source);
        }

        private static bool IsTag(string liquid) => liquid.StartsWith("{%", StringComparison.Ordinal);

        private void Words(string text)
        {
            _label?.Append(text);
            if (_verbatim)
            {
                _flow.Verbatim(text);
            }
            else
            {
                _flow.Words(text);
            }
        }

        private void Open(HtmlToken.Open open)
        {
            if (_hidden is not null)
            {
                _hiddenDepth += open.Name == _hidden && !_empty.Contains(open.Name) ? 1 : 0;
                return;
            }

            if (!_empty.Contains(open.Name) && (_skipped.Contains(open.Name) || IsHidden(open)))
            {
                (_hidden, _hiddenDepth) = (open.Name, 1);
                return;
            }

            Begin(open);
        }

        private void Begin(HtmlToken.Open open)
        {
            Gap(open.Name);
            switch (open.Name)
            {
                case "br":
                    _flow.NewLine();
                    break;
                case "hr":
                    _flow.Break(2);
                    _flow.Put(new string('-', LongestRule));
                    _flow.Break(2);
                    break;
                case "img" when open.Attributes.TryGetValue("alt", out var alt) && alt.Trim().Length > 0:
                    Words($" {alt.Trim()} ");
                    break;
                case "pre":
                    _verbatim = true;
                    break;
                case "ul" or "ol":
                    _lists.Push((open.Name, 0));
                    break;
                case "li":
                    Item();
                    break;
                case "table":
                    _tables.Push(open.Attributes.TryGetValue("role", out var role) && role is "presentation" or "none");
                    break;
                case "td" or "th":
                    Cell();
                    break;
                case "blockquote":
                    _flow.Indent += "  ";
                    break;
                case "a" when open.Attributes.TryGetValue("href", out var target) && IsWorthSaying(target):
                    EndLink();
                    (_target, _label) = (target.Trim(), new StringBuilder());
                    break;
            }
        }

        private void Close(string name)
        {
            if (_hidden is not null)
            {
                _hiddenDepth -= name == _hidden ? 1 : 0;
                _hidden = _hiddenDepth > 0 ? _hidden : null;
                return;
            }

            switch (name)
            {
                case "a":
                    EndLink();
                    break;
                case "h1" or "h2" when !_flow.IsAtStart:
                    var rule = new string(name == "h1" ? '=' : '-', Math.Clamp(_flow.Width, 3, LongestRule));
                    _flow.Break();
                    _flow.Put(rule);
                    break;
                case "pre":
                    _verbatim = false;
                    break;
                case "ul" or "ol" when _lists.Count > 0:
                    _lists.Pop();
                    _flow.Indent = Indentation();
                    break;
                case "blockquote":
                    _flow.Indent = _flow.Indent.Length >= 2 ? _flow.Indent[2..] : "";
                    break;
                case "table" when _tables.Count > 0:
                    _tables.Pop();
                    break;
            }

            Gap(name);
        }

        private void Gap(string name)
        {
            // A list in an item, and a table of a layout, are no paragraphs of their own.
            var lines = _paragraphs.Contains(name) ? (name is "ul" or "ol" && _lists.Count > 0) || (name is "p" && _lists.Count > 0) ? 1 : 2 : _blocks.Contains(name) ? 1 : 0;
            if (lines > 0)
            {
                _flow.Break(lines);
            }
        }

        private void Item()
        {
            var (list, number) = _lists.Count > 0 ? _lists.Pop() : ("ul", 0);
            _lists.Push((list, number + 1));
            _flow.Indent = Indentation(less: 1);

            // In a loop the same item comes again and again: a number would be the same, too.
            _flow.Mark(list == "ol" && _loops == 0 ? string.Create(CultureInfo.InvariantCulture, $"{number + 1}. ") : "- ");
            _flow.Indent = Indentation();
        }

        private string Indentation(int less = 0) => new(' ', 2 * Math.Max(0, _lists.Count - less));

        private void Cell()
        {
            if (_tables.Count > 0 && _tables.Peek())
            {
                _flow.Break();
            }
            else
            {
                _flow.Separate(" | ");
            }
        }

        private void EndLink()
        {
            if (_target is not { } target)
            {
                return;
            }

            var said = string.Join(' ', _label!.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
            (_target, _label) = (null, null);
            if (said == target || "mailto:" + said == target || "tel:" + said == target || string.Equals("https://" + said, target.TrimEnd('/'), StringComparison.OrdinalIgnoreCase))
            {
                return;
            }

            _flow.Attach(said.Length == 0 ? target : $" <{target}>");
        }

        private static bool IsWorthSaying(string target) =>
            target.Trim() is { Length: > 0 } written && !written.StartsWith('#') && !written.StartsWith("javascript:", StringComparison.OrdinalIgnoreCase);

        private static bool IsHidden(HtmlToken.Open open) =>
            open.Attributes.ContainsKey("hidden")
            || (open.Attributes.TryGetValue("style", out var style)
                && style.Replace(" ", "", StringComparison.Ordinal).Contains("display:none", StringComparison.OrdinalIgnoreCase));
    }
}
