// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Time.Testing;
using Tutti.Testing;
using Tutti.Testing.Server;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Hosting;
using Tutti.Wiring.Tests.Corridor;

namespace Tutti.Wiring.Tests.Hosting;

/// <summary>HTTPS for people and readers: independent of the corridor in every combination.</summary>
public sealed class HttpsTests : IDisposable
{
    private const string Name = "click.example.test";
    private readonly World _world = new();

    public void Dispose() => _world.Dispose();

    [Theory]
    [Trait("Row", "C-2.0.9")]
    [Trait("Row", "C-2.1.5")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_public_port_has_https_whether_the_corridor_is_secured_or_not(bool isSecured)
    {
        if (isSecured)
        {
            _world.Secure();
        }

        var certificate = TestAuthority.SelfSigned(new TestCertificate(Name));
        await using var server = await Start(certificate);
        List<X509Certificate2> seen = [];
        using var browser = Browser(server.TrackerWeb.Port, seen);

        using var answer = await browser.GetAsync(new Uri("/c/token", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal("served", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal("max-age=31536000", Assert.Single(answer.Headers.GetValues("Strict-Transport-Security")));
        Assert.Equal(certificate.Certificate.SerialNumber, seen[0].SerialNumber);
        if (isSecured)
        {
            using var caller = World.Caller(_world.Good(), server.TrackerPort);
            await World.AssertServed(caller);
        }
    }

    [Fact]
    public async Task Http_only_leads_to_https()
    {
        await using var server = await Start(TestAuthority.SelfSigned(new TestCertificate(Name)));
        using var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });

        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server.TrackerWeb, "/u/token?x=%C3%BC"));
        request.Headers.Host = Name;
        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.PermanentRedirect, answer.StatusCode);
        Assert.Equal($"https://{Name}/u/token?x=%C3%BC", answer.Headers.Location!.OriginalString);
        Assert.Equal(0, CountingPart.CallsOf(_world.Home));
    }

    [Fact]
    [Trait("Row", "B-1")]
    public async Task A_renewed_keystore_is_taken_up_and_a_broken_one_is_not()
    {
        await using var server = await Start(TestAuthority.SelfSigned(new TestCertificate(Name)));
        List<X509Certificate2> seen = [];
        var renewed = TestAuthority.SelfSigned(new TestCertificate(Name));
        _world.WriteBytes("people/https.p12", renewed.ToKeystore("people"));
        await _world.Logged("HTTPS: the changed keystore", "is taken up");
        _world.WriteBytes("people/https.p12", [1, 2, 3]);
        await _world.Logged("HTTPS: a changed keystore is not taken up", "[ssl.keystore-format]");

        using var browser = Browser(server.TrackerWeb.Port, seen);
        Assert.Equal("served", await browser.GetStringAsync(new Uri("/c/token", UriKind.Relative), TestContext.Current.CancellationToken));
        Assert.Equal(renewed.Certificate.SerialNumber, seen[0].SerialNumber);
    }

    [Fact]
    [Trait("Row", "C-2.1.5")]
    public async Task A_certificate_that_ended_is_a_warning_and_leaves_the_corridor_alone()
    {
        _world.Secure();
        await using var server = await Start(TestAuthority.SelfSigned(new TestCertificate(Name) { From = TestCertificate.Usual.AddDays(-9), Until = TestCertificate.Usual.AddDays(-2) }));
        await _world.Logged("HTTPS: the certificate 'server'", "browsers will warn");

        using var caller = World.Caller(_world.Good(), server.InternalPort);
        await World.AssertServed(caller);
    }

    [Fact]
    [Trait("Row", "B-5")]
    public async Task The_end_of_a_certificate_for_people_is_told_before()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        _world.WriteBytes("people/https.p12", TestAuthority.SelfSigned(new TestCertificate(Name) { Until = TestCertificate.Usual.AddDays(60) }).ToKeystore("people"));
        await using var server = await _world.Start(clock, "HttpsKeystorePath.trk=people/https.p12", "HttpsKeystorePassword.trk=people");
        await World.Until(
            () =>
            {
                clock.Advance(TimeSpan.FromDays(1));
                return _world.LogLines().Any(line => line.Contains("[ssl.expires-soon] HTTPS: the certificate CN=" + Name, StringComparison.Ordinal));
            },
            "Not told.");

        // The hub hears it too, in other words at each of the moments.
        using var channel = ControlSocket.Dial(ControlSocket.PathFor(_world.Home, []));
        var control = new Contracts.Server.V1.Control.ControlClient(channel);
        HashSet<string> told = [];
        for (var day = 0; day < 60; day++)
        {
            var status = await control.GetStatusAsync(new Contracts.Server.V1.StatusRequest(), cancellationToken: TestContext.Current.CancellationToken);
            told.UnionWith(status.Corridor.Warnings.Where(warning => warning.StartsWith("[ssl.expires-soon] HTTPS: the certificate CN=" + Name, StringComparison.Ordinal)));
            clock.Advance(TimeSpan.FromDays(1));
        }

        Assert.InRange(told.Count, 3, 4);
        Assert.Contains(told, warning => warning.Contains(" ended on ", StringComparison.Ordinal));
    }

    [Fact]
    [Trait("Row", "C-2.2.0.21")]
    public async Task One_keystore_serves_both()
    {
        _world.Secure();
        await using var server = await _world.Start(null, $"HttpsKeystorePath={_world.Keystore}", $"HttpsKeystorePassword={World.Password}");
        List<X509Certificate2> seen = [];
        using var browser = Browser(server.TrackerWeb.Port, seen);
        await browser.GetStringAsync(new Uri("/c/token", UriKind.Relative), TestContext.Current.CancellationToken);
        using var caller = World.Caller(_world.Good(), server.InternalPort);
        await World.AssertServed(caller);

        Assert.Equal(server.Process.Corridor.Identity.Own.Entry.Certificate.SerialNumber, seen[0].SerialNumber);
    }

    [Theory]
    [InlineData("people/absent.p12", "people", "ssl.keystore-missing", "HttpsKeystorePath")]
    [InlineData("people/https.p12", "wrong", "ssl.keystore-password", "HttpsKeystorePassword")]
    public async Task A_keystore_that_cannot_be_used_refuses_the_start(string path, string password, string code, string key)
    {
        _world.WriteBytes("people/https.p12", TestAuthority.SelfSigned(new TestCertificate(Name)).ToKeystore("people"));
        var refused = await Assert.ThrowsAsync<ConfigurationException>(() => _world.Start(null, $"HttpsKeystorePath.trk={path}", $"HttpsKeystorePassword.trk={password}"));

        Assert.Equal((code, key), (Assert.Single(refused.Complaints).Code, refused.Complaints[0].Key));
    }

    [Theory]
    [InlineData(SslProtocols.Tls12, true)]
    [InlineData(SslProtocols.Tls13, true)]
    public async Task Today_s_versions_are_spoken(SslProtocols protocol, bool isServed)
    {
        await using var server = await Start(TestAuthority.SelfSigned(new TestCertificate(Name)));
        using var browser = Browser(server.TrackerWeb.Port, [], protocol);

        Assert.Equal(isServed, await browser.GetStringAsync(new Uri("/c/token", UriKind.Relative), TestContext.Current.CancellationToken) == "served");
    }

    private Task<TestServer> Start(IssuedCertificate certificate)
    {
        _world.WriteBytes("people/https.p12", certificate.ToKeystore("people"));
        return _world.Start(null, "HttpsKeystorePath.trk=people/https.p12", "HttpsKeystorePassword.trk=people");
    }

#pragma warning disable CA5359 // The test looks at the certificate itself.
    private static HttpClient Browser(int port, List<X509Certificate2> seen, SslProtocols protocols = SslProtocols.None) => new(new SocketsHttpHandler
    {
        SslOptions =
        {
            TargetHost = Name,
            EnabledSslProtocols = protocols,
            RemoteCertificateValidationCallback = (_, shown, _, _) =>
            {
                seen.Add(X509CertificateLoader.LoadCertificate(shown!.GetRawCertData()));
                return true;
            },
        },
    })
    {
        BaseAddress = new UriBuilder("https", "127.0.0.1", port).Uri,
    };
#pragma warning restore CA5359
}
