// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tutti.Mail.Links;

namespace Tutti.Mail.TextParts;

/// <summary>Puts the line that inboxes show behind the subject into an HTML part, where readers do not see it.</summary>
internal static class Preheader
{
    // Inboxes go on with the words of the message where the line is short: blanks of no width keep them away.
    private const int Padding = 80;

    private const string Style = "display:none;max-height:0;max-width:0;overflow:hidden;opacity:0;mso-hide:all;font-size:1px;line-height:1px;color:transparent";

    /// <summary>The part with the line behind its body tag, or at its beginning.</summary>
    public static string Insert(string html, string preheader) => preheader.Length == 0 ? html : html.Insert(BehindBody(html), Markup(preheader));

    private static string Markup(string preheader)
    {
        var markup = new StringBuilder($"<div style=\"{Style}\">");
        for (var position = 0; position < preheader.Length;)
        {
            var start = position;
            if (LiquidSkipper.TrySkip(preheader, ref position))
            {
                markup.Append(preheader, start, position - start);
            }
            else
            {
                markup.Append(preheader[position++] switch { '&' => "&amp;", '<' => "&lt;", '>' => "&gt;", '"' => "&quot;", var c => c.ToString() });
            }
        }

        return markup.Insert(markup.Length, "&#847;&zwnj;&nbsp;", Padding).Append("</div>").ToString();
    }

    private static int BehindBody(string html)
    {
        for (var position = 0; position < html.Length;)
        {
            if (LiquidSkipper.TrySkip(html, ref position))
            {
                continue;
            }

            var rest = html.AsSpan(position);
            if (rest.StartsWith("<!--", StringComparison.Ordinal))
            {
                position = html.IndexOf("-->", position, StringComparison.Ordinal) is var end and >= 0 ? end + 3 : html.Length;
            }
            else if (rest.StartsWith("<body", StringComparison.OrdinalIgnoreCase) && rest.Length > 5 && (char.IsWhiteSpace(rest[5]) || rest[5] == '>'))
            {
                return EndOfTag(html, position);
            }
            else
            {
                position++;
            }
        }

        return 0;
    }

    private static int EndOfTag(string html, int position)
    {
        var quote = '\0';
        while (position < html.Length)
        {
            if (LiquidSkipper.TrySkip(html, ref position))
            {
                continue;
            }

            var c = html[position++];
            if (c == '>' && quote == '\0')
            {
                return position;
            }

            quote = c is '"' or '\'' && (quote == '\0' || quote == c) ? (quote == c ? '\0' : c) : quote;
        }

        return 0;
    }
}
