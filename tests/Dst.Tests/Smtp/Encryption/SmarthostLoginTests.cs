// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tutti.Dst.Capture;
using Tutti.Dst.Smtp;
using Tutti.Dst.Smtp.Destinations;
using Tutti.Dst.Smtp.Encryption;
using Tutti.Testing;
using Tutti.Wiring.Configuration;

namespace Tutti.Dst.Tests.Smtp.Encryption;

/// <summary>A smarthost that wants to know who brings mail, on an address: certificates may carry those too.</summary>
public sealed class SmarthostLoginTests
{
    private const string Offered = Outbound.Started + "C: EHLO dst.example\nS: 250-mx.example\n";

    private static readonly string _plain = Convert.ToBase64String(Encoding.UTF8.GetBytes("\0tutti\0päss"));
    private static readonly TestCertificate _good = new("mx.example") { Addresses = ["127.0.0.1"] };

    [Fact]
    public async Task The_password_goes_over_the_encrypted_connection_in_one_go()
    {
        await using var peer = Smarthost(_good, Offered + $"S: 250 AUTH LOGIN PLAIN\nC: AUTH PLAIN {_plain}\nS: 235 2.7.0 Welcome\n");

        var (connection, failure) = await Dial(peer, SmarthostTls.Verified);

        Assert.Null(failure);
        Assert.True(connection!.IsEncrypted);
        await connection.DisposeAsync();
        await peer.Played;
    }

    [Fact]
    public async Task A_smarthost_that_only_knows_LOGIN_is_answered_question_by_question()
    {
        var password = Convert.ToBase64String(Encoding.UTF8.GetBytes("päss"));
        await using var peer = Smarthost(_good, Offered + $"S: 250 AUTH=LOGIN\nC: AUTH LOGIN\nS: 334 VXNlcm5hbWU6\nC: dHV0dGk=\nS: 334 UGFzc3dvcmQ6\nC: {password}\nS: 235 Welcome\n");

        var (connection, failure) = await Dial(peer, SmarthostTls.Verified);

        Assert.Null(failure);
        await connection!.DisposeAsync();
        await peer.Played;
    }

    [Theory]
    [InlineData("S: 250 AUTH PLAIN\nC: AUTH PLAIN AHR1dHRpAHDDpHNz\nS: 535 5.7.8 Who are you?\n", "Who are you?")]
    [InlineData("S: 250 AUTH LOGIN\nC: AUTH LOGIN\nS: 504 Not really\n", "Not really")]
    [InlineData("S: 250 AUTH GSSAPI CRAM-MD5\n", "neither AUTH PLAIN nor AUTH LOGIN")]
    public async Task A_smarthost_that_does_not_want_us_puts_mail_off(string script, string words)
    {
        await using var peer = Smarthost(_good, Offered + script);

        var (connection, failure) = await Dial(peer, SmarthostTls.Verified);

        Assert.Null(connection);
        Assert.Equal((Result.Deferred, Stage.Connecting), (failure!.Result, failure.Stage));
        Assert.Contains(words, failure.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("S: 220 mx.example\nC: EHLO dst.example\nS: 250-mx.example\nS: 250 AUTH PLAIN\n")]
    [InlineData("S: 220 mx.example\nC: EHLO dst.example\nS: 250-mx.example\nS: 250-AUTH PLAIN\nS: 250 STARTTLS\nC: STARTTLS\nS: 454 Not now\n")]
    public async Task A_password_never_travels_in_the_clear(string script)
    {
        await using var peer = Smarthost(_good, script, "S: 220 mx.example\nC: EHLO dst.example\nS: 250-mx.example\nS: 250 AUTH PLAIN\n");

        var (connection, failure) = await Dial(peer, SmarthostTls.Required);

        Assert.Null(connection);
        Assert.Contains("Encryption is required", failure!.Text, StringComparison.Ordinal);
        Assert.Equal(1, peer.Connections);
    }

    [Fact]
    public async Task Where_settings_do_not_demand_encryption_the_password_is_kept_back_all_the_same()
    {
        await using var peer = Smarthost(_good, "S: 220 mx.example\nC: EHLO dst.example\nS: 250-mx.example\nS: 250 AUTH PLAIN\n");

        var (connection, failure) = await Dial(peer, SmarthostTls.May);

        Assert.Null(connection);
        Assert.Contains("does not travel in the clear", failure!.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SmarthostTls.Verified, false)]
    [InlineData(SmarthostTls.Required, true)]
    public async Task A_certificate_for_somebody_else_is_enough_only_where_it_need_not_be_verified(object tls, bool enough)
    {
        await using var peer = Smarthost(new TestCertificate("other.example"), enough ? Offered + $"S: 250 AUTH PLAIN\nC: AUTH PLAIN {_plain}\nS: 235 Welcome\n" : Outbound.Started);

        var (connection, failure) = await Dial(peer, (SmarthostTls)tls);

        Assert.Equal(enough, connection is not null);
        Assert.Equal(enough ? null : Result.Deferred, failure?.Result);
        if (connection is not null)
        {
            await connection.DisposeAsync();
        }
    }

    private static ScriptedPeer Smarthost(TestCertificate certificate, params string[] scripts) =>
        ScriptedPeer.Certified(Outbound.Authority.Issue(certificate), new(global::System.Net.IPAddress.Loopback, 0), scripts);

    private static async Task<Dialled> Dial(ScriptedPeer peer, SmarthostTls tls)
    {
        var settings = new RouteSettings
        {
            Mode = DeliveryMode.Smarthost,
            Smarthost = peer.Endpoint.ToString(),
            SmarthostTls = tls,
            SmarthostUser = "tutti",
            SmarthostPassword = new Secret("päss"),
        };
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("roots.pem"), Outbound.Authority.Certificate.ExportCertificatePem());
        var routes = new MailRoutes(settings, new MailExchangers(settings, MailExchangers.ClientFor(settings), TimeProvider.System), new CaptureAddress());
        var route = await routes.Find("anything.example", TestContext.Current.CancellationToken);
        return await new SmtpDialer(new SmtpSettings(), "dst.example", TimeProvider.System, TlsRoots.Read(folder.File("roots.pem"))).Dial(route.Hosts, TestContext.Current.CancellationToken);
    }
}
