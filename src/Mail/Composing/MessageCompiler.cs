// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using MimeKit;
using Tutti.Mail.Addresses;
using Tutti.Mail.Links;
using Tutti.Mail.Merging;
using Tutti.Mail.TextParts;
using Tutti.Mail.Transfer;

namespace Tutti.Mail.Composing;

/// <summary>Compiles one message.</summary>
internal sealed class MessageCompiler(MessageSource source)
{
    private const int MaxListId = 200;
    private const int DigestDigits = 64;
    private const string OpenImage = "<img src=\"" + LinkMarker.OpenImage + "\" width=\"1\" height=\"1\" alt=\"\" style=\"display:block;border:0\">";

    private static readonly SearchValues<char> _headerName = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");
    private static readonly SearchValues<char> _listId = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.");
    private static readonly SearchValues<char> _feedbackId = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.:");
    private static readonly HashSet<string> _ownHeaders = new(StringComparer.OrdinalIgnoreCase)
    {
        "From", "To", "Cc", "Bcc", "Sender", "Subject", "Date", "Message-ID", "Reply-To", "Return-Path", "Received", "DKIM-Signature", "MIME-Version",
        "Content-Type", "Content-Transfer-Encoding", "List-Id", "List-Unsubscribe", "List-Unsubscribe-Post",
        "Feedback-ID",
    };

    private readonly List<MessageProblem> _problems = [];
    private readonly LinkList _links = new(source.Links, tracks: source.Tracking != TrackingType.Off);
    private readonly PieceList _pieces = new();
    private readonly PartCompiler _parts = new();
    private readonly InlineImages _images = new(source.Files);
    private string _preheader = "";

    public bool TryRun([NotNullWhen(true)] out CompiledMessage? message, out IReadOnlyList<MessageProblem> problems)
    {
        problems = _problems;
        message = null;
        var from = Address(nameof(source.FromAddress), source.FromAddress);
        var replyTo = string.IsNullOrWhiteSpace(source.ReplyTo) ? null : Address(nameof(source.ReplyTo), source.ReplyTo);
        CheckHeaders();
        CheckFiles();
        CheckPreheader();
        var subject = Parse(nameof(source.Subject), source.Subject, ContentPart.Subject);
        var html = source.Html is null ? null : Parse(nameof(source.Html), source.Html, ContentPart.Html);
        var text = source.Text is null ? null : Parse(nameof(source.Text), source.Text, ContentPart.Text);
        if (source.Html is null && source.Text is null)
        {
            _problems.Add(new MessageProblem(nameof(source.Text), "The message has neither an HTML nor a text part."));
        }

        if (_problems.Count > 0 || subject is null || from is null)
        {
            return false;
        }

        var templates = new[] { subject, text, html }.OfType<Template>().ToList();
        // Encoded words cannot be joined at will, so a subject with merge fields is one value.
        var elements = templates.ToDictionary(
            template => template.Part, template => template.Part == ContentPart.Subject ? _parts.CompileWhole(template) : _parts.Compile(template));
        AddHeaders(from, replyTo, elements[ContentPart.Subject]);
        AddBody(elements.GetValueOrDefault(ContentPart.Html), elements.GetValueOrDefault(ContentPart.Text));
        var fields = templates.SelectMany(template => template.FieldNames).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        message = new CompiledMessage(_pieces.Close(), _links, new ValuePlan(_parts.Recipes, source.Language), fields, elements) { MissingImages = _images.Missing };
        return true;
    }

    private Template? Parse(string field, string text, ContentPart part)
    {
        // Parsed as written first, so that a problem is told with the author's own lines and columns.
        var written = Tidy(text);
        var finished = Finish(written, part);
        if (Template.TryParse(written, part, out var template, out var problem)
            && (finished == written || Template.TryParse(finished, part, out template, out problem)))
        {
            return template;
        }

        _problems.Add(new MessageProblem(field, problem!.Message, problem.Line, problem.Column));
        return null;
    }

    /// <summary>The part as it is sent: with its images and the line for inboxes, and with markers in the place of links.</summary>
    private string Finish(string text, ContentPart part)
    {
        text = part == ContentPart.Html ? Preheader.Insert(_images.Place(text), _preheader) : text;
        var isLeft = source.Tracking == TrackingType.Off && source.Links.Parameters.Count == 0;
        return part == ContentPart.Subject || isLeft ? text : Mark(text, part);
    }

    // By itself, so that a tag which is left open in it is not told as the HTML part's.
    private void CheckPreheader()
    {
        _preheader = Tidy(source.Preheader);
        if (!Template.TryParse(_preheader, ContentPart.Html, out _, out var problem))
        {
            _preheader = "";
            _problems.Add(new MessageProblem(nameof(source.Preheader), problem.Message, problem.Line, problem.Column));
        }
    }

    private string Mark(string text, ContentPart part)
    {
        if (part == ContentPart.Text)
        {
            return TextLinks.Mark(text, _links);
        }

        var marked = HtmlLinks.Mark(text, _links);
        if (source.Tracking == TrackingType.Off)
        {
            return marked;
        }

        var end = marked.LastIndexOf("</body", StringComparison.OrdinalIgnoreCase);
        return end < 0 ? marked + OpenImage : marked.Insert(end, OpenImage);
    }

    /// <summary>Line breaks as LF; no control characters, which would look like markers.</summary>
    private static string Tidy(string text)
    {
        text = text.ReplaceLineEndings("\n").TrimStart('\uFEFF');
        return text.Any(IsStray) ? string.Concat(text.Where(c => !IsStray(c))) : text;

        static bool IsStray(char c) => char.IsControl(c) && c is not ('\n' or '\t');
    }

    private EmailAddress? Address(string field, string text)
    {
        if (EmailAddress.TryParse(text, out var address, out var problem))
        {
            return address;
        }

        _problems.Add(new MessageProblem(field, $"This is not an address: {problem.InWords()}."));
        return null;
    }

    private void CheckHeaders()
    {
        foreach (var (name, value) in source.ExtraHeaders)
        {
            if (name.Length is 0 or > 60 || name.AsSpan().ContainsAnyExcept(_headerName))
            {
                _problems.Add(new MessageProblem(nameof(source.ExtraHeaders), $"'{name}' cannot be the name of a header."));
            }
            else if (_ownHeaders.Contains(name))
            {
                _problems.Add(new MessageProblem(nameof(source.ExtraHeaders), $"The header {name} is set by the message itself."));
            }
            else if (value.Any(char.IsControl))
            {
                _problems.Add(new MessageProblem(nameof(source.ExtraHeaders), $"The header {name} holds a line break or another control character."));
            }
        }

        if (source.ListId is { Length: > 0 } listId && (listId.Length > MaxListId || listId.AsSpan().ContainsAnyExcept(_listId)))
        {
            _problems.Add(new MessageProblem(nameof(source.ListId), "A list identifier looks like a host name: news.example.org."));
        }

        CheckFeedbackId();
    }

    private void CheckFeedbackId()
    {
        if (source.FeedbackId is { Length: > 0 } id && (id.Length > MaxListId || id.AsSpan().ContainsAnyExcept(_feedbackId) || id.Split(':') is not { Length: <= 4 } parts || parts.Contains("")))
        {
            _problems.Add(new MessageProblem(nameof(source.FeedbackId), "A feedback identifier has at most four parts with colons between them."));
        }
    }

    private void CheckFiles()
    {
        foreach (var file in source.Files)
        {
            if (!ContentType.TryParse(file.ContentType, out _) || file.ContentType.AsSpan().ContainsAnyExceptInRange(' ', '~'))
            {
                _problems.Add(new MessageProblem(nameof(source.Files), $"'{file.Name}' has no media type that a header can carry."));
            }

            if (file.Digest.Length != DigestDigits || !file.Digest.All(char.IsAsciiHexDigitLower) || file.Size <= 0)
            {
                _problems.Add(new MessageProblem(nameof(source.Files), $"'{file.Name}' is named without its digest or size."));
            }
        }
    }

    private void AddHeaders(EmailAddress from, EmailAddress? replyTo, IReadOnlyList<PartElement> subject)
    {
        _pieces.AddMailbox("From", from.Text, source.FromName);
        _pieces.Add("To: ");
        _pieces.Add(SlotKind.To, 0, SlotEncoding.Raw);
        _pieces.Add("\r\n");
        AddSubject(subject);
        _pieces.Add("Date: ");
        _pieces.Add(SlotKind.Date, 0, SlotEncoding.Raw);
        _pieces.Add("\r\nMessage-ID: ");
        _pieces.Add(SlotKind.MessageId, 0, SlotEncoding.Raw);
        _pieces.Add("\r\n");
        if (replyTo is not null)
        {
            _pieces.Add($"Reply-To: {replyTo.Text}\r\n");
        }

        if (source.ListId is { Length: > 0 } listId)
        {
            _pieces.Add($"List-Id: <{listId}>\r\n");
        }

        if (source.FeedbackId is { Length: > 0 } feedbackId)
        {
            _pieces.Add($"Feedback-ID: {feedbackId}\r\n");
        }

        _pieces.Add("List-Unsubscribe: <");
        _pieces.Add(SlotKind.Unsubscribe, 0, SlotEncoding.Raw);
        _pieces.Add(">\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n");
        foreach (var (name, value) in source.ExtraHeaders)
        {
            _pieces.AddHeader(name, value);
        }

        _pieces.Add("MIME-Version: 1.0\r\n");
    }

    private void AddSubject(IReadOnlyList<PartElement> elements)
    {
        if (elements is [PartElement.Place { Kind: SlotKind.Value } value])
        {
            _pieces.Add("Subject: ");
            _pieces.Add(value.Kind, value.Index, SlotEncoding.Header);
            _pieces.Add("\r\n");
        }
        else
        {
            _pieces.AddHeader("Subject", string.Concat(elements.OfType<PartElement.Fixed>().Select(element => element.Text)));
        }
    }

    private void AddBody(IReadOnlyList<PartElement>? html, IReadOnlyList<PartElement>? text)
    {
        var attached = source.Files.Where(file => file.ContentId is null).ToList();
        if (attached.Count == 0)
        {
            AddWords(html, text);
            return;
        }

        var boundary = Boundary("m");
        _pieces.Add($"Content-Type: multipart/mixed; boundary=\"{boundary}\"\r\n\r\n--{boundary}\r\n");
        AddWords(html, text);
        AddFiles(attached, boundary, "attachment");
    }

    private void AddWords(IReadOnlyList<PartElement>? html, IReadOnlyList<PartElement>? text)
    {
        if (html is null)
        {
            AddPart("plain", text!);
            return;
        }

        if (text is null)
        {
            AddHtml(html);
            return;
        }

        var boundary = Boundary("");
        _pieces.Add($"Content-Type: multipart/alternative; boundary=\"{boundary}\"\r\n\r\n--{boundary}\r\n");
        AddPart("plain", text);
        _pieces.Add($"--{boundary}\r\n");
        AddHtml(html);
        _pieces.Add($"--{boundary}--\r\n");
    }

    private void AddHtml(IReadOnlyList<PartElement> html)
    {
        if (_images.Used is not { Count: > 0 } images)
        {
            AddPart("html", html);
            return;
        }

        var boundary = Boundary("r");
        _pieces.Add($"Content-Type: multipart/related; type=\"text/html\"; boundary=\"{boundary}\"\r\n\r\n--{boundary}\r\n");
        AddPart("html", html);
        AddFiles(images, boundary, "inline");
    }

    private void AddPart(string subtype, IReadOnlyList<PartElement> elements)
    {
        _pieces.Add($"Content-Type: text/{subtype}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n");
        _pieces.AddQuotedPrintable(elements);
        _pieces.Add("\r\n");
    }

    private void AddFiles(IReadOnlyList<MessageFile> files, string boundary, string disposition)
    {
        foreach (var file in files)
        {
            _pieces.Add($"--{boundary}\r\nContent-Type: {file.ContentType}\r\nContent-Transfer-Encoding: base64\r\n");
            if (file.ContentId is not null)
            {
                _pieces.Add($"Content-ID: <{file.PartId}>\r\n");
            }

            _pieces.Add($"Content-Disposition: {disposition}{FileNameText.Parameter(file.Name)}\r\n\r\n");
            _pieces.Add(new FilePlace(file.Digest, file.Size));
        }

        _pieces.Add($"--{boundary}--\r\n");
    }

    // "=_" occurs neither in quoted-printable nor in base64, so no part can hold the boundary; no kind is the beginning of another.
    private string Boundary(string kind)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(source.Subject + "\0" + source.Text + "\0" + source.Html));
        return "=_" + kind + Convert.ToHexStringLower(hash.AsSpan(0, 12));
    }
}
