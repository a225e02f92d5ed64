// SPDX-License-Identifier: Apache-2.0
using System.Net;
using DnsClient;
using Microsoft.Extensions.DependencyInjection;
using Tutti.Contracts.Dst.V1;
using Tutti.Dst.Smtp.Destinations;
using Tutti.Dst.Tests.Smtp.Destinations;

namespace Tutti.Dst.Tests.Faults;

/// <summary>A DNS that is silent, broken, goes in circles or lies, met by a whole distributor.</summary>
public sealed class DnsFaultTests : IAsyncLifetime
{
    private static readonly string[] _domains = ["good", "silent", "servfail", "circle", "hostfail", "lying", "none", "null"];
    private readonly FaultWorld _world = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Only_what_the_DNS_says_for_certain_is_final_and_the_rest_is_delivered_once_it_speaks_the_truth()
    {
        await using var receiver = new FaultyReceiver(new Offer(), []);
        await using var dns = ScriptedDns.With(
            """
            good.example 1 MX 10 mx.good.example
            mx.good.example 1 A 127.0.0.1
            silent.example SILENT
            servfail.example SERVFAIL
            circle.example 1 LINK other.circle.example
            other.circle.example 1 LINK circle.example
            hostfail.example 1 MX 10 mx.hostfail.example
            mx.hostfail.example SERVFAIL
            lying.example 1 MX 10 mx.lying.example
            mx.lying.example 1 A 127.0.0.9
            null.example 1 MX 0 .
            """);
        var patient = new LookupClientOptions(IPEndPoint.Parse(dns.Address)) { Timeout = TimeSpan.FromMilliseconds(200), Retries = 0, UseCache = false };
        await using var distributor = await _world.Begin(
            new RouteSettings { Mode = DeliveryMode.Mx, Resolver = dns.Address, RemotePort = receiver.Port },
            instead: services => services.AddSingleton<IDnsQuery>(new LookupClient(patient)));
        var batch = FaultWorld.Batch(16, id => $"user{id}@{_domains[id % 8]}.example");
        await distributor.Open(FaultWorld.Job);
        await distributor.Submit(batch);

        // Those who can be sent to have their message, and those who never can are refused; the others wait, several attempts long.
        void Tick() => _world.PassTime(TimeSpan.FromSeconds(5));
        var lookups = 0;
        await distributor.Until(FaultWorld.Job, progress => progress is { Accepted: 2, Refused: 4 } && dns.Questions > (lookups == 0 ? lookups = dns.Questions + 30 : lookups), Tick);
        dns.Zone = string.Join('\n', _domains[..6].SelectMany(name => new[] { $"{name}.example 300 MX 10 mx.{name}.example", $"mx.{name}.example 300 A 127.0.0.1" }));
        var fates = await _world.Finish(distributor, [receiver], batch, Tick);

        Assert.All(fates, one => Assert.Equal(one.RecipientId % 8 >= 6 ? Fate.Refused : Fate.Accepted, one.Fate));
        Assert.Equal(12, receiver.Taken.Count);
    }
}
