// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Tutti.Contracts.Dst.V1;
using Tutti.Dst.Tests.Inbound;
using Tutti.Dst.Tests.Smtp.Destinations;
using Tutti.Dst.Tests.Smtp.Encryption;
using Tutti.Dst.Tests.SourceAddresses;
using Tutti.Testing;

namespace Tutti.Dst.Tests.Kills;

/// <summary>kill -9, and what a distributor must know all the same when it runs again.</summary>
public sealed class MemoryKillTests
{
    private const int Share = 20;

    [Fact]
    public async Task Neither_what_an_address_has_carried_today_nor_what_people_paused_is_forgotten()
    {
        await using var receiver = new WatchingReceiver();
        await using var dns = ScriptedDns.With(
            "a.example 300 MX 10 mx.big.example\nb.example 300 MX 10 mx.other.example\nmx.big.example 300 A 127.0.0.1\nmx.other.example 300 A 127.0.0.1");
        await using var distributor = await DistributorProcess.SetUp("Mode=mx", $"Resolver={dns.Address}", $"RemotePort={receiver.Port}", "Connections=2", "Rate=40", "StartTls=no");
        await File.WriteAllTextAsync(Path.Combine(distributor.Folder, "lanes.ini"), "other.Hosts=mx.other.example", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(
            Path.Combine(distributor.Folder, "sources.ini"),
            string.Create(CultureInfo.InvariantCulture, $"Source.new=127.0.0.6 new.example\nWarmUp.new=gentle from {Today.AddDays(-1):yyyy-MM-dd}\nPlan.gentle={Share}, {Share}, {Share}, {Share}"),
            TestContext.Current.CancellationToken);
        await distributor.Start();
        var began = Today;
        await distributor.Open(7);
        await distributor.Submit(7, 3 * Share, id => $"user{id}@a.example");
        await distributor.Until(() => Task.FromResult(receiver.Taken.Count >= Share / 3), () => "Nothing is sent.");

        await distributor.Lanes.HoldAsync(new HoldLaneRequest { Name = "other", By = "ada" }, cancellationToken: TestContext.Current.CancellationToken);
        await distributor.KillAndStart();
        await distributor.Open(8);
        await distributor.Submit(8, 1, _ => "reader@b.example");

        var warming = await distributor.Until(7, now => now.DeferredLanes.Any(lane => lane.Reply.Contains("carried to big.example what they may today", StringComparison.Ordinal)));
        var held = await distributor.Until(8, now => now.DeferredLanes.Count == 1);

        Assert.Equal("ada paused this lane.", held.DeferredLanes.Single().Reply);
        Assert.Equal(0UL, held.Accepted);

        // Two connections may each have lost one that was counted and not sent; past midnight there is another day's share.
        Assert.InRange(receiver.From("127.0.0.6"), Share - 4, Share * (1 + Today.DayNumber - began.DayNumber));
        Assert.Equal(receiver.Taken.Count, receiver.From("127.0.0.6"));
        Assert.InRange(warming.Accepted + warming.InDoubt, (ulong)receiver.Taken.Count, (ulong)receiver.Taken.Count + 2);
    }

    [Fact]
    public async Task An_enforced_policy_is_not_forgotten_while_the_server_of_policies_is_away()
    {
        var authority = new TestAuthority();
        using var roots = new TemporaryFolder();
        await File.WriteAllTextAsync(roots.File("roots.pem"), authority.Certificate.ExportCertificatePem(), TestContext.Current.CancellationToken);
        var policies = new IPEndPoint(new IPAddress([127, (byte)(1 + (Environment.ProcessId % 200)), 8, 7]), 443);
        await using var dns = ScriptedDns.With(
            $"news.example 1 MX 10 mx.example\nmx.example 1 A 127.0.0.1\n_mta-sts.news.example 1 TXT v=STSv1; id=one;\nmta-sts.news.example 1 A {policies.Address}");
        var port = FreePort.Next();
        await using var distributor = await DistributorProcess.SetUp("Mode=mx", $"Resolver={dns.Address}", $"RemotePort={port}", $"TrustedRoots={roots.File("roots.pem")}", "RetryAfter=1s");
        using var certificate = X509CertificateLoader.LoadPkcs12(authority.Issue(new TestCertificate("mx.example")).Certificate.Export(X509ContentType.Pfx), null);
        var context = SslStreamCertificateContext.Create(certificate, null, offline: true);
        await using (var web = new PolicyServer(authority.Issue(new TestCertificate("mta-sts.news.example")), policies))
        {
            web.Answer = PolicyServer.Ok("version: STSv1\nmode: enforce\nmx: mx.example\nmax_age: 604800\n");
            await using var receiver = new RunningReceiver(port: port, certificate: () => context);
            await distributor.Start();
            await distributor.Open(7);
            await distributor.Submit(7, 1, _ => "reader@news.example");
            await distributor.Until(7, now => now.Accepted == 1);
            await distributor.Kill();
            Assert.Single(web.Requests);
        }

        // Somebody in between now answers for the receiver, without encryption, and keeps the new policy away.
        dns.Zone = dns.Zone.Replace("id=one", "id=two", StringComparison.Ordinal);
        await using (var impostor = new RunningReceiver(port: port))
        {
            await distributor.Start();
            await distributor.Open(8);
            await distributor.Submit(8, 1, _ => "reader@news.example");
            var waiting = await distributor.Until(8, now => now.DeferredLanes.Count == 1);
            Assert.Contains("MTA-STS policy of news.example", waiting.DeferredLanes.Single().Reply, StringComparison.Ordinal);
            Assert.Empty(impostor.Remembered.Mails);
        }

        await using var back = new RunningReceiver(port: port, certificate: () => context);
        await distributor.Lanes.ReleaseAsync(new ReleaseLaneRequest { Name = "mx.example" }, cancellationToken: TestContext.Current.CancellationToken);
        await distributor.Until(8, now => now.Accepted == 1);
        Assert.Single(back.Remembered.Mails);
    }

    private static DateOnly Today => DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
}
