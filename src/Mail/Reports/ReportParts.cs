// SPDX-License-Identifier: Apache-2.0
using System.Text;
using MimeKit;
using MimeKit.Text;

namespace Tutti.Mail.Reports;

/// <summary>The parts of a message that came back, told apart: what is said about it, and the message it is about.</summary>
internal sealed class ReportParts
{
    private const int MostText = 64 * 1024;
    private const int MostParts = 200;

    private readonly StringBuilder _text = new();

    private ReportParts(MimeMessage message) => Message = message;

    /// <summary>The whole.</summary>
    public MimeMessage Message { get; }

    /// <summary>The readable text outside of the returned message, at most 64 KiB.</summary>
    public string Text => _text.ToString();

    /// <summary>Groups of fields of a delivery status (RFC 3464, RFC 6533); null without one.</summary>
    public List<HeaderList>? DeliveryStatus { get; private set; }

    /// <summary>Fields of a feedback report (RFC 5965); null without one.</summary>
    public HeaderList? Feedback { get; private set; }

    /// <summary>True if it is about the reading of a message (RFC 8098).</summary>
    public bool IsDisposition { get; private set; }

    /// <summary>Headers of the returned message; null if nothing of it came back as a part.</summary>
    public HeaderList? Returned { get; private set; }

    /// <summary>Takes a message apart.</summary>
    public static ReportParts Of(MimeMessage message)
    {
        var parts = new ReportParts(message);
        var left = MostParts;
        parts.Take(message.Body, ref left);
        return parts;
    }

    /// <summary>What can lead to the recipient, in the order of belief.</summary>
    public List<string> Clues(params string?[] first)
    {
        var clues = first.Where(clue => !string.IsNullOrEmpty(clue)).Select(clue => clue!).ToList();
        if (Returned is { } returned)
        {
            clues.Add(returned[HeaderId.MessageId] ?? "");
            clues.AddRange(returned.Select(header => header.Value));
        }

        clues.Add(Message.InReplyTo ?? "");
        clues.Add(string.Join(' ', Message.References));
        clues.Add(Text);
        clues.RemoveAll(clue => clue.Length == 0);
        return clues;
    }

    private void Take(MimeEntity? entity, ref int left)
    {
        if (entity is null || left-- <= 0)
        {
            return;
        }

        switch (entity)
        {
            case Multipart multipart:
                foreach (var part in multipart)
                {
                    Take(part, ref left);
                }

                break;
            case MessagePart { Message: { } returned }:
                Returned ??= returned.Headers;
                break;
            case MimePart part:
                Take(part);
                break;
            default:
                break;
        }
    }

    private void Take(MimePart part)
    {
        switch (part.ContentType.MimeType.ToLowerInvariant())
        {
            case "message/delivery-status" or "message/global-delivery-status":
                DeliveryStatus ??= FieldGroups.Of(part);
                break;
            case "message/feedback-report":
                Feedback ??= FieldGroups.Of(part) is [var fields, ..] ? fields : [];
                break;
            case "message/disposition-notification" or "message/global-disposition-notification":
                IsDisposition = true;
                break;
            case "text/rfc822-headers" or "message/global-headers" or "message/rfc822-headers":
                Returned ??= FieldGroups.Of(part) is [var headers, ..] ? headers : null;
                break;
            case "message/rfc822" or "message/global" when part is not TextPart:
                Returned ??= FieldGroups.Of(part) is [var found, ..] ? found : null;
                break;
            default:
                if (part is TextPart text && _text.Length < MostText)
                {
                    var words = text.IsHtml ? HtmlWords.Of(text.Text) : text.Text;
                    _text.Append(words, 0, Math.Min(words.Length, MostText - _text.Length)).Append('\n');
                }

                break;
        }
    }
}

/// <summary>Groups of fields as they stand in reports: like headers, with empty lines between the groups.</summary>
internal static class FieldGroups
{
    private const int MostGroups = 50;

    /// <summary>Reads them.</summary>
    public static List<HeaderList> Of(MimePart part)
    {
        using var decoded = new MemoryStream();
        if (part is MessageDeliveryStatus { Content: null } or MimePart { Content: null })
        {
            return [];
        }

        part.Content!.DecodeTo(decoded);
        var groups = new List<HeaderList>();
        var group = new HeaderList();
        string? field = null;

        void EndField()
        {
            if (field is not null && field.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon && field.AsSpan(0, colon).TrimEnd() is var name && !name.ContainsAnyExceptInRange('!', '~'))
            {
                group.Add(name.ToString(), field[(colon + 1)..].Trim());
            }

            field = null;
        }

        foreach (var line in Encoding.UTF8.GetString(decoded.GetBuffer(), 0, (int)decoded.Length).Split('\n').Select(line => line.TrimEnd('\r')))
        {
            if (line.Trim().Length == 0)
            {
                EndField();
                if (group.Count > 0 && groups.Count < MostGroups)
                {
                    groups.Add(group);
                    group = [];
                }
            }
            else if (line[0] is ' ' or '\t')
            {
                field += " " + line.Trim();
            }
            else
            {
                EndField();
                field = line;
            }
        }

        EndField();
        if (group.Count > 0)
        {
            groups.Add(group);
        }

        return groups;
    }
}

/// <summary>The words of a page.</summary>
internal static class HtmlWords
{
    /// <summary>Text without tags, with line ends where blocks end.</summary>
    public static string Of(string html)
    {
        var text = new StringBuilder();
        var hidden = 0;
        using var reader = new StringReader(html);
        var tokens = new HtmlTokenizer(reader) { DecodeCharacterReferences = true };
        while (tokens.ReadNextToken(out var token))
        {
            switch (token)
            {
                case HtmlTagToken { Id: HtmlTagId.Style or HtmlTagId.Script or HtmlTagId.Title } tag when !tag.IsEmptyElement:
                    hidden = Math.Max(0, hidden + (tag.IsEndTag ? -1 : 1));
                    break;
                case HtmlTagToken { Id: HtmlTagId.Br or HtmlTagId.P or HtmlTagId.Div or HtmlTagId.TR or HtmlTagId.LI or HtmlTagId.H1 or HtmlTagId.H2 or HtmlTagId.H3 }:
                    text.Append('\n');
                    break;
                case HtmlDataToken data when hidden == 0:
                    text.Append(data.Data);
                    break;
                default:
                    break;
            }
        }

        return text.ToString();
    }
}
