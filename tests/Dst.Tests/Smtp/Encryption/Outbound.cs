// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Tutti.Dst.Capture;
using Tutti.Dst.Smtp;
using Tutti.Dst.Smtp.Destinations;
using Tutti.Dst.Smtp.Encryption;
using Tutti.Dst.Tests.Smtp.Destinations;
using Tutti.Testing;

namespace Tutti.Dst.Tests.Smtp.Encryption;

/// <summary>All that a message meets on its way out but the lane: a DNS server, a server of policies, an authority that counts, and receivers of the test's on one port.</summary>
internal sealed class Outbound : IAsyncDisposable
{
    public const string Offering = """
        S: 220 mx.example ESMTP
        C: EHLO dst.example
        S: 250-mx.example
        S: 250 STARTTLS

        """;

    public const string Started = Offering + "C: STARTTLS\nS: 220 Go ahead\nX: tls\n";

    public const string Taken = Started + "C: EHLO dst.example\nS: 250-mx.example\nS: 250 PIPELINING\n" + Message;

    public const string Plain = "S: 220 mx.example ESMTP\nC: EHLO dst.example\nS: 250-mx.example\nS: 250 PIPELINING\n" + Message;

    private const string Message = Sending.Envelope + Sending.Agreed + "M: \\r\\n.\\r\\n\nS: 250 2.0.0 Ok\nC: QUIT\nS: 221 Bye";

    private readonly Store _store = Store.OnSqlite();
    private readonly TemporaryFolder _folder = new();
    private readonly List<ScriptedPeer> _peers = [];
    private readonly int _port = FreePort.Next();
    private OpenStore _open = null!;
    private MailRoutes _routes = null!;
    private SmtpDialer _dialer = null!;

    private Outbound(string zone, IssuedCertificate? web)
    {
        Dns = ScriptedDns.With(zone.Replace("PORT", $"{_port}", StringComparison.Ordinal));
        Web = new PolicyServer(web ?? Authority.Issue(new TestCertificate("mta-sts.news.example")));
    }

    public static TestAuthority Authority { get; } = new();

    public FakeTimeProvider Clock { get; } = new(DateTimeOffset.Parse("2026-11-24T10:00:00Z", null));

    public ScriptedDns Dns { get; }

    public PolicyServer Web { get; }

    public TlsLedger Ledger { get; private set; } = null!;

    public EncryptionWorker Worker { get; private set; } = null!;

    public RouteSettings Settings { get; private set; } = null!;

    public static async Task<Outbound> With(string zone, Func<RouteSettings, RouteSettings>? settings = null, IssuedCertificate? web = null)
    {
        var outbound = new Outbound(zone, web);
        var usual = new RouteSettings { Mode = DeliveryMode.Mx, Resolver = outbound.Dns.Address, RemotePort = outbound._port };
        outbound.Settings = settings is null ? usual : settings(usual);
        await File.WriteAllTextAsync(outbound._folder.File("roots.pem"), Authority.Certificate.ExportCertificatePem());
        await outbound.Start();
        return outbound;
    }

    /// <summary>A receiver on an address of this host, 127.0.0.1 to 127.0.0.9.</summary>
    public ScriptedPeer Receive(int number, TestCertificate? certificate, params string[] scripts) =>
        Receive(number, certificate is null ? null : Authority.Issue(certificate), scripts);

    public ScriptedPeer Receive(int number, IssuedCertificate? certificate, params string[] scripts)
    {
        var peer = ScriptedPeer.Certified(certificate ?? TestAuthority.SelfSigned(new TestCertificate("whoever.example")), new IPEndPoint(IPAddress.Parse($"127.0.0.{number}"), _port), scripts);
        _peers.Add(peer);
        return peer;
    }

    /// <summary>The process ends and starts anew over the same store.</summary>
    public async Task Restart()
    {
        await _open.DisposeAsync();
        await Start();
    }

    public Task<Route> Find(string domain = "news.example") => _routes.Find(domain, TestContext.Current.CancellationToken).AsTask();

    public async Task<Dialled> Dial(string domain = "news.example") => await _dialer.Dial((await Find(domain)).Hosts, TestContext.Current.CancellationToken);

    /// <summary>Brings one message to a domain.</summary>
    public async Task<Answer> Send(string domain = "news.example")
    {
        var (connection, failure) = await Dial(domain);
        if (connection is null)
        {
            return failure!;
        }

        var answer = await Sending.Send(connection, Sending.Mail());
        await connection.Quit();
        return answer;
    }

    /// <summary>The results that were counted for a domain since the last call.</summary>
    public IEnumerable<string> Results() => Ledger.Take().SelectMany(pair => Enumerable.Repeat($"{pair.Key.Kind} {pair.Key.Domain} {pair.Key.Host} {pair.Key.Result}", (int)pair.Value)).Order();

    /// <summary>What was written to the store for today.</summary>
    public async Task<long> Written() =>
        (await new TlsLedgerStore(_store.Database).Of(DateOnly.FromDateTime(Clock.GetUtcNow().UtcDateTime), TestContext.Current.CancellationToken)).Sum(row => row.Sessions);

    public async ValueTask DisposeAsync()
    {
        Worker.Dispose();
        foreach (var peer in _peers)
        {
            await peer.DisposeAsync();
        }

        await _open.DisposeAsync();
        await Web.DisposeAsync();
        await Dns.DisposeAsync();
        await _store.DisposeAsync();
        _folder.Dispose();
    }

    private async Task Start()
    {
        _open = await OpenStore.Start(_store.Database, Clock);
        var dns = MailExchangers.ClientFor(Settings);
        var roots = TlsRoots.Read(_folder.File("roots.pem"));
        Ledger = new TlsLedger(Clock);
        var fetcher = new StsFetcher(dns, roots, Clock, Web.Port);
        var kept = new StsPolicyStore(_store.Database);
        var policies = new StsPolicies(Settings, dns, fetcher, kept, _open.Journal, Ledger, Clock, NullLogger<StsPolicies>.Instance);
        _routes = new MailRoutes(Settings, new MailExchangers(Settings, dns, Clock), new CaptureAddress(), policies);
        Worker = new EncryptionWorker(Ledger, policies, kept, Settings, _open.Journal, Clock, NullLogger<EncryptionWorker>.Instance);
        _dialer = new SmtpDialer(new SmtpSettings(), "dst.example", TimeProvider.System, roots, Ledger);
    }
}
