// SPDX-License-Identifier: Apache-2.0
using MimeKit;

namespace Tutti.Mail.Reports;

/// <summary>Reads what mail servers, mailbox providers and answering machines send back. Says Other rather than guess.</summary>
public static class MailReportReader
{
    private const int MostDepth = 32;

    /// <summary>Reads a message.</summary>
    /// <param name="message">Its bytes.</param>
    /// <param name="envelopeSender">Who sent it; empty for the null reverse-path, which reports and answering machines use.</param>
    public static MailReport Read(byte[] message, string envelopeSender)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(envelopeSender);
        MimeMessage parsed;
        try
        {
            using var stream = new MemoryStream(message, writable: false);
            var options = ParserOptions.Default.Clone();
            options.MaxMimeDepth = MostDepth;
            parsed = MimeMessage.Load(options, stream);
        }
        catch (FormatException)
        {
            return new MailReport(ReportKind.Other, [], "", "", []);
        }

        using (parsed)
        {
            var parts = ReportParts.Of(parsed);
            return FeedbackReport.Read(parts) ?? DeliveryReport.Read(parts) ?? FreeFormReport.Read(parts, envelopeSender);
        }
    }
}
