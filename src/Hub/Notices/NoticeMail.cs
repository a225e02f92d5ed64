// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using Tutti.Frame.Words;

namespace Tutti.Hub.Notices;

/// <summary>Brings notices to administrators, over a mail server of their own: a distributor may be what the notice is about.</summary>
/// <param name="settings">Where to.</param>
/// <param name="hostName">Name of the hub's server.</param>
internal sealed class NoticeMail(NoticesSettings settings, string hostName)
{
    private const int Patience = 30_000;

    /// <summary>Sends one mail.</summary>
    /// <exception cref="IOException">The mail server cannot be reached or did not take it; the message says how.</exception>
    public async Task Send(IReadOnlyList<DueNotice> notices, DateTimeOffset now, CancellationToken cancellationToken)
    {
        using var message = Compose(notices, now);
        var (host, port) = settings.Server;

        // Like everywhere in an installation that may have no way out: nobody is asked whether a certificate was revoked.
        using var client = new SmtpClient { Timeout = Patience, LocalDomain = hostName, CheckCertificateRevocation = false };
        try
        {
            await client.ConnectAsync(host, port, settings.NoticesTls ? SecureSocketOptions.StartTls : SecureSocketOptions.None, cancellationToken);
            if (settings.NoticesUser.Length > 0)
            {
                await client.AuthenticateAsync(settings.NoticesUser, settings.NoticesPassword.Reveal(), cancellationToken);
            }

            await client.SendAsync(message, cancellationToken);
            await client.DisconnectAsync(quit: true, cancellationToken);
        }
        catch (Exception failure) when (failure is CommandException or ProtocolException or AuthenticationException or SslHandshakeException or System.Net.Sockets.SocketException or NotSupportedException or TimeoutException)
        {
            throw new IOException(failure.Message, failure);
        }
    }

    private MimeMessage Compose(IReadOnlyList<DueNotice> notices, DateTimeOffset now)
    {
        var message = new MimeMessage { Date = now, Subject = SharedWords.Counted(NoticesWords.Subject, notices.Count, hostName) };
        message.From.Add(MailboxAddress.Parse(settings.NoticesFrom));
        message.To.AddRange(settings.NoticesTo.Select(MailboxAddress.Parse));

        // Sent again because nobody knows whether it was taken, it is known as the same.
        var identity = SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', notices.Select(notice => string.Create(CultureInfo.InvariantCulture, $"{notice.BeganAt} {notice.Condition}")))));
        message.MessageId = $"notice-{Convert.ToHexStringLower(identity.AsSpan(0, 16))}@{hostName}";

        // RFC 3834 §5: no answers of absent people.
        message.Headers.Add("Auto-Submitted", "auto-generated");
        var text = new StringBuilder().Append(SharedWords.Fill(NoticesWords.Lead, hostName)).Append("\r\n");
        foreach (var notice in notices)
        {
            var since = DateTimeOffset.FromUnixTimeMilliseconds(notice.BeganAt).UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
            text.Append("\r\n- ").Append(SharedWords.Fill(NoticesWords.Item, notice.Words, since)).Append("\r\n");
        }

        text.Append("\r\n").Append(NoticesWords.Foot).Append("\r\n");
        message.Body = new TextPart("plain") { Text = text.ToString() };
        return message;
    }
}
