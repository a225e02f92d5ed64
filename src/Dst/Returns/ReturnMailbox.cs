// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Tutti.Dst.Inbound;
using Tutti.Dst.Journal;
using Tutti.Mail.Returns;

namespace Tutti.Dst.Returns;

/// <summary>What the return domain takes: mail for signed addresses, and for a few mailboxes. It answers 250 only for what is on disk.</summary>
internal sealed partial class ReturnMailbox(
    ReturnSettings settings, ReturnKeys keys, JournalWorker journal, ReturnSignal signal, TimeProvider clock, ILogger<ReturnMailbox> logger) : Mailbox
{
    /// <inheritdoc/>
    public override string AnswerTo(string recipient)
    {
        var at = recipient.LastIndexOf('@');
        if (at < 0 || !recipient.AsSpan(at + 1).TrimEnd('.').Equals(settings.ReturnDomain, StringComparison.OrdinalIgnoreCase))
        {
            return "550 5.7.1 This server relays no mail.";
        }

        var local = recipient[..at];
        if (settings.ReturnMailboxes.Contains(local, StringComparer.OrdinalIgnoreCase))
        {
            return "250 2.1.5 Ok";
        }

        if (!ReturnAddress.TryRead(local, out _, out var token))
        {
            return "550 5.1.1 There is no such mailbox.";
        }

        if (!keys.Knows(token!))
        {
            signal.Raise();
            return "451 4.3.0 Come again in a minute.";
        }

        return keys.Open(token!) is null ? "550 5.1.1 There is no such mailbox." : "250 2.1.5 Ok";
    }

    /// <inheritdoc/>
    public override async ValueTask<string?> Keep(ReceivedMail mail, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var message = mail.Message.ToArray();
        var returns = mail.Recipients.Select(recipient => new NewReturn(now, DigestOf(recipient, message), mail.From, recipient, message)).ToList();
        try
        {
            await journal.Write(session => returns.Count(each => ReturnStore.Keep(session, each)));
        }
        catch (Exception failure) when (failure is DbException or InvalidOperationException)
        {
            LogNotKept(failure);
            return "452 4.3.1 It cannot be written at present.";
        }

        signal.Raise();
        return "250 2.0.0 Taken";
    }

    /// <summary>What makes a message the same when its sender brings it again.</summary>
    internal static byte[] DigestOf(string recipient, byte[] message)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var address = Encoding.UTF8.GetBytes(recipient.ToLowerInvariant());
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(length, address.Length);
        hash.AppendData(length);
        hash.AppendData(address);
        hash.AppendData(message);
        return hash.GetHashAndReset();
    }

    [LoggerMessage(5700, LogLevel.Error, "A returned message could not be written; its sender was asked to come again", EventName = "dst.returns.not-kept")]
    private partial void LogNotKept(Exception failure);
}
