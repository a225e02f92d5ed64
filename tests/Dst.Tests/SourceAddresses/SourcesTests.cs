// SPDX-License-Identifier: Apache-2.0
using System.ComponentModel.DataAnnotations;
using System.Net;
using Tutti.Dst.Smtp;
using Tutti.Dst.Tests.Smtp;
using Tutti.Testing;

namespace Tutti.Dst.Tests.SourceAddresses;

public sealed class SourcesTests
{
    private static readonly SmtpSettings _two = new() { Sources = ["127.0.0.5 five.example", "127.0.0.6 six.example"] };

    [Fact]
    public async Task Connections_leave_from_the_addresses_in_turn_each_with_its_name()
    {
        const string Script = "S: 220 mx.example\nM: \\r\\n\nS: 250 mx.example\nX: close";
        await using var peer = ScriptedPeer.Playing(Script, Script, Script, Script);
        var dialer = new SmtpDialer(_two, "dst.example", TimeProvider.System);

        for (var connection = 0; connection < 4; connection++)
        {
            var dialled = await dialer.Dial([new MailHost("mx.example", peer.Endpoint.Port, [IPAddress.Loopback])], TestContext.Current.CancellationToken);
            await dialled.Connection!.DisposeAsync();
        }

        await peer.Played;
        var seen = peer.Callers.Zip(peer.Messages, (caller, said) => $"{caller} {said.Trim()}");
        Assert.Equal(["127.0.0.5 EHLO five.example", "127.0.0.5 EHLO five.example", "127.0.0.6 EHLO six.example", "127.0.0.6 EHLO six.example"], seen.Order());
    }

    [Fact]
    public async Task An_IPv6_address_has_its_name_too()
    {
        await using var peer = ScriptedPeer.Certified(TestAuthority.SelfSigned(new TestCertificate("mx.example")), new IPEndPoint(IPAddress.IPv6Loopback, 0), "S: 220 mx.example\nC: EHLO v6.example\nS: 250 mx.example");

        var (connection, failure) = await Sending.Dial(peer, settings: new SmtpSettings { Sources = ["127.0.0.5 five.example", "::1 v6.example"] });

        Assert.Null(failure);
        await connection!.DisposeAsync();
        await peer.Played;
    }

    [Fact]
    public async Task A_host_that_no_named_address_can_reach_is_not_called_from_another_one()
    {
        var dialer = new SmtpDialer(_two, "dst.example", TimeProvider.System);

        var (connection, failure) = await dialer.Dial([new MailHost("mx.example", 25, [IPAddress.IPv6Loopback])], TestContext.Current.CancellationToken);

        Assert.Null(connection);
        Assert.Equal(Result.Deferred, failure!.Result);
        Assert.Contains("source address", failure.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_that_this_server_does_not_have_lets_mail_wait()
    {
        await using var peer = ScriptedPeer.Playing(Sending.Hello);

        var (connection, failure) = await Sending.Dial(peer, settings: new SmtpSettings { Sources = ["192.0.2.77 mail.example"] });

        Assert.Null(connection);
        Assert.Equal((Result.Broken, 0), (failure!.Result, peer.Connections));
    }

    [Theory]
    [InlineData("192.0.2.1 mail.example.com", true)]
    [InlineData("2001:db8::1  mail.example.com", true)]
    [InlineData("192.0.2.1", false)]
    [InlineData("mail.example.com 192.0.2.1", false)]
    [InlineData("192.0.2.1 mail example", false)]
    public void The_list_is_checked(string source, bool sound)
    {
        var settings = new SmtpSettings { Sources = [source] };

        Assert.Equal(sound, Validator.TryValidateObject(settings, new ValidationContext(settings), [], validateAllProperties: true));
    }
}
