// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Tutti.Testing;

namespace Tutti.Wiring.Tests.Corridor;

/// <summary>Who is let in and who is not, on both ports; each with one good call at its end.</summary>
public sealed class IncomingTests : IDisposable
{
    private static readonly TestAuthority _stranger = new("CA B");
    private readonly World _world = new();

    public void Dispose() => _world.Dispose();

    public static TheoryData<string, string, string> Refused => new()
    {
        { "of another authority", "tls.untrusted", "'CN=CA B, O=Tutti tests' was neither sent nor is it trusted here" },
        { "of another authority that has the same name", "tls.untrusted", "" },
        { "signed by itself", "tls.self-signed", "" },
        { "expired", "tls.expired", "the clock here says" },
        { "not yet valid", "tls.not-yet-valid", "the clock here says" },
        { "of a name that is not listed", "tls.name-not-allowed", "names=lab.tutti.test: not in SSLAllowedClients of commands/ssl.ini." },
        { "with a wildcard only", "tls.no-name", "*.tutti.test" },
        { "with an address only", "tls.no-name", "" },
        { "with an address written as name", "tls.no-name", "" },
        { "with a mail address only", "tls.no-name", "" },
        { "with two common names", "tls.no-name", "" },
        { "with another name and the right common name", "tls.name-not-allowed", "names=lab.tutti.test" },
        { "for servers only", "tls.purpose", "clientAuth" },
        { "for mail only", "tls.purpose", "clientAuth" },
        { "for any use", "tls.purpose", "clientAuth" },
        { "of an authority", "tls.purpose", "authority" },
        { "without digital signature", "tls.purpose", "digitalSignature" },
        { "below an intermediate for servers only", "tls.purpose", "CN=Int" },
        { "below an intermediate that was left out", "tls.untrusted", "CN=Int" },
        { "below an expired intermediate", "tls.expired", "CN=Int" },
        { "below too long a path", "tls.untrusted", "path length" },
        { "outside of permitted names", "tls.untrusted", "name constraints" },
        { "none", "tls.no-certificate", "showed no certificate" },
    };

    public static TheoryData<string> Accepted =>
    [
        "usual", "in upper case", "with several names", "with a name and a wildcard", "with a name and an address", "without extended use", "with a common name only", "below an intermediate",
        "below two intermediates", "RSA", "P-384", "with a dot at its end", "with a hundred names",
    ];

    [Theory]
    [Trait("Row", "C-2.0.7")]
    [Trait("Row", "C-2.2.0.2")]
    [Trait("Row", "C-2.2.0.3")]
    [Trait("Row", "C-2.2.0.4")]
    [Trait("Row", "B-14")]
    [Trait("Row", "B-16")]
    [Trait("Row", "B-17")]
    [Trait("Row", "B-18")]
    [MemberData(nameof(Refused))]
    public async Task A_caller_is_refused_on_both_ports_and_reaches_nothing(string which, string code, string reason)
    {
        await using var server = await _world.Secure().Start();
        using var good = World.Caller(_world.Good(), server.InternalPort);
        foreach (var port in (int[])[server.InternalPort, server.TrackerPort])
        {
            foreach (var protocol in (SslProtocols[])[SslProtocols.Tls13, SslProtocols.Tls12])
            {
                using var caller = World.Caller(Certificate(which), port, protocols: protocol);
                await World.AssertRefused(caller);
            }

            await _world.Logged($"Connection refused [{code}] port={port} peer=127.0.0.1:", reason);
        }

        Assert.Equal(0, CountingPart.CallsOf(_world.Home));
        await World.AssertServed(good);
        Assert.Equal(1, CountingPart.CallsOf(_world.Home));
    }

    [Theory]
    [Trait("Row", "B-13")]
    [Trait("Row", "B-15")]
    [Trait("Row", "B-16")]
    [Trait("Row", "B-17")]
    [Trait("Row", "B-19")]
    [Trait("Row", "B-22")]
    [MemberData(nameof(Accepted))]
    public async Task A_caller_is_served_on_both_ports(string which)
    {
        await using var server = await _world.Secure().Start();
        foreach (var port in (int[])[server.InternalPort, server.TrackerPort])
        {
            using var caller = World.Caller(Certificate(which), port);
            await World.AssertServed(caller);
        }

        Assert.DoesNotContain(_world.LogLines(), line => line.Contains("refused [", StringComparison.Ordinal));
    }

    [Fact]
    [Trait("Row", "B-18")]
    public async Task A_certificate_for_servers_only_calls_where_the_setting_allows_it()
    {
        await using var server = await _world.Secure().Start(null, "AcceptServerOnlyCertificates=yes");
        using var serverOnly = World.Caller(Certificate("for servers only"), server.InternalPort);
        using var mail = World.Caller(Certificate("for mail only"), server.InternalPort);

        await World.AssertServed(serverOnly);
        await World.AssertRefused(mail);
        await _world.Logged("[tls.purpose]");
    }

    [Theory]
    [Trait("Row", "C-2.0.7")]
    [Trait("Row", "C-2.1.4")]
    [Trait("Row", "C-2.2.0.1")]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "tls.plain", "HTTP/2 without TLS")]
    [InlineData("GET /tutti.trk.v1.Test/Call HTTP/1.1\r\nHost: x\r\n\r\n", "tls.plain", "HTTP without TLS")]
    [InlineData("\u0001\u0002\u0003\u0004", "tls.plain", "something without TLS")]
    [InlineData("\u0080\u002e\u0001\u0000\u0002", "tls.protocol", "no TLS 1.2")]
    public async Task Who_speaks_without_tls_is_told_apart_and_gets_no_answer(string bytes, string code, string reason)
    {
        await using var server = await _world.Secure().Start();
        foreach (var port in (int[])[server.InternalPort, server.TrackerPort])
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(IPAddress.Loopback, port, TestContext.Current.CancellationToken);
            await socket.SendAsync(System.Text.Encoding.Latin1.GetBytes(bytes), TestContext.Current.CancellationToken);
            Assert.Equal(0, await Received(socket));
            await _world.Logged($"Connection refused [{code}] port={port} peer=127.0.0.1:", reason);
        }

        Assert.Equal(0, CountingPart.CallsOf(_world.Home));
        using var good = World.Caller(_world.Good(), server.TrackerPort);
        await World.AssertServed(good);
    }

    [Fact]
    [Trait("Row", "B-10")]
    public async Task The_address_of_an_issuer_in_a_strangers_certificate_is_not_asked()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var address = $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/ca.cer";
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={World.Other}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(World.Other);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509AuthorityInformationAccessExtension([], [address]));
        using var issuerKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var signed = request.Create(new X500DistinguishedName("CN=Nobody"), X509SignatureGenerator.CreateForECDsa(issuerKey), TestCertificate.Usual.AddDays(-1), TestCertificate.Usual.AddDays(9), [1, 2]);
        using var own = signed.CopyWithPrivateKey(key);

        await using var server = await _world.Secure().Start();
        using var caller = World.Caller(new IssuedCertificate(own, [], own), server.InternalPort);
        await World.AssertRefused(caller);
        await _world.Logged("[tls.untrusted]", "CN=Nobody");

        Assert.False(listener.Pending());
        using var good = World.Caller(_world.Good(), server.InternalPort);
        await World.AssertServed(good);
    }

    [Theory]
    [Trait("Row", "B-11")]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task Twenty_connections_one_after_the_other_through_an_intermediate_are_all_good(SslProtocols protocol)
    {
        await using var server = await _world.Secure(_world.Authority.Intermediate("Own Int").Issue(new TestCertificate(World.Own))).Start();
        var certificate = Certificate("below an intermediate");
        List<X509Certificate2> seen = [];
        for (var i = 0; i < 20; i++)
        {
            using var caller = World.Caller(certificate, server.InternalPort, protocols: protocol, seen: seen);
            await World.AssertServed(caller);
        }

        Assert.Contains(seen, shown => shown.Subject.StartsWith("CN=Own Int", StringComparison.Ordinal));
        Assert.Equal(20, CountingPart.CallsOf(_world.Home));
    }

    private static async Task<int> Received(Socket socket)
    {
        try
        {
            return await socket.ReceiveAsync(new byte[64], TestContext.Current.CancellationToken);
        }
        catch (SocketException)
        {
            // Closed the hard way.
            return 0;
        }
    }

    private IssuedCertificate? Certificate(string which)
    {
        var a = _world.Authority;
        var usual = new TestCertificate(World.Other);
        return which switch
        {
            "none" => null,
            "usual" => a.Issue(usual),
            "of another authority" => _stranger.Issue(usual),
            "of another authority that has the same name" => new TestAuthority("CA A").Issue(usual),
            "signed by itself" => TestAuthority.SelfSigned(usual),
            "expired" => a.Issue(usual with { From = TestCertificate.Usual.AddDays(-20), Until = TestCertificate.Usual.AddDays(-10) }),
            "not yet valid" => a.Issue(usual with { From = TestCertificate.Usual.AddDays(10), Until = TestCertificate.Usual.AddDays(20) }),
            "of a name that is not listed" => a.Issue(new TestCertificate("lab.tutti.test")),
            "with a wildcard only" => a.Issue(new TestCertificate("*.tutti.test")),
            "with an address only" => a.Issue(new TestCertificate { Subject = "CN=x y", Addresses = ["127.0.0.1"] }),
            "with an address written as name" => a.Issue(new TestCertificate("127.0.0.1")),
            "with a mail address only" => a.Issue(new TestCertificate { Subject = $"CN={World.Other}", Emails = ["a@tutti.test"] }),
            "with two common names" => a.Issue(usual with { Subject = $"CN={World.Other}, CN={World.Own}", HasAlternativeNames = false }),
            "with another name and the right common name" => a.Issue(new TestCertificate("lab.tutti.test") { Subject = $"CN={World.Other}" }),
            "for servers only" => a.Issue(usual with { Uses = ["serverAuth"] }),
            "for mail only" => a.Issue(usual with { Uses = ["emailProtection"] }),
            "for any use" => a.Issue(usual with { Uses = ["any"] }),
            "of an authority" => a.Issue(usual with { IsAuthority = true }),
            "without digital signature" => a.Issue(usual with { KeyUsages = X509KeyUsageFlags.KeyEncipherment }),
            "below an intermediate for servers only" => a.Intermediate("Int", uses: ["serverAuth"]).Issue(usual),
            "below an intermediate that was left out" => a.Intermediate("Int").Issue(usual) with { Intermediates = [] },
            "below an expired intermediate" => a.Intermediate("Int", from: TestCertificate.Usual.AddDays(-20), until: TestCertificate.Usual.AddDays(-10)).Issue(usual),
            "below too long a path" => a.Intermediate("Top", pathLength: 0).Intermediate("Int").Issue(usual),
            "outside of permitted names" => a.Intermediate("Int", permittedDomain: "example.test").Issue(usual),
            "in upper case" => a.Issue(new TestCertificate(World.Other.ToUpperInvariant())),
            "with several names" => a.Issue(new TestCertificate("first.tutti.test", World.Other, "third.tutti.test")),
            "with a name and a wildcard" => a.Issue(new TestCertificate("*.tutti.test", World.Other)),
            "with a name and an address" => a.Issue(usual with { Addresses = ["10.1.1.1"] }),
            "without extended use" => a.Issue(usual with { Uses = null }),
            "with a common name only" => a.Issue(usual with { HasAlternativeNames = false }),
            "below an intermediate" => a.Intermediate("Int").Issue(usual),
            "below two intermediates" => a.Intermediate("Top").Intermediate("Int").Issue(usual),
            "RSA" => a.Issue(usual with { KeyType = "rsa2048" }),
            "P-384" => a.Issue(usual with { KeyType = "ec384" }),
            "with a dot at its end" => a.Issue(new TestCertificate(World.Other + ".")),
            "with a hundred names" => a.Issue(new TestCertificate([.. Enumerable.Range(0, 99).Select(i => $"n{i}.tutti.test"), World.Other])),
            _ => throw new ArgumentOutOfRangeException(nameof(which)),
        };
    }
}
