// SPDX-License-Identifier: Apache-2.0
using System.Text;
using System.Text.RegularExpressions;

namespace Tutti.Architecture.Tests.Words;

/// <summary>Finds what stands in a page as words of a human language, not as markup or code.</summary>
internal static partial class PageText
{
    // Names, which are the same in every language.
    private static readonly string[] _names = ["Escape", "Tutti", "openapi.json"];

    /// <summary>Words between tags, in attributes that people see or hear, and in strings of the code.</summary>
    public static IEnumerable<string> In(string razor)
    {
        var source = Comment().Replace(razor, "");
        var end = source.IndexOf("@code {", StringComparison.Ordinal);
        var (markup, code) = end < 0 ? (source, "") : (source[..end], source[end..]);
        var bare = WithoutExpressions(markup, out var expressions);
        return Attribute().Matches(bare).Select(match => match.Groups[2].Value).Where(value => Word().IsMatch(value))
            .Concat(BetweenTags(bare))
            .Concat(InStrings(expressions))
            .Concat(InStrings(code));
    }

    /// <summary>Strings of C# that read like words.</summary>
    public static IEnumerable<string> InStrings(string code) =>
        from match in Literal().Matches(LineComment().Replace(code, ""))
        let words = match.Groups[1].Value
        where Sentence().IsMatch(words) || (Capital().IsMatch(words) && !_names.Contains(words))
        select words;

    private static IEnumerable<string> BetweenTags(string bare) => Tag().Replace(bare, "\n").Split('\n')
        .Select(line => line.Trim())
        .Where(line => line.Length > 0 && line[0] != '@' && line[^1] is not (';' or '{' or '}') && !Statement().IsMatch(line))
        .Where(line => Word().IsMatch(line) && !_names.Contains(line));

    // Takes "@name.Of(…)" and "@(…)" out of the markup, and the heads of @if, @foreach and their like.
    private static string WithoutExpressions(string markup, out string expressions)
    {
        var (bare, taken) = (new StringBuilder(), new StringBuilder());
        for (var at = 0; at < markup.Length; at++)
        {
            if (markup[at] != '@')
            {
                var keyword = Else().Match(markup, at);
                at = keyword.Success ? Calls.Close(markup, at + keyword.Length) : at;
                bare.Append(keyword.Success ? '\n' : markup[at]);
                continue;
            }

            var start = at;
            at += Name().Match(markup, at + 1) is { Success: true } name ? name.Length : 0;
            while (Open().Match(markup, at + 1) is { Success: true } open && (open.Length == 1 || Block().IsMatch(markup[start..(at + 1)])))
            {
                at = Calls.Close(markup, at + 1 + open.Length);
                at += Chain().Match(markup, at + 1) is { Success: true } chain ? chain.Length : 0;
            }

            taken.Append(markup, start, at + 1 - start).Append('\n');
            bare.Append(Directive().IsMatch(markup[start..(at + 1)]) ? markup[start..(at + 1)] : "");
        }

        expressions = taken.ToString();
        return bare.ToString();
    }

    [GeneratedRegex(@"@\*.*?\*@", RegexOptions.Singleline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"^\s*//.*$", RegexOptions.Multiline)]
    private static partial Regex LineComment();

    [GeneratedRegex("""\b(Title|Label|Hint|Text|Lead|Yes|Crumb|Error|NameA|NameB|To|alt|title|placeholder|aria-label|aria-description)="([^"]*)"(?=[\s/>])""")]
    private static partial Regex Attribute();

    [GeneratedRegex("""<[/!]?[A-Za-z][^<>"]*("[^"]*"[^<>"]*)*>""")]
    private static partial Regex Tag();

    [GeneratedRegex(@"\p{L}{2,}")]
    private static partial Regex Word();

    [GeneratedRegex("\"((?:[^\"\\\\\r\n]|\\\\.)*)\"")]
    private static partial Regex Literal();

    // Two words with a blank between, the second in small letters; no classes of the style sheet, no tags, no paths, no formats of dates.
    [GeneratedRegex(@"^(?!t-|<|\w+/|.*yyyy)(?=.*\p{L}{2,}[^:;=]*[ ,.]+\p{Ll}{2,})(?=.* ).*$")]
    private static partial Regex Sentence();

    [GeneratedRegex(@"^\p{Lu}\p{Ll}+[.…?]?$")]
    private static partial Regex Capital();

    [GeneratedRegex(@"^(else|do|try|finally|default:|case .*:|break)\b")]
    private static partial Regex Statement();

    [GeneratedRegex(@"\G(?<![\w])(else\s+if|if|foreach|for|while|switch)\s*\(")]
    private static partial Regex Else();

    [GeneratedRegex(@"\G[\w.?!:]*[\w]")]
    private static partial Regex Name();

    [GeneratedRegex(@"\G[.?!][\w.?!]*\w")]
    private static partial Regex Chain();

    [GeneratedRegex(@"\G\s*[(\[]")]
    private static partial Regex Open();

    [GeneratedRegex(@"^@(if|foreach|for|while|switch|lock)$")]
    private static partial Regex Block();

    [GeneratedRegex(@"^@(page|inherits|using|attribute|layout|implements|inject|rendermode|namespace|typeparam)$")]
    private static partial Regex Directive();
}
