// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Time.Testing;
using Tutti.Testing;
using Tutti.Wiring.Corridor;

namespace Tutti.Wiring.Tests.Corridor;

/// <summary>What a running server takes up without a restart, and what that means for connections that are open.</summary>
public sealed class ReloadTests : IDisposable
{
    private readonly World _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    [Trait("Row", "B-1")]
    [Trait("Row", "B-2")]
    [Trait("Row", "C-2.3.7")]
    public async Task A_name_that_is_added_is_let_in_at_its_next_try()
    {
        await using var server = await _world.Secure(null, World.Own).Start();
        using var caller = World.Caller(_world.Good(), server.InternalPort);
        await World.AssertRefused(caller);
        await _world.Logged("[tls.name-not-allowed]", "names=ui.tutti.test");

        _world.WriteIni();
        await _world.Logged("Changed files of the corridor are taken up");
        await World.AssertServed(caller);
    }

    [Fact]
    [Trait("Row", "B-1")]
    [Trait("Row", "C-1.0.5")]
    public async Task A_renewed_certificate_is_shown_on_the_next_connection_and_no_call_fails()
    {
        await using var server = await _world.Secure().Start();
        List<X509Certificate2> seen = [];
        using var first = World.Caller(_world.Good(), server.InternalPort, seen: seen);
        await World.AssertServed(first);
        var old = seen[0].SerialNumber;

        var renewed = _world.Good(World.Own);
        _world.WriteKeystore(renewed.ToKeystore(World.Password));
        await _world.Logged("The corridor is secured", renewed.Certificate.SerialNumber, "days left");
        for (var i = 0; i < 20; i++)
        {
            await World.AssertServed(first);
        }

        Assert.NotEqual(old, seen[0].SerialNumber);
        Assert.Equal(renewed.Certificate.SerialNumber, seen[0].SerialNumber);
    }

    [Fact]
    [Trait("Row", "B-1")]
    public async Task A_bad_change_changes_nothing_and_is_told_and_a_repaired_one_is_taken_up()
    {
        await using var server = await _world.Secure().Start();
        using var caller = World.Caller(_world.Good(), server.InternalPort);

        _world.WriteIni("ui.tutti.test");
        var refused = server.Process.Corridor.Reload(now: true);
        Assert.Equal("ssl.own-name-missing", Assert.Single(refused).Code);
        await _world.Logged("A change is not taken up", "[ssl.own-name-missing]");
        await World.AssertServed(caller);
        Assert.Equal("ssl.own-name-missing", DescribeCorridor.Of(server.Process.Corridor).Code);

        _world.WriteIni($"{World.Own},{World.Other},dst.tutti.test");
        Assert.Empty(server.Process.Corridor.Reload(now: true));
        Assert.Contains("dst.tutti.test", server.Process.Corridor.Identity.Allowed);
        Assert.Equal(("secured", ""), (DescribeCorridor.Of(server.Process.Corridor).State, DescribeCorridor.Of(server.Process.Corridor).Code));
    }

    [Fact]
    [Trait("Row", "B-2")]
    public async Task Keystore_and_password_that_are_replaced_one_after_the_other_raise_no_error()
    {
        await using var server = await _world.Secure().Start();
        var renewed = _world.Good(World.Own);

        _world.WriteIni(password: "another");
        server.Process.Corridor.Reload(now: false);
        _world.WriteKeystore(renewed.ToKeystore("another"));
        server.Process.Corridor.Reload(now: false);

        Assert.Equal(renewed.Certificate.SerialNumber, server.Process.Corridor.Identity.Own.Entry.Certificate.SerialNumber);
        Assert.DoesNotContain(_world.LogLines(), line => line.Contains("not taken up", StringComparison.Ordinal));
    }

    [Fact]
    [Trait("Row", "B-2")]
    public async Task A_folder_swapped_by_a_link_is_noticed_without_an_event()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var folders = _world.Home.Path;
        var renewed = _world.Good(World.Own);
        _world.WriteBytes("one/own.p12", _world.Good(World.Own).ToKeystore(World.Password));
        _world.WriteBytes("two/own.p12", renewed.ToKeystore(World.Password));
        Directory.CreateSymbolicLink(Path.Combine(folders, "current"), Path.Combine(folders, "one"));
        _world.Secure();
        _world.Write("commands/ssl.ini", $"SSLAllowedClients={World.Own},{World.Other}\nSSLKeystorePath={folders}/current/own.p12\nSSLKeystorePassword={World.Password}\n");
        await using var server = await _world.Start(clock);

        Directory.CreateSymbolicLink(Path.Combine(folders, "next"), Path.Combine(folders, "two"));
        using (var rename = Process.Start("mv", ["-T", Path.Combine(folders, "next"), Path.Combine(folders, "current")]))
        {
            await rename.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        await World.Until(
            () =>
            {
                clock.Advance(TimeSpan.FromSeconds(20));
                return server.Process.Corridor.Identity.Own.Entry.Certificate.SerialNumber == renewed.Certificate.SerialNumber;
            },
            "The new keystore was not taken up.");
    }

    [Fact]
    [Trait("Row", "B-12")]
    [Trait("Row", "C-2.3.7")]
    public async Task A_removed_name_ends_its_open_connection_and_no_other()
    {
        await using var server = await _world.Secure(null, $"{World.Own},{World.Other},dst.tutti.test").Start();
        using var removed = World.Caller(_world.Good(), server.InternalPort);
        using var stays = World.Caller(_world.Good("dst.tutti.test"), server.InternalPort);
        await using var stream = await OpenStream.Of(removed);
        await using var other = await OpenStream.Of(stays);
        await stream.Echo();

        _world.WriteIni($"{World.Own},dst.tutti.test");
        server.Process.Corridor.Reload(now: true);

        await Assert.ThrowsAnyAsync<Exception>(() => stream.Echo());
        await _world.Logged("Connection refused [tls.name-not-allowed]", "names=ui.tutti.test");
        await other.Echo();
        await World.AssertRefused(removed);
        await World.AssertServed(stays);
    }

    [Fact]
    [Trait("Row", "B-12")]
    [Trait("Row", "C-2.2.0.20")]
    public async Task A_removed_root_ends_the_connections_below_it()
    {
        var second = new TestAuthority("CA B");
        await using var server = await _world.Secure(null, $"{World.Own},{World.Other}", _world.Authority.Root, second.Root).Start();
        using var below = World.Caller(second.Issue(new TestCertificate(World.Other)), server.InternalPort);
        using var good = World.Caller(_world.Good(), server.InternalPort);
        await using var stream = await OpenStream.Of(below);
        await using var other = await OpenStream.Of(good);

        _world.WriteRoots(_world.Authority.Root);
        server.Process.Corridor.Reload(now: true);

        await Assert.ThrowsAnyAsync<Exception>(() => stream.Echo());
        await _world.Logged("[tls.untrusted]", "CA B");
        await other.Echo();
    }

    [Fact]
    [Trait("Row", "B-12")]
    public async Task After_a_renewal_running_calls_go_on_for_a_minute_and_new_ones_have_new_connections()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var server = await _world.Secure().Start(clock);
        List<X509Certificate2> seen = [];
        using var caller = World.Caller(_world.Good(), server.InternalPort, seen: seen);
        await using var stream = await OpenStream.Of(caller);
        var renewed = _world.Good(World.Own);

        _world.WriteKeystore(renewed.ToKeystore(World.Password));
        server.Process.Corridor.Reload(now: true);
        await stream.Echo();
        await World.Until(
            async () =>
            {
                await World.AssertServed(caller);
                return seen[0].SerialNumber == renewed.Certificate.SerialNumber;
            },
            "New calls stay on the old connection.");
        await stream.Echo();

        clock.Advance(TimeSpan.FromSeconds(61));
        server.Process.Corridor.Reload(now: false);
        await Assert.ThrowsAnyAsync<Exception>(() => stream.Echo());
        await World.AssertServed(caller);
    }

    [Fact]
    [Trait("Row", "B-12")]
    public async Task A_peers_certificate_that_ends_drains_its_connection()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var server = await _world.Secure().Start(clock);
        using var caller = World.Caller(_world.Authority.Issue(new TestCertificate(World.Other) { Until = TestCertificate.Usual.AddDays(2) }), server.InternalPort);
        using var longer = World.Caller(_world.Good(), server.InternalPort);
        await using var stream = await OpenStream.Of(caller);

        clock.Advance(TimeSpan.FromDays(3));
        server.Process.Corridor.Reload(now: false);
        await stream.Echo();
        await World.AssertRefused(caller);
        await _world.Logged("[tls.expired]");

        clock.Advance(TimeSpan.FromSeconds(61));
        server.Process.Corridor.Reload(now: false);
        await Assert.ThrowsAnyAsync<Exception>(() => stream.Echo());
        await World.AssertServed(longer);
    }

    [Fact]
    [Trait("Row", "C-2.3.23")]
    [Trait("Row", "C-2.4.3")]
    public async Task From_plain_to_secured_takes_a_restart()
    {
        _world.Write("commands/readme", "");
        await using (var plain = await _world.Start())
        {
            using var client = Plain(plain.InternalPort);
            _world.Secure();
            await _world.Logged("commands/ssl.ini has appeared or changed; it takes effect at the next start. It is good.");
            await World.AssertServed(client);
            Assert.Equal("prepared", DescribeCorridor.Of(plain.Process.Corridor).State);
            Assert.DoesNotContain(_world.LogLines("trk/logs/trk.log"), line => line.Contains("Secure Sockets", StringComparison.Ordinal));
        }

        await using var secured = await _world.Start();
        using var caller = World.Caller(_world.Good(), secured.InternalPort);
        await World.AssertServed(caller);
    }

    [Fact]
    [Trait("Row", "C-2.3.23")]
    public async Task A_secured_server_whose_file_is_gone_stays_secured_and_says_so_every_hour()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var server = await _world.Secure().Start(clock);
        _world.Delete("commands/ssl.ini");
        server.Process.Corridor.Reload(now: true);
        server.Process.Corridor.Reload(now: true);
        await _world.Logged("commands/ssl.ini is gone. This server stays secured until it is restarted");

        using var caller = World.Caller(_world.Good(), server.InternalPort);
        await World.AssertServed(caller);
        Assert.Equal("restart-pending", DescribeCorridor.Of(server.Process.Corridor).State);
        Assert.Single(_world.LogLines(), line => line.Contains("is gone", StringComparison.Ordinal));
        clock.Advance(TimeSpan.FromHours(1));
        server.Process.Corridor.Reload(now: true);
        await World.Until(() => _world.LogLines().Count(line => line.Contains("is gone", StringComparison.Ordinal)) == 2, "Not told again.");
    }

    [Fact]
    [Trait("Row", "B-5")]
    [Trait("Row", "B-35")]
    public async Task The_end_of_the_own_certificate_is_told_before_and_after_and_peers_decide()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var server = await _world.Secure(_world.Authority.Issue(new TestCertificate(World.Own) { From = TestCertificate.Usual.AddDays(-300), Until = TestCertificate.Usual.AddDays(40) })).Start(clock);
        foreach (var days in (int[])[0, 12, 10, 10, 5])
        {
            clock.Advance(TimeSpan.FromDays(days));
            server.Process.Corridor.Reload(now: false);
            server.Process.Corridor.Reload(now: false);
        }

        await World.Until(() => _world.LogLines().Count(line => line.Contains("[ssl.expires-soon] This server's certificate ends", StringComparison.Ordinal)) == 3, string.Join('\n', _world.LogLines()));
        clock.Advance(TimeSpan.FromDays(5));
        server.Process.Corridor.Reload(now: false);
        await _world.Logged("[ssl.cert-expired] This server's certificate ended");
    }

    [Fact]
    [Trait("Row", "B-5")]
    [Trait("Row", "B-41")]
    public async Task The_end_of_a_peers_certificate_is_told_and_all_are_a_metric()
    {
        var clock = new FakeTimeProvider(TestCertificate.Usual);
        await using var server = await _world.Secure(_world.Authority.Issue(new TestCertificate(World.Own) { From = TestCertificate.Usual.AddDays(-300), Until = TestCertificate.Usual.AddDays(41.5) })).Start(clock);
        using var caller = World.Caller(_world.Authority.Issue(new TestCertificate(World.Other) { From = TestCertificate.Usual.AddDays(-300), Until = TestCertificate.Usual.AddDays(10.5) }), server.InternalPort);
        await World.AssertServed(caller);
        server.Process.Corridor.Reload(now: false);
        server.Process.Corridor.Reload(now: false);

        var line = await _world.Logged("[ssl.expires-soon]", "The certificate of ui.tutti.test, which this server is connected with,", "in 10 days");
        Assert.Single(_world.LogLines(), each => each.Contains("expires-soon", StringComparison.Ordinal));
        Assert.DoesNotContain("CN=", line, StringComparison.Ordinal);
        List<(string, double)> measured = [];
        using var listener = new MeterListener { InstrumentPublished = (instrument, all) => Enable(instrument, all) };
        listener.SetMeasurementEventCallback<double>((_, days, tags, _) => measured.Add(($"{tags[0].Value} {tags[1].Value}", Math.Floor(days))));
        listener.Start();
        listener.RecordObservableInstruments();
        Assert.Contains(("own trk.tutti.test", 41), measured);
        Assert.Contains(("peer ui.tutti.test", 10), measured);
        Assert.Contains(measured, each => each.Item1.StartsWith("root CN=CA A", StringComparison.Ordinal));

        static void Enable(Instrument instrument, MeterListener all)
        {
            if (instrument.Name == "tutti.certificate.days")
            {
                all.EnableMeasurementEvents(instrument);
            }
        }
    }

    [Theory]
    [Trait("Row", "B-5")]
    [InlineData(365, 31, 0)]
    [InlineData(365, 30, 1)]
    [InlineData(365, 14, 2)]
    [InlineData(365, 7, 3)]
    [InlineData(365, 1, 4)]
    [InlineData(90, 30, 0)]
    [InlineData(90, 14, 1)]
    [InlineData(90, 1, 3)]
    [InlineData(20, 11, 0)]
    [InlineData(20, 10, 1)]
    [InlineData(20, 5, 2)]
    [InlineData(20, 2, 3)]
    public void Warnings_come_at_their_days_and_at_parts_of_short_lives(int life, int left, int stage)
    {
        var end = TestCertificate.Usual;

        Assert.Equal(stage, ExpiryWarning.Stage(end.AddDays(-life), end, end.AddDays(-left)));
    }

    private static HttpClient Plain(int port) => new()
    {
        BaseAddress = new UriBuilder("http", "127.0.0.1", port).Uri,
        DefaultRequestVersion = HttpVersion.Version20,
        DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
    };
}
