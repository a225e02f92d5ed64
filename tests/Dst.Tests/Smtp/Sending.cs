// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Text;
using Tutti.Dst.Smtp;

namespace Tutti.Dst.Tests.Smtp;

/// <summary>What the tests of sending share.</summary>
internal static class Sending
{
    public const string Hello = """
        S: 220 mx.example ESMTP
        C: EHLO dst.example
        S: 250-mx.example
        S: 250-PIPELINING
        S: 250 8BITMIME

        """;

    public const string Envelope = """
        C: MAIL FROM:<news@sender.example>
        C: RCPT TO:<a@mx.example>
        C: DATA

        """;

    public const string Agreed = """
        S: 250 2.1.0 Ok
        S: 250 2.1.5 Ok
        S: 354 Go on

        """;

    public static OutgoingMail Mail(string to = "a@mx.example", string message = "Subject: Hi\r\n\r\nHello.\r\n") =>
        new("news@sender.example", to, Encoding.UTF8.GetBytes(message));

    public static async Task<Dialled> Dial(ScriptedPeer peer, TimeProvider? clock = null, SmtpSettings? settings = null, CancellationToken? lifetime = null) =>
        await Dial(peer.Endpoint, clock, settings, lifetime);

    public static async Task<Dialled> Dial(IPEndPoint endpoint, TimeProvider? clock = null, SmtpSettings? settings = null, CancellationToken? lifetime = null) =>
        await new SmtpDialer(settings ?? new SmtpSettings(), "dst.example", clock ?? TimeProvider.System)
            .Dial([new MailHost("mx.example", endpoint.Port, [endpoint.Address])], lifetime ?? TestContext.Current.CancellationToken);

    public static async Task<SmtpConnection> Open(ScriptedPeer peer, TimeProvider? clock = null, SmtpSettings? settings = null, CancellationToken? lifetime = null)
    {
        var dialled = await Dial(peer, clock, settings, lifetime);
        Assert.Null(dialled.Failure);
        return dialled.Connection!;
    }

    /// <summary>Both steps; the answer of the one that decided.</summary>
    public static async Task<Answer> Send(SmtpConnection connection, OutgoingMail mail)
    {
        var prepared = await connection.Prepare(mail);
        return prepared.Result == Result.Ready ? await connection.Complete() : prepared;
    }
}
