// SPDX-License-Identifier: Apache-2.0
using Tutti.Dst.Smtp;

namespace Tutti.Dst.Tests.Smtp;

public sealed class EncryptionTests
{
    private const string Offering = """
        S: 220 mx.example ESMTP
        C: EHLO dst.example
        S: 250-mx.example
        S: 250-STARTTLS
        S: 250 PIPELINING

        """;

    private const string Message = Sending.Envelope + Sending.Agreed + "M: \\r\\n.\\r\\n\nS: 250 2.0.0 Ok\nC: QUIT\nS: 221 Bye";

    [Fact]
    public async Task A_receiver_that_offers_encryption_gets_it_whatever_its_certificate()
    {
        await using var peer = ScriptedPeer.Playing(Offering + """
            C: STARTTLS
            S: 220 Go ahead
            X: tls
            C: EHLO dst.example
            S: 250-mx.example
            S: 250 PIPELINING
            """ + "\n" + Message);
        await using var connection = await Sending.Open(peer);

        var answer = await Sending.Send(connection, Sending.Mail());
        await connection.Quit();

        await peer.Played;
        Assert.True(connection.IsEncrypted);
        Assert.False(connection.Extensions.StartTls);
        Assert.Equal(Result.Accepted, answer.Result);
    }

    [Fact]
    public async Task Where_encryption_fails_mail_goes_without_over_a_new_connection()
    {
        await using var peer = ScriptedPeer.Playing(
            Offering + "C: STARTTLS\nS: 220 Go ahead\nX: badtls",
            Offering + Message);
        await using var connection = await Sending.Open(peer);

        Assert.Equal(Result.Accepted, (await Sending.Send(connection, Sending.Mail())).Result);
        Assert.False(connection.IsEncrypted);
    }

    [Fact]
    public async Task Words_that_came_before_encryption_are_not_taken_for_replies_after_it()
    {
        await using var peer = ScriptedPeer.Playing(
            Offering + "C: STARTTLS\nS| 220 Go ahead\\r\\n250-mx.example\\r\\n250 SIZE 1\\r\\n\nX: close",
            Offering + Message);
        await using var connection = await Sending.Open(peer);

        Assert.Equal(Result.Accepted, (await Sending.Send(connection, Sending.Mail())).Result);
    }

    [Fact]
    public async Task A_refused_STARTTLS_changes_nothing()
    {
        await using var peer = ScriptedPeer.Playing(Offering + "C: STARTTLS\nS: 454 4.7.0 Not now\n" + Message);
        await using var connection = await Sending.Open(peer);

        Assert.Equal(Result.Accepted, (await Sending.Send(connection, Sending.Mail())).Result);
        await connection.Quit();
        await peer.Played;
    }

    [Fact]
    public async Task Encryption_can_be_turned_off()
    {
        await using var peer = ScriptedPeer.Playing(Offering + Message);
        await using var connection = await Sending.Open(peer, settings: new SmtpSettings { StartTls = false });

        Assert.Equal(Result.Accepted, (await Sending.Send(connection, Sending.Mail())).Result);
    }
}
