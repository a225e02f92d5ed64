// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Mail.Links;

/// <summary>The text of a script element as browsers bound it (HTML Standard, 13.2.5.4 to 13.2.5.31): inside "&lt;!--" a nested script hides one closing tag.</summary>
internal static class ScriptText
{
    private const string Opening = "<script";
    private const string Closing = "</script";

    /// <summary>Where the closing tag begins that ends a script's text; the end of the source where there is none.</summary>
    public static int End(string source, int from)
    {
        var inComment = false;
        var inNested = false;
        for (var at = from; at < source.Length; at++)
        {
            var rest = source.AsSpan(at);
            if (!inComment && rest.StartsWith("<!--", StringComparison.Ordinal))
            {
                inComment = true;

                // Its dashes may be the closing ones already: "<!-->".
                at++;
            }
            else if (inComment && rest.StartsWith("-->", StringComparison.Ordinal))
            {
                inComment = inNested = false;
                at += 2;
            }
            else if (StartsTag(source, at, Closing))
            {
                if (!inNested)
                {
                    return at;
                }

                inNested = false;
            }
            else if (inComment && StartsTag(source, at, Opening))
            {
                inNested = true;
            }
        }

        return source.Length;
    }

    /// <summary>Whether a tag's name is over at a position: blank, slash or closing bracket, or nothing more to come.</summary>
    public static bool EndsName(string source, int position) => position >= source.Length || char.IsWhiteSpace(source[position]) || source[position] is '/' or '>';

    private static bool StartsTag(string source, int position, string tag)
        => source.AsSpan(position).StartsWith(tag, StringComparison.OrdinalIgnoreCase) && EndsName(source, position + tag.Length);
}
