// SPDX-License-Identifier: Apache-2.0
using MimeKit;

namespace Tutti.Mail.Reports;

/// <summary>Reads feedback reports (RFC 5965).</summary>
internal static class FeedbackReport
{
    /// <summary>The report, or null if it is none.</summary>
    public static MailReport? Read(ReportParts parts)
    {
        if (parts.Feedback is not { } fields)
        {
            return null;
        }

        var type = fields["Feedback-Type"]?.Trim().ToLowerInvariant() ?? "";

        // "not-spam" is the opposite of a complaint; a DMARC failure (RFC 6591) and an opt-out by list are no complaints of the reader about us either.
        var kind = type is "not-spam" or "auth-failure" or "dmarc" ? ReportKind.Other : ReportKind.Complaint;
        return new MailReport(
            kind,
            [],
            OneLine.Of($"{(type.Length == 0 ? "abuse" : type)} reported by {fields["User-Agent"] ?? fields["Reporting-MTA"] ?? parts.Message.From.ToString()}"),
            HostOf(fields, parts.Message),
            parts.Clues(fields["Original-Envelope-Id"], fields["Original-Mail-From"]));
    }

    private static string HostOf(HeaderList fields, MimeMessage message)
    {
        var told = fields["Reporting-MTA"] is { } reporting ? reporting[(reporting.IndexOf(';', StringComparison.Ordinal) + 1)..].Trim() : "";
        return OneLine.Of(told.Length > 0 ? told : message.From.Mailboxes.FirstOrDefault()?.Domain ?? "");
    }
}
