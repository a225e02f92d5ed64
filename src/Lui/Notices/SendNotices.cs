// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.Extensions.Logging;
using MimeKit;
using Tutti.Frame.Words;
using Tutti.Wiring.Configuration;

namespace Tutti.Lui.Notices;

/// <summary>
/// Sends notices by mail, over a mail server of its own. Killed between a mail and its mark it is sent again under the same
/// Message-ID, never not at all. An address that is refused for good is given up; a server that is away is tried again.
/// </summary>
internal sealed partial class SendNotices(NoticeStore store, NoticeMailSettings settings, ServerConfiguration server, ILogger<SendNotices> logger)
{
    private const int Patience = 30_000;
    private const int AtOnce = 50;

    private volatile string? _problem;

    /// <summary>Why the last mail could not be sent; null if it was.</summary>
    public string? Problem => _problem;

    /// <summary>Sends what waits; answers how many were taken.</summary>
    public async Task<int> Handle(CancellationToken cancellationToken)
    {
        if (!settings.SendsMail || await store.ToMail(AtOnce, cancellationToken) is not { Count: > 0 } waiting)
        {
            return 0;
        }

        var taken = 0;
        using var client = new SmtpClient { Timeout = Patience, LocalDomain = server.Common.HostName, CheckCertificateRevocation = false };
        try
        {
            var (host, port) = settings.Server;
            await client.ConnectAsync(host, port, settings.NoticesTls ? SecureSocketOptions.StartTls : SecureSocketOptions.None, cancellationToken);
            if (settings.NoticesUser.Length > 0)
            {
                await client.AuthenticateAsync(settings.NoticesUser, settings.NoticesPassword.Reveal(), cancellationToken);
            }

            foreach (var notice in waiting)
            {
                using var message = Compose(notice);
                try
                {
                    await client.SendAsync(message, cancellationToken);
                    await store.Mailed(notice.Id, sent: true, cancellationToken);
                    taken++;
                }
                catch (SmtpCommandException refused) when ((int)refused.StatusCode >= 500)
                {
                    LogGivenUp(notice.Id, (int)refused.StatusCode);
                    await store.Mailed(notice.Id, sent: false, cancellationToken);
                }
            }

            await client.DisconnectAsync(quit: true, cancellationToken);
            _problem = null;
        }
        catch (Exception failure) when (failure is IOException or CommandException or ProtocolException or AuthenticationException or SslHandshakeException
            or System.Net.Sockets.SocketException or NotSupportedException or TimeoutException or ServiceNotConnectedException)
        {
            if (_problem != failure.Message)
            {
                LogNotSent(settings.NoticesHost, failure.Message);
            }

            _problem = failure.Message;
        }

        return taken;
    }

    private MimeMessage Compose(WaitingMail notice)
    {
        var message = new MimeMessage
        {
            Date = DateTimeOffset.FromUnixTimeMilliseconds(notice.At),
            Subject = SharedWords.Fill(notice.Alert != 0 ? NoticesWords.SubjectAlert : NoticesWords.SubjectNews, notice.Code, notice.Title),
            MessageId = string.Create(CultureInfo.InvariantCulture, $"job-notice-{notice.Id}-{notice.At}@{server.Common.HostName}"),
        };
        message.From.Add(MailboxAddress.Parse(settings.NoticesFrom));
        message.To.Add(new MailboxAddress(notice.Name, notice.Mail));

        // RFC 3834 §5: no answers of absent people.
        message.Headers.Add("Auto-Submitted", "auto-generated");
        message.Body = new TextPart("plain") { Text = SharedWords.Fill(NoticesWords.MailText, notice.Code, notice.Title, notice.Words).ReplaceLineEndings("\r\n") };
        return message;
    }

    [LoggerMessage(4801, LogLevel.Error, "{Host} did not take notices about mail jobs: {Problem} They are tried again", EventName = "lui.notices.not-sent")]
    private partial void LogNotSent(string host, string problem);

    [LoggerMessage(4802, LogLevel.Warning, "Notice {Notice} was refused by the mail server for good ({Status}) and is given up", EventName = "lui.notices.given-up")]
    private partial void LogGivenUp(long notice, int status);
}
