// SPDX-License-Identifier: Apache-2.0
using System.Text.RegularExpressions;
using MimeKit;
using MimeKit.Utils;

namespace Tutti.Mail.Inspection;

/// <summary>What a finished message is like for its reader.</summary>
/// <param name="Oddities">What is odd about it.</param>
/// <param name="HtmlSize">Bytes of its HTML, decoded; 0 if it has none.</param>
public sealed partial record MessageInspection(MessageOddities Oddities, int HtmlSize)
{
    /// <summary>Webmail of Google shows so many bytes of a message's HTML and hides the rest behind a link.</summary>
    public const int ClippedAbove = 102 * 1024;

    private const int LongestLine = 998;
    private static readonly string[] _remains = ["{{", "}}", "{%", "%}"];

    /// <summary>Looks at a message as it goes over the wire.</summary>
    /// <param name="message">CRLF line ends, no dot-stuffing.</param>
    public static MessageInspection Of(ReadOnlyMemory<byte> message)
    {
        var oddities = HasWrongLine(message.Span) ? MessageOddities.Malformed : MessageOddities.None;
        MimeMessage parsed;
        try
        {
            using var stream = new MemoryStream(message.ToArray(), writable: false);
            parsed = MimeMessage.Load(stream);
        }
        catch (FormatException)
        {
            return new(oddities | MessageOddities.Malformed, 0);
        }

        using (parsed)
        {
            return Of(parsed, oddities);
        }
    }

    private static MessageInspection Of(MimeMessage message, MessageOddities oddities)
    {
        var subject = message.Subject ?? "";
        var text = message.TextBody;
        var html = message.HtmlBody;
        var seen = html is null ? "" : Seen(html);
        if (string.IsNullOrWhiteSpace(subject))
        {
            oddities |= MessageOddities.EmptySubject;
        }

        if (string.IsNullOrWhiteSpace(text) && string.IsNullOrWhiteSpace(seen) && !HasPicture(html))
        {
            oddities |= MessageOddities.EmptyText;
        }
        else if (string.IsNullOrWhiteSpace(text))
        {
            oddities |= MessageOddities.NoPlainText;
        }

        if (Array.Exists(_remains, sign => Has(subject, sign) || Has(text, sign) || Has(seen, sign)))
        {
            oddities |= MessageOddities.TemplateRemains;
        }

        if ((html is not null && EmptyLink().IsMatch(html)) || !(Has(text, "://") || (html is not null && Link().IsMatch(html))))
        {
            oddities |= MessageOddities.MissingLink;
        }

        if (IsMalformed(message))
        {
            oddities |= MessageOddities.Malformed;
        }

        var size = html is null ? 0 : System.Text.Encoding.UTF8.GetByteCount(html);
        return new(size > ClippedAbove ? oddities | MessageOddities.Clipped : oddities, size);
    }

    /// <summary>RFC 5322 §2.1.1: no line beyond 998 bytes; §3.6: From and Date exactly once, Message-ID at most once and expected; RFC 2045 §5: every part has a type that can be read.</summary>
    private static bool IsMalformed(MimeMessage message) =>
        message.From.Count == 0
        || message.Headers.Count(header => header.Id == HeaderId.From) != 1
        || message.Headers.Count(header => header.Id == HeaderId.Date) != 1
        || !DateUtils.TryParse(message.Headers[HeaderId.Date] ?? "", out _)
        || message.Headers.Count(header => header.Id == HeaderId.MessageId) != 1
        || message.Body is null
        || message.Body is Multipart { Count: 0 }
        || message.BodyParts.Any(part => part is Multipart { Count: 0 } or MessagePart { Message: null });

    private static bool HasWrongLine(ReadOnlySpan<byte> message)
    {
        var inHeader = true;
        while (message.Length > 0)
        {
            var end = message.IndexOf("\r\n"u8);
            var line = end < 0 ? message : message[..end];
            if (line.Length > LongestLine || (inHeader && line.ContainsAnyExceptInRange((byte)9, (byte)126)))
            {
                return true;
            }

            inHeader &= line.Length > 0;
            message = end < 0 ? [] : message[(end + 2)..];
        }

        return false;
    }

    private static bool HasPicture(string? html) => html is not null && Image().Matches(html).Any(image => !Dot().IsMatch(image.Value));

    private static bool Has(string? text, string sign) => text is not null && text.Contains(sign, StringComparison.Ordinal);

    private static string Seen(string html) => Tag().Replace(Unseen().Replace(html, " "), " ").Replace("&nbsp;", " ", StringComparison.OrdinalIgnoreCase);

    // Styles and scripts hold braces of their own and comments are not shown.
    [GeneratedRegex("<(style|script|title)\\b.*?</\\1\\s*>|<!--.*?-->", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex Unseen();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();

    [GeneratedRegex("<img\\b[^>]*>", RegexOptions.IgnoreCase)]
    private static partial Regex Image();

    // What counts openings, not what is looked at.
    [GeneratedRegex("\\b(width|height)\\s*=\\s*[\"']?[01]\\b", RegexOptions.IgnoreCase)]
    private static partial Regex Dot();

    [GeneratedRegex("<a\\b[^>]*\\bhref\\s*=\\s*(\"\\s*#?\\s*\"|'\\s*#?\\s*')", RegexOptions.IgnoreCase)]
    private static partial Regex EmptyLink();

    [GeneratedRegex("<a\\b[^>]*\\bhref\\s*=\\s*[\"']?\\s*(https?:|mailto:)", RegexOptions.IgnoreCase)]
    private static partial Regex Link();
}
