// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using Grpc.Net.Client;
using Tutti.Testing;
using Tutti.Testing.Server;
using Tutti.Wiring.Certificates;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Hosting;

namespace Tutti.Dst.Tests.Smtp;

/// <summary>What secures the ports between the servers changes no byte towards mail servers, and the other way round.</summary>
public sealed partial class ApartFromCorridorTests
{
    private const string Password = "a long password";

    // A certificate of the corridor's own authority would be the tempting mistake: the mail server shows one of it.
    private static readonly TestAuthority _authority = new("Corridor's");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [Trait("Row", "C-2.1.10")]
    [Trait("Row", "C-2.0.9")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_secured_distributor_says_the_same_to_a_mail_server_as_a_plain_one(bool startTls)
    {
        var plain = await Heard(isSecured: false, startTls);
        var secured = await Heard(isSecured: true, startTls);

        Assert.Equal(plain, secured);
        Assert.Contains("MAIL FROM:<news@sender.example>", plain, StringComparison.Ordinal);
        Assert.Contains("Content: value 1\r\n", plain, StringComparison.Ordinal);
    }

    /// <summary>Everything that a distributor says to a mail server for one message, but for what differs between any two messages.</summary>
    private static async Task<string> Heard(bool isSecured, bool startTls)
    {
        const string Ehlo = """
            M: \r\n
            S: 250-mx.example
            """;
        var script = "S: 220 mx.example ESMTP\n"
            + (startTls ? Ehlo + "\nS: 250 STARTTLS\nC: STARTTLS\nS: 220 2.0.0 Go ahead\nX: tls\n" : "")
            + Ehlo
            + """

            S: 250 ENHANCEDSTATUSCODES
            M: \r\n
            S: 250 2.1.0 Ok
            M: \r\n
            S: 250 2.1.5 Ok
            M: \r\n
            S: 354 Go on
            M: \r\n.\r\n
            S: 250 2.0.0 Taken
            """;
        await using var peer = ScriptedPeer.Certified(_authority.Issue(new TestCertificate("mx.example")), new(System.Net.IPAddress.Loopback, 0), script);
        using var folder = new TemporaryFolder();
        var home = new HomeFolder(folder.Path);
        if (isSecured)
        {
            Secure(home);
        }

        await using var server = await TestServer.Start([ComponentType.Of<Distributor>()], [("dst", "Mode=smarthost"), ("dst", $"Smarthost={peer.Endpoint}"), ("dst", "HeloName=dst.example")], home: home);
        using var channel = Dial(server.InternalPort, isSecured);
        var deliveries = new Contracts.Dst.V1.Deliveries.DeliveriesClient(channel);
        await deliveries.OpenAsync(Make.WireDelivery(1, TimeProvider.System.GetUtcNow()), cancellationToken: Stop);
        await deliveries.SubmitAsync(Make.WireBatch(1, 1, 1, 1), cancellationToken: Stop);
        await peer.Played;
        return Own().Replace(string.Concat(peer.Messages), "$1…\r\n");
    }

    private static void Secure(HomeFolder home)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(home.SslIni)!);
        Directory.CreateDirectory(Path.GetDirectoryName(home.ServerIni)!);
        var keystore = home.Resolve("conf/keystore.p12");
        File.WriteAllBytes(keystore, _authority.Issue(new TestCertificate("localhost")).ToKeystore(Password));
        File.WriteAllBytes(home.Resolve("conf/trusted-roots.p12"), Pkcs12Writer.Write([], [new TrustedEntry("root", _authority.Root)], TrustedRoots.ShippedPassword));
        File.WriteAllText(home.SslIni, $"SSLAllowedClients=localhost\nSSLKeystorePath={keystore}\nSSLKeystorePassword={Password}\n");
    }

    private static GrpcChannel Dial(int port, bool isSecured)
    {
        if (!isSecured)
        {
            return GrpcChannel.ForAddress($"http://127.0.0.1:{port}");
        }

        var own = _authority.Issue(new TestCertificate("localhost")).Certificate;
        var handler = new SocketsHttpHandler
        {
            SslOptions = new()
            {
                ClientCertificates = [own],
                RemoteCertificateValidationCallback = (_, shown, _, _) => shown is X509Certificate2 leaf && leaf.Issuer == _authority.Certificate.Subject,
            },
        };
        return GrpcChannel.ForAddress($"https://localhost:{port}", new GrpcChannelOptions { HttpHandler = handler, DisposeHttpClient = true });
    }

    [GeneratedRegex("^((?:Message-ID|Date): ).*\r\n", RegexOptions.Multiline)]
    private static partial Regex Own();
}
