// SPDX-License-Identifier: Apache-2.0
using System.Text.RegularExpressions;
using MimeKit;

namespace Tutti.Mail.Reports;

/// <summary>Reads delivery status notifications (RFC 3464), internationalised ones too (RFC 6533).</summary>
internal static partial class DeliveryReport
{
    /// <summary>The report, or null if it is none.</summary>
    public static MailReport? Read(ReportParts parts)
    {
        if (parts.DeliveryStatus is not { Count: > 0 } groups)
        {
            return null;
        }

        // Some servers leave the empty line between the groups out, or put one in where none belongs.
        var recipients = groups.Where(IsOfRecipient).ToList();
        if (recipients.Count == 0)
        {
            return null;
        }

        // A message of ours has one recipient; there are more where that one is a list or a forwarder. What failed counts.
        var worst = recipients.MinBy(group => RankOf(KindOf(group)))!;
        var kind = KindOf(worst);
        var message = groups[0];
        var diagnostic = WithoutType(worst["Diagnostic-Code"] ?? "");
        var words = diagnostic.Length > 0 ? diagnostic : TextOf(parts);
        var status = CodeIn(worst["Status"] ?? "");
        return new MailReport(
            kind,
            StatusOf(status, words),
            OneLine.Of(words.Length > 0 ? words : worst["Status"] ?? ""),
            OneLine.Of(FirstOf(WithoutType(worst["Remote-MTA"] ?? ""), WithoutType(message["Reporting-MTA"] ?? ""))),
            parts.Clues(message["Original-Envelope-Id"], parts.Returned?[HeaderId.ReturnPath]));
    }

    private static bool IsOfRecipient(HeaderList group) => group["Action"] is not null || group["Status"] is not null || group["Final-Recipient"] is not null;

    private static ReportKind KindOf(HeaderList group)
    {
        var action = group["Action"]?.Trim() ?? "";
        var word = action.Split([' ', '(', ';'], 2)[0].ToLowerInvariant();
        return word switch
        {
            "failed" or "failure" => ReportKind.Failure,
            "delayed" => ReportKind.Delay,
            "delivered" or "relayed" or "expanded" => ReportKind.Success,
            _ => (group["Status"]?.Trim() ?? "") switch
            {
                ['2', ..] => ReportKind.Success,
                ['4', ..] => ReportKind.Delay,
                _ => ReportKind.Failure,
            },
        };
    }

    private static int RankOf(ReportKind kind) => kind switch
    {
        ReportKind.Failure => 0,
        ReportKind.Delay => 1,
        _ => 2,
    };

    /// <summary>A code such as 5.0.0 says nothing that the words do not say better.</summary>
    private static string[] StatusOf(string status, string words) =>
        status.Length == 0 || (status.EndsWith(".0.0", StringComparison.Ordinal) && CodeIn(words).Length > 0) ? [] : [status];

    private static string CodeIn(string text) => Code().Match(text).Value;

    /// <summary>What stands behind the type: "smtp; 550 no" says "550 no".</summary>
    private static string WithoutType(string field)
    {
        var semicolon = field.IndexOf(';', StringComparison.Ordinal);
        return (semicolon >= 0 && semicolon < 20 ? field[(semicolon + 1)..] : field).Trim();
    }

    private static string TextOf(ReportParts parts) => FreeFormReport.TellingLines(parts.Text);

    private static string FirstOf(string one, string other) => one.Length > 0 ? one : other;

    [GeneratedRegex(@"(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?![\d]|\.\d)")]
    private static partial Regex Code();
}
