// SPDX-License-Identifier: Apache-2.0
using System.Text.RegularExpressions;
using MimeKit;

namespace Tutti.Mail.Reports;

/// <summary>Reads the reports that follow no standard, and tells answering machines apart from them.</summary>
internal static partial class FreeFormReport
{
    private const int MostWords = 8;

    /// <summary>What it is; Other if nothing speaks for anything.</summary>
    public static MailReport Read(ReportParts parts, string envelopeSender)
    {
        var message = parts.Message;
        var subject = message.Subject ?? "";
        var failed = message.Headers["X-Failed-Recipients"] is not null;
        var text = BeforeReturned(parts.Text);
        var byMachine = IsMailer(message, envelopeSender);
        var bounceSubject = BounceSubject().IsMatch(subject);
        var kind = (failed, parts.IsDisposition) switch
        {
            (true, _) => ReportKind.Failure,
            (_, true) => ReportKind.AutoReply,
            _ when ComplaintSubject().IsMatch(subject) => ReportKind.Complaint,
            _ when AutoSubject().IsMatch(subject) => ReportKind.AutoReply,
            _ when DelaySubject().IsMatch(subject) && (byMachine || bounceSubject) => ReportKind.Delay,
            _ when bounceSubject || (byMachine && Refusal().IsMatch(text)) => ReportKind.Failure,
            _ when IsAutomatic(message) => ReportKind.AutoReply,
            _ => ReportKind.Other,
        };
        if (kind == ReportKind.Failure && Waiting().IsMatch(text) && !Final().IsMatch(text))
        {
            kind = ReportKind.Delay;
        }

        var words = TellingLines(text);
        return new MailReport(kind, [], OneLine.Of(words.Length > 0 ? words : subject), HostOf(message), parts.Clues());
    }

    /// <summary>The lines that say why: those with a code and what follows them, else those of a text that is short.</summary>
    internal static string TellingLines(string text)
    {
        var lines = BeforeReturned(text).Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0).ToList();
        var at = lines.FindIndex(line => Code().IsMatch(line));
        at = at < 0 ? lines.FindIndex(line => Refusal().IsMatch(line)) : at;
        return string.Join(' ', at < 0 ? lines.Take(MostWords) : lines.Skip(at).Take(MostWords / 2));
    }

    /// <summary>Many put the returned message into the same text; its words are ours, not the server's.</summary>
    private static string BeforeReturned(string text)
    {
        var cut = Returned().Match(text);
        return cut.Success && cut.Index > 0 ? text[..cut.Index] : text;
    }

    private static bool IsMailer(MimeMessage message, string envelopeSender)
    {
        var from = message.From.Mailboxes.FirstOrDefault()?.Address ?? message.From.ToString();
        return Mailer().IsMatch(from) || Mailer().IsMatch(message.Headers[HeaderId.ReturnPath] ?? "") || Mailer().IsMatch(envelopeSender);
    }

    private static bool IsAutomatic(MimeMessage message)
    {
        var submitted = message.Headers[HeaderId.AutoSubmitted]?.Trim() ?? "no";
        return !submitted.StartsWith("no", StringComparison.OrdinalIgnoreCase)
            || message.Headers["X-Autoreply"] is not null
            || message.Headers["X-Autorespond"] is not null
            || message.Headers["X-Autoresponder"] is not null
            || message.Headers["X-Auto-Reply-From"] is not null
            || (message.Headers["Precedence"]?.Contains("auto", StringComparison.OrdinalIgnoreCase) ?? false);
    }

    private static string HostOf(MimeMessage message) => OneLine.Of(message.From.Mailboxes.FirstOrDefault()?.Domain ?? "");

    [GeneratedRegex(@"(?<![\w.])[45][0-5]\d[ \-][45]\.\d{1,3}\.\d{1,3}|(?<![\w.#@-])[45][0-5]\d[ \-]\S|(?<![\d.])[45]\.\d{1,3}\.\d{1,3}(?![\d]|\.\d)")]
    private static partial Regex Code();

    [GeneratedRegex(@"mailer[-_. ]?daemon|mail[-_. ]?daemon|mdaemon|postmaster|mail[-_. ]?delivery|maildelivery|mail[-_. ]?system|mmdf|exchange.{0,30}administrator|no-?reply.{0,10}bounce|microsoftexchange", RegexOptions.IgnoreCase)]
    private static partial Regex Mailer();

    [GeneratedRegex(@"undeliver(?:ed|able)|delivery (?:status notification|notification|failure|failed|has failed|report|error|problem)|failure notice|returned (?:mail|message|to sender)|mail delivery (?:failed|failure|system|error|status)|mail (?:system )?(?:error|failure)|message (?:could not be|not|was not) delivered|non[- ]?delivery|could not be delivered|could not send message|unzustellbar|nicht zustellbar|zustellung fehlgeschlagen|fehlgeschlagene zustellung|[eé]chec de (?:la )?(?:remise|distribution)|message non (?:remis|distribu[eé])|non recapitabil|mancato recapito|no se (?:ha )?(?:podido|pudo) entregar|error de entrega|devuelto|nao (?:foi )?entregue|não (?:foi )?entregue|onbestelbaar|niet (?:worden )?bezorgd|olevererbart|kan ikke leveres|niedostarczon|недоставлен|не доставлен|配信(?:エラー|不能)|退信|投递失败|전송 실패", RegexOptions.IgnoreCase)]
    private static partial Regex BounceSubject();

    [GeneratedRegex(@"^\s*complaint about message from\b", RegexOptions.IgnoreCase)]
    private static partial Regex ComplaintSubject();

    [GeneratedRegex(@"\bdelayed\b|\bdelay\)|delivery delay|warning: .{0,40}(?:delayed|not (?:yet )?been delivered)|still being retried|verz[oö]gert|retard[eé]", RegexOptions.IgnoreCase)]
    private static partial Regex DelaySubject();

    [GeneratedRegex(@"^\s*(?:re:\s*)?(?:auto(?:matic|mated|matische|matisch)?[- :]?\s*(?:reply|response|antwort|antwoord|svar)|autoreply|auto:|out[- ]of[- ](?:the[- ])?office|ooo\b|vacation|on (?:vacation|leave|holiday)|away from|abwesen|automatische antwort|r[eé]ponse automatique|absence du bureau|absent|respuesta autom[aá]tica|fuera de la oficina|risposta automatica|fuori sede|resposta autom[aá]tica|afwezig|automatisch antwoord|autosvar|frånvaro|frav[æa]r|poissa|автоответ|自动回复|自動返信|不在通知)|\b(?:out of (?:the )?office|automatic reply|auto-?reply|abwesenheitsnotiz)\b|confirm your (?:message|email|e-mail)|challenge[- ]response|please verify (?:your|that)", RegexOptions.IgnoreCase)]
    private static partial Regex AutoSubject();

    [GeneratedRegex(@"(?<![\w.])[45][0-5]\d[ \-][45]?\.?\S|could not be delivered|couldn't be delivered|not be delivered|permanent (?:fatal )?error|undeliver|unknown|does not exist|doesn't exist|no such|rejected|mailbox (?:is )?full|over quota|unable to deliver|delivery (?:failed|failure)|nicht zugestellt", RegexOptions.IgnoreCase)]
    private static partial Regex Refusal();

    [GeneratedRegex(@"(?:will|wird|shall) (?:continue|keep|be retried|retry|try again)|do not need to resend|no action is required|is still being|not yet been delivered|weiterhin versucht", RegexOptions.IgnoreCase)]
    private static partial Regex Waiting();

    [GeneratedRegex(@"permanent|giving up|given up|has failed|have failed|will not be retried|no further", RegexOptions.IgnoreCase)]
    private static partial Regex Final();

    [GeneratedRegex(@"^[ \t>]*(?:-{2,}.{0,20}(?:below this line|this is a copy of|original message|returned message|forwarded message|begin message|undelivered message|unsent message|message header|the header|copy of|urspr[uü]ngliche|mensaje original).*|(?:original )?message (?:headers?|follows?|text follows).{0,20}:?[ \t]*|the (?:original message|message headers?|body of the message|header of the original).{0,40}:?[ \t]*|received: .*)$", RegexOptions.IgnoreCase | RegexOptions.Multiline)]
    private static partial Regex Returned();
}
