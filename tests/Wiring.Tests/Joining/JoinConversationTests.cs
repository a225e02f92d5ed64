// SPDX-License-Identifier: Apache-2.0
using System.Collections;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using Google.Protobuf;
using Tutti.Contracts.Server.V1;
using Tutti.Wiring.Certificates.Issuing;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Corridor;
using Tutti.Wiring.Joining;

namespace Tutti.Wiring.Tests.Joining;

/// <summary>The conversation by which a server is let in, over real connections, with everything that a stranger may try.</summary>
public sealed class JoinConversationTests : IDisposable
{
    private readonly JoinHost _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    [Trait("Row", "B-4")]
    public async Task With_the_code_a_server_gets_what_a_secured_start_needs()
    {
        var code = _host.Code();
        var (answering, joined) = (_host.AnswerOne(), _host.Join(code));

        Assert.True(await answering);
        Assert.Equal(_host.Installed.SerialNumber, (await joined).Value);
        var look = CorridorFiles.Look(_host.Home, ServerConfiguration.Read(_host.Home, new Hashtable()), new Hashtable(), _host.Clock);
        Assert.Empty(look.Refusals);
        Assert.Empty(look.Warnings);
        Assert.Equal([JoinHost.HubName, JoinHost.Name], look.Allowed);
        Assert.Equal(JoinHost.HubName, _host.Files.Hub);
        foreach (var file in (string[])["conf/keystore.p12", "conf/trusted-roots.p12", "commands/ssl.ini", "conf/cluster.ini", "conf/server.ini"])
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_host.Home.Resolve(file)));
        }
    }

    [Fact]
    [Trait("Row", "B-4")]
    public async Task A_code_that_was_used_lets_nobody_in_again()
    {
        var code = _host.Code();
        var answering = _host.AnswerOne();
        Assert.False((await _host.Join(code)).IsRefused);
        Assert.True(await answering);

        var again = _host.AnswerOne();
        Assert.Equal("join.not-waiting", (await _host.Join(code)).Refusal.Code);
        Assert.False(await again);
    }

    [Fact]
    [Trait("Row", "B-4")]
    public async Task After_an_hour_a_code_is_worth_nothing()
    {
        var code = _host.Code();
        _host.Clock.Advance(JoinTicket.Life);
        var answering = _host.AnswerOne();

        Assert.Equal("join.not-waiting", (await _host.Join(code)).Refusal.Code);
        Assert.False(await answering);
        Assert.False(_host.Files.IsSecured);

        var fresh = _host.Code();
        answering = _host.AnswerOne();
        Assert.False((await _host.Join(fresh)).IsRefused);
        Assert.True(await answering);
    }

    [Fact]
    [Trait("Row", "B-4")]
    public async Task Five_wrong_guesses_end_a_code_and_right_ones_do_not_count()
    {
        var ticket = JoinTicket.Create(_host.Home, JoinHost.Name, JoinPurpose.New, _host.Clock.GetUtcNow());
        var guess = JoinCode.Of(ticket.Certificate, JoinCode.NewSecret());
        for (var tries = JoinTicket.Tries - 1; tries >= 0; tries--)
        {
            var answering = _host.AnswerOne();
            var refusal = (await _host.Join(guess)).Refusal;
            Assert.Equal("join.wrong-code", refusal.Code);
            Assert.False(await answering);
            Assert.Equal(tries, JoinTicket.Find(_host.Home)!.TriesLeft);
        }

        var last = _host.AnswerOne();
        Assert.Equal("join.not-waiting", (await _host.Join(ticket.Code)).Refusal.Code);
        Assert.False(await last);
        Assert.False(_host.Files.IsSecured);
    }

    [Fact]
    [Trait("Row", "B-4")]
    public async Task Nothing_is_given_to_a_server_with_another_key()
    {
        using var other = new JoinHost();
        var (code, _) = (_host.Code(), other.Code());
        var answering = other.AnswerOne();

        Assert.Equal("join.other-key", (await _host.Join(code, other.Port)).Refusal.Code);
        Assert.False(await answering);
        Assert.Equal(JoinTicket.Tries, JoinTicket.Find(other.Home)!.TriesLeft);
    }

    [Fact]
    [Trait("Row", "B-4")]
    public async Task Somebody_in_between_with_a_certificate_of_his_own_learns_and_changes_nothing()
    {
        var code = _host.Code();

        // Towards HUB he needs the key of the code: another one is noticed before anything is said.
        using var middle = new TcpListener(IPAddress.Loopback, 0);
        middle.Start();
        var his = NewKey.Create("middle", [JoinHost.Name], NewKeyType.Ec256, _host.Clock.GetUtcNow()).Certificate;
        var betweenHub = Task.Run(async () =>
        {
            using var client = await middle.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
            await using var stream = new SslStream(client.GetStream());
            await stream.AuthenticateAsServerAsync(JoinTls.ForServer(his, _ => true), TestContext.Current.CancellationToken);
            return await stream.ReadAtLeastAsync(new byte[1], 1, throwOnEndOfStream: false, TestContext.Current.CancellationToken);
        }, TestContext.Current.CancellationToken);
        Assert.Equal("join.other-key", (await _host.Join(code, ((IPEndPoint)middle.LocalEndpoint).Port)).Refusal.Code);
        try
        {
            Assert.Equal(0, await betweenHub);
        }
        catch (Exception exception) when (exception is IOException or System.Security.Authentication.AuthenticationException)
        {
            // Refused in the handshake already.
        }

        // Towards the server a proof that HUB made for another connection is a wrong one, even with the right secret and numbers.
        var answering = _host.AnswerOne();
        var ticket = JoinTicket.Find(_host.Home)!;
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, _host.Port, TestContext.Current.CancellationToken);
        await using var toServer = new SslStream(socket.GetStream());
        await toServer.AuthenticateAsClientAsync(JoinTls.ForHub(JoinHost.Name, his, _ => true), TestContext.Current.CancellationToken);
        var challenge = (await JoinMessages.Receive(toServer, TestContext.Current.CancellationToken)).Challenge;
        var hubs = NewKey.Create("hub", ["hub.invalid"], NewKeyType.Ec256, _host.Clock.GetUtcNow()).Certificate;
        var nonce = RandomNumberGenerator.GetBytes(JoinProofs.NonceLength);
        var proof = JoinProofs.OfHub(ticket.Secret, ticket.Certificate, hubs, challenge.Nonce.Span, nonce);
        await JoinMessages.Send(toServer, new JoinMessage { Proof = new JoinProof { Proof = ByteString.CopyFrom(proof), Nonce = ByteString.CopyFrom(nonce) } }, TestContext.Current.CancellationToken);
        Assert.Equal("join.wrong-code", (await JoinMessages.Receive(toServer, TestContext.Current.CancellationToken)).Refusal.Code);
        Assert.False(await answering);

        var good = _host.AnswerOne();
        Assert.False((await _host.Join(code)).IsRefused);
        Assert.True(await good);
    }

    [Fact]
    [Trait("Row", "B-4")]
    public async Task What_is_not_good_here_is_not_taken_and_the_code_stays_good()
    {
        var code = _host.Code();
        var answering = _host.AnswerOne();
        var refusal = (await _host.Join(code, change: grant => grant with { Certificate = _host.Grant(OtherRequest()).Certificate })).Refusal;

        Assert.Equal("cert.other-key", refusal.Code);
        Assert.False(await answering);
        Assert.False(_host.Files.IsSecured);

        var good = _host.AnswerOne();
        Assert.False((await _host.Join(code)).IsRefused);
        Assert.True(await good);
    }

    [Fact]
    [Trait("Row", "B-36")]
    public void A_renewal_takes_a_new_key_and_the_old_certificate_stays_until_everything_fits()
    {
        var ticket = JoinTicket.Create(_host.Home, JoinHost.Name, JoinPurpose.New, _host.Clock.GetUtcNow());
        var first = _host.Files.Take(ticket.Entry, _host.Grant(NewKey.SigningRequest(ticket.Entry))).Value;

        var request = _host.Files.RequestRenewal().Value;
        Assert.Equal(KeyOf(request), KeyOf(_host.Files.RequestRenewal().Value));
        Assert.Equal("cert.other-key", _host.Files.InstallRenewal(_host.Grant(OtherRequest()).Certificate, [_host.Authority.Root]).Refusal.Code);
        Assert.Equal("cert.other-name", _host.Files.InstallRenewal(_host.Grant(request, "other.tutti.test").Certificate, [_host.Authority.Root]).Refusal.Code);
        Assert.Equal(first.SerialNumber, _host.Installed.SerialNumber);

        var renewed = _host.Files.InstallRenewal(_host.Grant(request).Certificate, [_host.Authority.Root]).Value;
        Assert.Equal(renewed.SerialNumber, _host.Installed.SerialNumber);
        Assert.NotEqual(Convert.ToHexString(first.PublicKey.ExportSubjectPublicKeyInfo()), Convert.ToHexString(renewed.PublicKey.ExportSubjectPublicKeyInfo()));
        Assert.Equal("cluster.no-request", _host.Files.InstallRenewal(renewed, [_host.Authority.Root]).Refusal.Code);
    }

    private static string KeyOf(string request) =>
        Convert.ToHexString(System.Security.Cryptography.X509Certificates.CertificateRequest.LoadSigningRequestPem(request, HashAlgorithmName.SHA256).PublicKey.ExportSubjectPublicKeyInfo());

    private string OtherRequest() => NewKey.SigningRequest(NewKey.Create("other", [JoinHost.Name], NewKeyType.Ec256, _host.Clock.GetUtcNow()));
}
