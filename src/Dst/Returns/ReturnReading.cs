// SPDX-License-Identifier: Apache-2.0
using System.Text.RegularExpressions;
using Tutti.Dst.Returns.Rules;
using Tutti.Mail.Reports;
using Tutti.Mail.Returns;

namespace Tutti.Dst.Returns;

/// <summary>Finds out what a returned message says, and about whom.</summary>
internal sealed partial class ReturnReading(ReturnKeys keys, BounceRules rules)
{
    /// <summary>What it says; null if it says nothing about a recipient of ours, or nothing that matters.</summary>
    public ReturnFinding? Read(UnreadReturn mail)
    {
        var at = mail.Recipient.LastIndexOf('@');
        var isSigned = ReturnAddress.TryRead(mail.Recipient.AsSpan(0, Math.Max(at, 0)), out var use, out var token);
        var addressed = isSigned ? keys.Open(token!) : null;
        var report = MailReportReader.Read(mail.Message, mail.Sender);
        if ((addressed ?? Identify(report)) is not { } to)
        {
            return null;
        }

        return report.Kind switch
        {
            ReportKind.Complaint => new ReturnFinding(to, CameBack.Complained, BounceClass.None, report.Words, report.Host),
            ReportKind.Failure => Bounced(to, report),

            // Mail programs that unsubscribe for their reader say so of themselves.
            ReportKind.Other or ReportKind.AutoReply when isSigned && use == ReturnUse.Unsubscribe && mail.Sender.Length > 0 =>
                new ReturnFinding(to, CameBack.Unsubscribed, BounceClass.None, "", ""),
            _ => null,
        };
    }

    private ReturnFinding Bounced(ReturnedTo to, MailReport report) => rules.Classify(report.Status, report.Words) switch
    {
        BounceClass.Complaint => new ReturnFinding(to, CameBack.Complained, BounceClass.None, report.Words, report.Host),

        // The server has given up, whatever its code says (RFC 3464 §2.3.3).
        BounceClass.Transient => new ReturnFinding(to, CameBack.Bounced, BounceClass.Soft, report.Words, report.Host),
        var found => new ReturnFinding(to, CameBack.Bounced, found, report.Words, report.Host),
    };

    private ReturnedTo? Identify(MailReport report) => report.Clues
        .SelectMany(clue => SignedWord().Matches(clue).Select(match => match.Value))
        .Select(word => ReturnToken.TryRead(word, out var token) ? keys.Open(token) : null)
        .FirstOrDefault(found => found is not null);

    [GeneratedRegex("(?<![a-z0-9])[a-z2-7]{45}(?![a-z0-9])", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex SignedWord();
}
