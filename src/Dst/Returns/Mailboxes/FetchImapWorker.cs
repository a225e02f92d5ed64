// SPDX-License-Identifier: Apache-2.0
using System.Data.Common;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using MailKit;
using MailKit.Net.Imap;
using MailKit.Search;
using MailKit.Security;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tutti.Dst.Smtp.Destinations;
using Tutti.Dst.Smtp.Encryption;

namespace Tutti.Dst.Returns.Mailboxes;

/// <summary>Takes returned mail out of an IMAP mailbox. How far it has read is on our disk with the message; what the server is told about it comes afterwards.</summary>
internal sealed partial class FetchImapWorker(MailboxSettings settings, FetchedReturns returns, TlsRoots roots, TimeProvider clock, ILogger<FetchImapWorker> logger) : BackgroundService
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(2);

    /// <summary>Takes what is there now, and removes what was read long ago.</summary>
    /// <returns>How many messages were not known yet.</returns>
    public async Task<int> Fetch(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(_patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        using var client = new ImapClient { CheckCertificateRevocation = false, ServerCertificateValidationCallback = (_, certificate, chain, errors) => IsTrusted(certificate, chain, errors) };
        var folder = await Open(client, either.Token);
        var mark = await MarkOf(folder, either.Token);
        await MarkSeen(folder, mark, either.Token);
        var count = 0;
        foreach (var uid in await New(folder, mark, either.Token))
        {
            await using var stream = await folder.GetStreamAsync(uid, "", 0, returns.MostBytes, either.Token);
            using var message = new MemoryStream();
            await stream.CopyToAsync(message, either.Token);
            mark = mark with { Uid = uid.Id };
            count += await returns.Keep(message.ToArray(), mark) ? 1 : 0;
            await folder.AddFlagsAsync(uid, MessageFlags.Seen, silent: true, either.Token);
        }

        await DropOld(client, folder, mark, either.Token);
        await client.DisconnectAsync(quit: true, either.Token);
        return count;
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (settings.ReturnImapHost.Length > 0)
        {
            try
            {
                if (await Fetch(stoppingToken) is > 0 and var count)
                {
                    LogFetched(count);
                }

                returns.Trouble = null;
            }
            catch (Exception failure) when (IsFailure(failure) && !stoppingToken.IsCancellationRequested)
            {
                var words = failure is OperationCanceledException ? "It took too long." : failure.Message;
                returns.Trouble = $"Bounces cannot be fetched from {settings.ReturnImapFolder} at {settings.ReturnImapHost}: {words}";
                LogFailed(words);
            }

            await Task.Delay(settings.ReturnEvery, clock, stoppingToken);
        }
    }

    private static bool IsFailure(Exception failure) => failure
        is IOException or SocketException or System.Security.Authentication.AuthenticationException or OperationCanceledException or DbException
        or SslHandshakeException or AuthenticationException or CommandException or ProtocolException or FolderNotFoundException or NotSupportedException;

    private async Task<IMailFolder> Open(ImapClient client, CancellationToken cancellationToken)
    {
        var (host, port) = HostAndPort.Read(settings.ReturnImapHost, settings.ReturnImapTls == ImapTls.Implicit ? 993 : 143);
        var options = settings.ReturnImapTls switch
        {
            ImapTls.Implicit => SecureSocketOptions.SslOnConnect,
            ImapTls.StartTls => SecureSocketOptions.StartTls,
            ImapTls.None => SecureSocketOptions.None,
        };
        await client.ConnectAsync(host, port, options, cancellationToken);
        await client.AuthenticateAsync(settings.ReturnImapUser, settings.ReturnImapPassword.Reveal(), cancellationToken);
        var folder = await client.GetFolderAsync(settings.ReturnImapFolder, cancellationToken);
        await folder.OpenAsync(FolderAccess.ReadWrite, cancellationToken);
        return folder;
    }

    /// <summary>How far it was read. If the server has numbered its messages anew, from the start: what is known is kept once.</summary>
    private async Task<FolderMark> MarkOf(IMailFolder folder, CancellationToken cancellationToken)
    {
        var name = $"{settings.ReturnImapUser}@{settings.ReturnImapHost}/{settings.ReturnImapFolder}";
        return await returns.MarkOf(name, cancellationToken) is { } mark && mark.Validity == folder.UidValidity
            ? mark
            : new FolderMark(name, folder.UidValidity, 0);
    }

    /// <summary>A run that was killed may have kept a message and not told the server.</summary>
    private static async Task MarkSeen(IMailFolder folder, FolderMark mark, CancellationToken cancellationToken)
    {
        if (mark.Uid > 0 && await folder.SearchAsync(UpTo(mark).And(SearchQuery.NotSeen), cancellationToken) is { Count: > 0 } kept)
        {
            await folder.AddFlagsAsync(kept, MessageFlags.Seen, silent: true, cancellationToken);
        }
    }

    private static UidSearchQuery UpTo(FolderMark mark) => SearchQuery.Uids(new UniqueIdRange(new UniqueId(mark.Validity, 1), new UniqueId(mark.Validity, mark.Uid)));

    private static async Task<IEnumerable<UniqueId>> New(IMailFolder folder, FolderMark mark, CancellationToken cancellationToken)
    {
        // From the start what others have seen is passed over. N:* always names the last message too, even if it is older than N.
        var query = SearchQuery.Uids(new UniqueIdRange(new UniqueId(mark.Validity, mark.Uid + 1), UniqueId.MaxValue));
        var found = await folder.SearchAsync(mark.Uid == 0 ? query.And(SearchQuery.NotSeen) : query, cancellationToken);
        return found.Where(uid => uid.Id > mark.Uid).OrderBy(uid => uid.Id);
    }

    private async Task DropOld(ImapClient client, IMailFolder folder, FolderMark mark, CancellationToken cancellationToken)
    {
        var old = (await folder.SearchAsync(SearchQuery.DeliveredBefore(returns.KeptSince.UtcDateTime.Date), cancellationToken)).Where(uid => uid.Id <= mark.Uid).ToList();
        if (old.Count == 0)
        {
            return;
        }

        await folder.AddFlagsAsync(old, MessageFlags.Deleted, silent: true, cancellationToken);
        if (client.Capabilities.HasFlag(ImapCapabilities.UidPlus))
        {
            await folder.ExpungeAsync(old, cancellationToken);
        }
        else
        {
            await folder.ExpungeAsync(cancellationToken);
        }
    }

    private bool IsTrusted(X509Certificate? certificate, X509Chain? sent, SslPolicyErrors errors)
    {
        if (certificate is not X509Certificate2 leaf || (errors & (SslPolicyErrors.RemoteCertificateNameMismatch | SslPolicyErrors.RemoteCertificateNotAvailable)) != 0)
        {
            return false;
        }

        // The authorities that count are ours to choose; the intermediates are what the server sent.
        using var chain = new X509Chain { ChainPolicy = roots.Policy() };
        chain.ChainPolicy.ExtraStore.AddRange((X509Certificate2[])[.. sent?.ChainElements.Select(element => element.Certificate) ?? []]);
        return chain.Build(leaf);
    }

    [LoggerMessage(5712, LogLevel.Information, "{Count} returned messages were fetched by IMAP", EventName = "dst.returns.imap-fetched")]
    private partial void LogFetched(int count);

    [LoggerMessage(5713, LogLevel.Error, "Returned mail could not be fetched by IMAP; it is tried again. {Reason}", EventName = "dst.returns.imap-failed")]
    private partial void LogFailed(string reason);
}
