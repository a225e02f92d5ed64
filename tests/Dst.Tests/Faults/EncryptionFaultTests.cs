// SPDX-License-Identifier: Apache-2.0
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Tutti.Contracts.Dst.V1;
using Tutti.Dst.Smtp.Destinations;
using Tutti.Dst.Smtp.Encryption;
using Tutti.Dst.Tests.Smtp.Destinations;
using Tutti.Dst.Tests.Smtp.Encryption;
using Tutti.Testing;

namespace Tutti.Dst.Tests.Faults;

/// <summary>Encryption that fails, met by a whole distributor: with and without somebody who demands it.</summary>
public sealed class EncryptionFaultTests : IAsyncLifetime
{
    private static readonly TestAuthority _authority = new();
    private readonly FaultWorld _world = new();
    private readonly TemporaryFolder _folder = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _world.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("garbage", true)]
    [InlineData("454 4.7.0 Not now", true)]
    [InlineData("drop", false)]
    [InlineData("reset", false)]
    [InlineData("hang", false)]
    public async Task Where_nobody_demands_it_mail_goes_without_or_is_tried_again(string does, bool plain)
    {
        await using var receiver = new FaultyReceiver(new Offer(), [new Fault("starttls", does)], _authority.Issue(new TestCertificate("localhost")));

        var fates = await _world.Deliver(receiver, 4);

        Assert.All(fates, one => Assert.Equal(Fate.Accepted, one.Fate));
        Assert.Equal(plain, receiver.TakenPlain > 0);
        Assert.Empty(receiver.Left);
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("drop")]
    [InlineData("hang")]
    [InlineData("454 4.7.0 Not now")]
    public async Task Where_it_is_demanded_mail_waits_until_it_works_and_never_goes_plain(string does)
    {
        await using var receiver = new FaultyReceiver(new Offer(), [new Fault("starttls", does), new Fault("starttls", does)], _authority.Issue(new TestCertificate("localhost")));
        await using var distributor = await _world.Begin($"localhost:{receiver.Port}", SmarthostTls.Required);

        var fates = await _world.Deliver(distributor, [receiver], FaultWorld.Batch(4));

        Assert.All(fates, one => Assert.Equal(Fate.Accepted, one.Fate));
        Assert.Equal(0, receiver.TakenPlain);
        Assert.Empty(receiver.Left);
    }

    [Fact]
    public async Task An_expired_certificate_does_where_no_policy_is_and_never_where_MTA_STS_is_enforced()
    {
        var expired = _authority.Issue(new TestCertificate("mx.example") { From = TestCertificate.Usual.AddDays(-20), Until = TestCertificate.Usual.AddDays(-2) });
        await using var receiver = new FaultyReceiver(new Offer(), [], expired);
        await using var dns = ScriptedDns.With(
            """
            free.example 300 MX 10 mx.example
            strict.example 300 MX 10 mx.example
            mx.example 300 A 127.0.0.1
            _mta-sts.strict.example 300 TXT v=STSv1; id=one;
            mta-sts.strict.example 300 A 127.0.0.1
            """);
        await using var web = new PolicyServer(_authority.Issue(new TestCertificate("mta-sts.strict.example")));
        web.Answer = PolicyServer.Ok("version: STSv1\r\nmode: enforce\r\nmx: mx.example\r\nmax_age: 604800\r\n");
        await File.WriteAllTextAsync(_folder.File("roots.pem"), _authority.Certificate.ExportCertificatePem(), TestContext.Current.CancellationToken);
        var roots = TlsRoots.Read(_folder.File("roots.pem"));
        await using var distributor = await _world.Begin(
            new RouteSettings { Mode = DeliveryMode.Mx, Resolver = dns.Address, RemotePort = receiver.Port },
            roots,
            services => services
                .AddSingleton<TlsLedger>()
                .AddSingleton<StsPolicyStore>()
                .AddSingleton(provider => new StsFetcher(provider.GetRequiredService<DnsClient.IDnsQuery>(), roots, provider.GetRequiredService<TimeProvider>(), web.Port))
                .AddSingleton(provider => ActivatorUtilities.CreateInstance<StsPolicies>(provider, NullLogger<StsPolicies>.Instance)));

        // Both domains have the same operator and the same host: only the demand differs.
        var batch = FaultWorld.Batch(6, id => $"user{id}@{(id % 2 == 0 ? "strict" : "free")}.example");
        await distributor.Open(FaultWorld.Job);
        await distributor.Submit(batch);
        await distributor.Until(FaultWorld.Job, progress => progress is { Accepted: 3, Deferred: 3 });

        // Five days go by.
        var fates = await _world.Finish(distributor, [receiver], batch, () => _world.PassTime(TimeSpan.FromHours(1)));

        Assert.All(fates, one => Assert.Equal(one.RecipientId % 2 == 0 ? Fate.Expired : Fate.Accepted, one.Fate));
        Assert.All(fates.Where(one => one.Fate == Fate.Expired), one => Assert.Contains("MTA-STS policy of strict.example", one.Reply, StringComparison.Ordinal));
        Assert.Equal(0, receiver.TakenPlain);
    }
}
