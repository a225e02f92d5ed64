// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Time.Testing;
using Tutti.Testing;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Corridor;

namespace Tutti.Wiring.Tests.Corridor;

/// <summary>What a start comes to: the line of each component, or a refusal that says what to do, or a tracker that goes on alone.</summary>
public sealed class StartTests : IDisposable
{
    private const string Line = "TRK: Initializing Secure Sockets Layer (SSL) for component communication";
    private readonly World _world = new();

    public void Dispose() => _world.Dispose();

    public static TheoryData<string, string, string, string> Refused => new()
    {
        { "keystore missing", "ssl.keystore-missing", "commands/ssl.ini:2: SSLKeystorePath: ", "own.p12" },
        { "keystore is a folder", "ssl.keystore-unreadable", "commands/ssl.ini:2: SSLKeystorePath: ", "own.p12" },
        { "keystore empty", "ssl.keystore-format", "commands/ssl.ini:2: SSLKeystorePath: ", "own.p12" },
        { "keystore garbage", "ssl.keystore-format", "commands/ssl.ini:2: SSLKeystorePath: ", "own.p12" },
        { "keystore PEM", "ssl.keystore-format", "commands/ssl.ini:2: SSLKeystorePath: ", "openssl pkcs12 -export" },
        { "wrong password", "ssl.keystore-password", "commands/ssl.ini:3: SSLKeystorePassword: ", "" },
        { "password with a blank", "ssl.keystore-password", "commands/ssl.ini:3: SSLKeystorePassword: ", "ends with a blank" },
        { "no key", "ssl.no-key", "commands/ssl.ini:2: SSLKeystorePath: ", "" },
        { "two keys", "ssl.key-ambiguous", "commands/ssl.ini:2: SSLKeystorePath: ", "'first'" },
        { "unsigned", "ssl.cert-unsigned", "commands/ssl.ini:2: SSLKeystorePath: ", "tutti cert request" },
        { "other name", "ssl.cert-name", "commands/ssl.ini:2: SSLKeystorePath: ", "dst.tutti.test" },
        { "wildcard", "ssl.cert-name", "commands/ssl.ini:2: SSLKeystorePath: ", "*.tutti.test" },
        { "other authority", "ssl.cert-incomplete", "commands/ssl.ini:2: SSLKeystorePath: ", "CN=CA B" },
        { "incomplete", "ssl.cert-incomplete", "commands/ssl.ini:2: SSLKeystorePath: ", "CN=Int" },
        { "expired", "ssl.cert-expired", "commands/ssl.ini:2: SSLKeystorePath: ", "" },
        { "not yet valid", "ssl.cert-not-yet-valid", "commands/ssl.ini:2: SSLKeystorePath: ", "" },
        { "no clientAuth", "ssl.cert-purpose", "commands/ssl.ini:2: SSLKeystorePath: ", "AcceptServerOnlyCertificates" },
        { "no serverAuth", "ssl.cert-purpose", "commands/ssl.ini:2: SSLKeystorePath: ", "serverAuth" },
        { "weak", "ssl.cert-weak", "commands/ssl.ini:2: SSLKeystorePath: ", "1024" },
        { "no roots", "ssl.trust-empty", "conf/server.ini: TrustedRootsPath: ", "tutti cert trust add" },
        { "roots missing", "ssl.trust-missing", "conf/server.ini: TrustedRootsPath: ", "" },
        { "roots locked", "ssl.trust-password", "conf/server.ini: TrustedRootsPassword: ", "" },
        { "relative path", "ssl.path-relative", "commands/ssl.ini:2: SSLKeystorePath: ", "" },
        { "own name missing", "ssl.own-name-missing", "commands/ssl.ini:1: SSLAllowedClients: ", "" },
        { "look-alike", "ssl.file-name", "commands/SSL.ini: ", "Rename it" },
    };

    [Fact]
    [Trait("Row", "B-39")]
    public async Task A_start_that_is_plain_after_a_secured_one_says_when_that_was()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using (await _world.Start(clock))
        {
            Assert.DoesNotContain(_world.LogLines(), line => line.Contains("ssl.was-secured", StringComparison.Ordinal));
        }

        await using (await _world.Secure().Start(clock))
        {
        }

        var at = clock.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd HH:mm", global::System.Globalization.CultureInfo.InvariantCulture);
        clock.Advance(TimeSpan.FromHours(2));
        _world.Delete("commands/ssl.ini");
        await using (var plain = await _world.Start(clock))
        {
            Assert.Single(_world.LogLines(), line => line.Contains($"[ssl.was-secured]", StringComparison.Ordinal) && line.Contains($"last secured start was on {at} UTC", StringComparison.Ordinal));
        }

        _world.Delete("conf/last-secured");
        await using (await _world.Start(clock))
        {
            Assert.Single(_world.LogLines(), line => line.Contains("ssl.was-secured", StringComparison.Ordinal));
        }
    }

    [Fact]
    [Trait("Row", "C-2.2.0.13")]
    public async Task The_name_in_the_configuration_counts_whatever_the_machine_is_called()
    {
        await using var server = await _world.Secure().Start();

        Assert.NotEqual(World.Own, Dns.GetHostName());
        Assert.Single(_world.LogLines(), line => line.Contains($"This machine calls itself {Dns.GetHostName()};", StringComparison.Ordinal) && line.Contains(World.Own, StringComparison.Ordinal));
        using var caller = World.Caller(_world.Good(), server.InternalPort);
        await World.AssertServed(caller);
    }

    [Theory]
    [Trait("Row", "C-2.2.0.7")]
    [Trait("Row", "C-2.2.0.10")]
    [Trait("Row", "C-2.2.0.12")]
    [Trait("Row", "C-2.2.0.21")]
    [Trait("Row", "C-2.3.3")]
    [Trait("Row", "C-2.3.16")]
    [Trait("Row", "C-2.3.20")]
    [Trait("Row", "B-16")]
    [Trait("Row", "B-19")]
    [MemberData(nameof(Refused))]
    public async Task A_start_is_refused_with_code_place_and_what_to_do_and_no_port_is_opened(string which, string code, string start, string words)
    {
        Break(which);
        var refused = await Assert.ThrowsAsync<ConfigurationException>(() => _world.Start());

        var complaint = Assert.Single(refused.Complaints).ToString();
        Assert.StartsWith($"{start}[{code}] ", complaint, StringComparison.Ordinal);
        Assert.Contains(words, complaint, StringComparison.Ordinal);
        Assert.DoesNotContain(World.Password, complaint, StringComparison.Ordinal);
        Assert.Contains(_world.LogLines(), line => line.EndsWith(complaint, StringComparison.Ordinal));
        Assert.DoesNotContain(_world.LogLines(), line => line.Contains("listening", StringComparison.Ordinal));
        Assert.DoesNotContain(_world.LogLines("trk/logs/trk.log"), line => line.Contains("Secure Sockets", StringComparison.Ordinal));

        _world.Delete("commands/SSL.ini");
        if (Directory.Exists(_world.Keystore))
        {
            Directory.Delete(_world.Keystore);
        }

        await using var server = await _world.Secure().Start();
        using var caller = World.Caller(_world.Good(), server.InternalPort);
        await World.AssertServed(caller);
    }

    [Fact]
    [Trait("Row", "C-2.4.4")]
    [Trait("Row", "C-2.4.5")]
    public async Task Each_start_of_a_component_says_once_that_its_communication_is_secured()
    {
        await using var server = await _world.Secure().Start();
        var log = _world.LogLines("trk/logs/trk.log");
        Assert.EndsWith(" " + Line, Assert.Single(log, line => line.Contains("Secure Sockets", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.DoesNotContain(_world.LogLines(), line => line.Contains("Initializing", StringComparison.Ordinal));

        var said = Moment(log.Single(line => line.Contains("Secure Sockets", StringComparison.Ordinal)));
        Assert.True(said >= Moment(_world.LogLines().First(line => line.Contains("wiring.server.version", StringComparison.Ordinal))));
        Assert.True(said <= Moment(_world.LogLines().First(line => line.Contains("listening", StringComparison.Ordinal))));

        var component = server.Process.Components.Single();
        await component.Stop(TestContext.Current.CancellationToken);
        await component.Start(TestContext.Current.CancellationToken);
        Assert.Equal(2, _world.LogLines("trk/logs/trk.log").Count(line => line.EndsWith(" " + Line, StringComparison.Ordinal)));
    }

    [Fact]
    [Trait("Row", "C-2.0.6")]
    [Trait("Row", "C-2.4.5")]
    public async Task A_plain_server_does_not_say_it_and_tells_who_calls_it_with_tls()
    {
        await using var server = await _world.Start();
        Assert.DoesNotContain(_world.LogLines("trk/logs/trk.log"), line => line.Contains("Secure Sockets", StringComparison.Ordinal));

        using var caller = World.Caller(_world.Good(), server.TrackerPort);
        await World.AssertRefused(caller);
        await _world.Logged($"Connection refused [tls.expected-plain] port={server.TrackerPort} peer=127.0.0.1:");
        using var plain = new HttpClient { DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        Assert.Equal("served", await plain.GetStringAsync(new UriBuilder("http", "127.0.0.1", server.TrackerPort, "/tutti.trk.v1.Test/Call").Uri, TestContext.Current.CancellationToken));
    }

    [Fact]
    [Trait("Row", "C-1.0.5")]
    public async Task A_tracker_with_links_goes_on_for_readers_says_why_every_minute_and_comes_back_whole()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        _world.Secure();
        _world.Write("trk/data/links", "");
        _world.WriteIni(password: "wrong");
        await using var server = await _world.Start(clock);
        using var reader = new HttpClient();

        Assert.Equal("served", await reader.GetStringAsync(new Uri(server.TrackerWeb, "/c/token"), TestContext.Current.CancellationToken));
        using var ready = await reader.GetAsync(new Uri(server.TrackerWeb, "/ready"), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        foreach (var port in (int[])[server.InternalPort, server.TrackerPort])
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await Assert.ThrowsAsync<SocketException>(async () => await socket.ConnectAsync(IPAddress.Loopback, port, TestContext.Current.CancellationToken));
        }

        Assert.Equal(("refused", "ssl.keystore-password"), (DescribeCorridor.Of(server.Process.Corridor).State, DescribeCorridor.Of(server.Process.Corridor).Code));
        await World.Until(
            () =>
            {
                clock.Advance(TimeSpan.FromMinutes(1));
                return _world.LogLines().Count(line => line.Contains("[ssl.keystore-password]", StringComparison.Ordinal)) >= 3;
            },
            "Not repeated.");
        Assert.DoesNotContain(_world.LogLines("trk/logs/trk.log"), line => line.Contains("Secure Sockets", StringComparison.Ordinal));

        _world.WriteIni();
        await World.Until(
            () =>
            {
                clock.Advance(TimeSpan.FromMinutes(1));
                return _world.LogLines().Any(line => line.Contains("wiring.server.running", StringComparison.Ordinal));
            },
            "Not mended.");
        using var caller = World.Caller(_world.Good(), server.TrackerPort);
        await World.AssertServed(caller);
        using var readyAgain = await reader.GetAsync(new Uri(server.TrackerWeb, "/ready"), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, readyAgain.StatusCode);
        Assert.Single(_world.LogLines("trk/logs/trk.log"), line => line.EndsWith(" " + Line, StringComparison.Ordinal));
    }

    [Fact]
    [Trait("Row", "C-2.2.0.18")]
    [Trait("Row", "B-27")]
    public async Task Entries_for_further_names_are_shown_to_who_asks_for_them()
    {
        var second = _world.Good("trk-dmz.tutti.test");
        var own = _world.Good(World.Own);
        _world.Secure();
        _world.WriteKeystore(IssuedCertificate.Keystore(World.Password, ("a", second), ("b", own)));
        await using var server = await _world.Start();

        foreach (var (asked, expected) in (IEnumerable<(string, IssuedCertificate)>)[(World.Own, own), ("trk-dmz.tutti.test", second), ("TRK-DMZ.tutti.test", second), ("unknown.test", own), ("127.0.0.1", own)])
        {
            List<X509Certificate2> seen = [];
            using var caller = World.Caller(_world.Good(), server.InternalPort, asked, seen: seen);
            await World.AssertServed(caller);
            Assert.Equal(expected.Certificate.SerialNumber, seen[0].SerialNumber);
        }
    }

    [Fact]
    [Trait("Row", "B-27")]
    public async Task Of_two_keys_for_the_name_the_one_that_is_valid_counts()
    {
        var old = _world.Authority.Issue(new TestCertificate(World.Own) { From = TestCertificate.Usual.AddDays(-20), Until = TestCertificate.Usual.AddDays(-10) });
        var renewed = _world.Good(World.Own);
        _world.Secure();
        _world.WriteKeystore(IssuedCertificate.Keystore(World.Password, ("old", old), ("new", renewed)));
        await using var server = await _world.Start();
        List<X509Certificate2> seen = [];
        using var caller = World.Caller(_world.Good(), server.InternalPort, seen: seen);
        await World.AssertServed(caller);

        Assert.Equal(renewed.Certificate.SerialNumber, seen[0].SerialNumber);
    }

    [Fact]
    [Trait("Row", "C-2.3.22")]
    public async Task Files_that_others_can_read_are_a_warning_and_the_start_goes_on()
    {
        _world.Secure();
        File.SetUnixFileMode(_world.Keystore, (UnixFileMode)0b110_100_100);
        await using var server = await _world.Start();

        await _world.Logged("[ssl.permissions]", $"chmod 600 {_world.Keystore}");
        using var caller = World.Caller(_world.Good(), server.InternalPort);
        await World.AssertServed(caller);
    }

    [Theory]
    [Trait("Row", "C-2.2.0.26")]
    [Trait("Row", "B-19")]
    [Trait("Row", "B-23")]
    [Trait("Row", "B-25")]
    [InlineData("JKS by keytool", "ec256")]
    [InlineData("PKCS#12 by keytool", "rsa2048")]
    [InlineData("PKCS#12 with legacy ciphers by openssl", "rsa2048")]
    [InlineData("PKCS#12 by openssl", "ec384")]
    [InlineData("PKCS#12 by openssl", "ec521")]
    public async Task Keystores_of_other_tools_start_a_server(string which, string keyType)
    {
        _world.Secure(_world.Authority.Intermediate("Int").Issue(new TestCertificate(World.Own) { KeyType = keyType }));
        var other = Path.Combine(_world.Home.Path, "other.p12");
        if (which.EndsWith("keytool", StringComparison.Ordinal))
        {
            await Run(
                "keytool", "-importkeystore", "-noprompt", "-srckeystore", _world.Keystore, "-srcstoretype", "PKCS12", "-srcstorepass", World.Password,
                "-destkeystore", other, "-deststoretype", which.StartsWith("JKS", StringComparison.Ordinal) ? "JKS" : "PKCS12", "-deststorepass", World.Password);
        }
        else
        {
            var pem = Path.Combine(_world.Home.Path, "all.pem");
            await Run("openssl", "pkcs12", "-in", _world.Keystore, "-passin", "pass:" + World.Password, "-nodes", "-out", pem);
            await Run("openssl", ["pkcs12", "-export", "-in", pem, "-out", other, "-passout", "pass:" + World.Password, .. which.Contains("legacy", StringComparison.Ordinal) ? ["-legacy"] : Array.Empty<string>()]);
        }

        File.Move(other, _world.Keystore, overwrite: true);
        await using var server = await _world.Start();
        List<X509Certificate2> seen = [];
        using var caller = World.Caller(_world.Good(), server.InternalPort, seen: seen);
        await World.AssertServed(caller);
        Assert.Contains(seen, shown => shown.Subject.StartsWith("CN=Int", StringComparison.Ordinal));
    }

    private static async Task Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, error + await output);
    }

    private static DateTimeOffset Moment(string line) => DateTimeOffset.Parse(line.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);

    private void Break(string which)
    {
        var a = _world.Authority;
        var own = new TestCertificate(World.Own);
        _world.Secure();
        switch (which)
        {
            case "keystore missing":
                File.Delete(_world.Keystore);
                break;
            case "keystore is a folder":
                File.Delete(_world.Keystore);
                Directory.CreateDirectory(_world.Keystore);
                break;
            case "keystore empty":
                _world.WriteKeystore([]);
                break;
            case "keystore garbage":
                _world.WriteKeystore([1, 2, 3, 4, 5, 6, 7, 8]);
                break;
            case "keystore PEM":
                _world.WriteKeystore(System.Text.Encoding.ASCII.GetBytes(_world.Good(World.Own).ToPem()));
                break;
            case "wrong password":
                _world.WriteIni(password: "wrong");
                break;
            case "password with a blank":
                _world.WriteIni(password: World.Password + " ");
                break;
            case "no key":
                _world.WriteKeystore(IssuedCertificate.TrustedRoots(World.Password, a.Root));
                break;
            case "two keys":
                _world.WriteKeystore(IssuedCertificate.Keystore(World.Password, ("first", a.Issue(own)), ("second", a.Issue(own))));
                break;
            case "unsigned":
                _world.WriteKeystore(TestAuthority.SelfSigned(own).ToKeystore(World.Password));
                break;
            case "other name":
                _world.WriteKeystore(_world.Good("dst.tutti.test").ToKeystore(World.Password));
                break;
            case "wildcard":
                _world.WriteKeystore(_world.Good("*.tutti.test").ToKeystore(World.Password));
                break;
            case "other authority":
                _world.WriteKeystore(new TestAuthority("CA B").Issue(own).ToKeystore(World.Password));
                break;
            case "incomplete":
                _world.WriteKeystore(a.Intermediate("Int").Issue(own).ToKeystore(World.Password, withIntermediates: false));
                break;
            case "expired":
                _world.WriteKeystore(a.Issue(own with { From = TestCertificate.Usual.AddDays(-20), Until = TestCertificate.Usual.AddDays(-10) }).ToKeystore(World.Password));
                break;
            case "not yet valid":
                _world.WriteKeystore(a.Issue(own with { From = TestCertificate.Usual.AddDays(10), Until = TestCertificate.Usual.AddDays(20) }).ToKeystore(World.Password));
                break;
            case "no clientAuth":
                _world.WriteKeystore(a.Issue(own with { Uses = ["serverAuth"] }).ToKeystore(World.Password));
                break;
            case "no serverAuth":
                _world.WriteKeystore(a.Issue(own with { Uses = ["clientAuth"] }).ToKeystore(World.Password));
                break;
            case "weak":
                _world.WriteKeystore(a.Issue(own with { KeyType = "rsa1024" }).ToKeystore(World.Password));
                break;
            case "no roots":
                _world.WriteRoots();
                break;
            case "roots missing":
                _world.Delete("conf/trusted-roots.p12");
                break;
            case "roots locked":
                _world.WriteBytes("conf/trusted-roots.p12", IssuedCertificate.TrustedRoots("something else", a.Root));
                break;
            case "relative path":
                _world.Write("commands/ssl.ini", $"SSLAllowedClients={World.Own}\nSSLKeystorePath=own.p12\nSSLKeystorePassword={World.Password}\n");
                break;
            case "own name missing":
                _world.WriteIni(World.Other);
                break;
            case "look-alike":
                File.Move(_world.Home.SslIni, _world.Home.SslIni.Replace("ssl.ini", "SSL.ini", StringComparison.Ordinal));
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(which));
        }
    }
}
