// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Tutti.Dst.Inbound;
using Tutti.Dst.Returns;
using Tutti.Dst.Returns.Rules;
using Tutti.Mail.Links;
using Tutti.Mail.Returns;
using Tutti.Wiring.Storage;

namespace Tutti.Dst.Tests.Returns;

/// <summary>The return domain of a store that is open: its mailbox and its reader, over the key that test deliveries have.</summary>
internal sealed class Returning : IDisposable
{
    public const string Domain = "bounces.sender.example";

    private Returning(OpenStore store, Database database, ReturnSettings settings)
    {
        Keys = new ReturnKeys(database);
        Mailbox = new ReturnMailbox(settings, Keys, store.Journal, Signal, store.Clock, NullLogger<ReturnMailbox>.Instance);
        Reader = new ReadReturnsWorker(
            new ReturnStore(database), Keys, new ReturnReading(Keys, BounceRulesFile.Shipped), settings, Signal, store.Journal, store.Clock, NullLogger<ReadReturnsWorker>.Instance);
    }

    public static ReturnKey Key { get; } = new(new LinkKey(1, new byte[32]));

    public ReturnSignal Signal { get; } = new();

    public ReturnKeys Keys { get; }

    public ReturnMailbox Mailbox { get; }

    public ReadReturnsWorker Reader { get; }

    public static async Task<Returning> Of(OpenStore store, Database database, ReturnSettings? settings = null)
    {
        var returning = new Returning(store, database, settings ?? new ReturnSettings { ReturnDomain = Domain });
        await returning.Keys.Refresh(CancellationToken.None);
        return returning;
    }

    public static string AddressOf(long job, long recipient, ReturnUse use = ReturnUse.Bounce) =>
        $"{ReturnAddress.LocalPart(use, Key.Seal((ulong)job, (ulong)recipient))}@{Domain}";

    /// <summary>Brings a message as a client of the receiver does.</summary>
    public ValueTask<string?> Bring(string message, params string[] recipients) =>
        Mailbox.Keep(new ReceivedMail("", recipients, Encoding.UTF8.GetBytes(message)), CancellationToken.None);

    public void Dispose()
    {
        Reader.Dispose();
        Signal.Dispose();
    }

    /// <summary>A delivery status notification.</summary>
    public static string Notification(string status, string words, string action = "failed") =>
        $"""
        From: MAILER-DAEMON@mx.elsewhere.example
        Subject: Undelivered
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=delivery-status; boundary=b

        --b

        Sorry.
        --b
        Content-Type: message/delivery-status

        Reporting-MTA: dns; mx.elsewhere.example

        Final-Recipient: rfc822; somebody@elsewhere.example
        Action: {action}
        Status: {status}
        Diagnostic-Code: smtp; {words}

        --b--
        """;
}
