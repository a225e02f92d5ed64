// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography.X509Certificates;
using Tutti.Hub.Cluster;
using Tutti.Hub.Components;
using Tutti.Hub.Moves;
using Tutti.Testing;

namespace Tutti.Hub.Tests;

/// <summary>What the hub's smaller stores promise, on every database: certificates that were signed, trackers that move, the key of the registry, what was done.</summary>
public abstract class HubStoresSpec(PostgresServer? postgres)
{
    private static readonly TestAuthority _authority = new("Hub's own");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_signed_certificate_is_kept_the_oldest_first_and_taken_back_once()
    {
        await using var hub = await HubOnDisk.On(postgres);
        var store = new IssuedStore(hub.Database);
        var (young, old) = (Signed("ui.tutti.test", -1), Signed("trk.tutti.test", -9));
        await store.Add(young, "ui.tutti.test", Stop);
        await store.Add(old, "trk.tutti.test", Stop);
        var at = hub.Clock.GetUtcNow();

        Assert.True(await store.Revoke(old.SerialNumber, at, Stop));
        Assert.False(await store.Revoke(old.SerialNumber, at.AddDays(1), Stop));
        Assert.False(await store.Revoke("00", at, Stop));

        var all = await store.All(Stop);
        Assert.Equal([("trk.tutti.test", (DateTimeOffset?)at), ("ui.tutti.test", null)], all.Select(each => (each.Host, each.RevokedAt)));
        Assert.Equal((young.SerialNumber, new DateTimeOffset(young.NotAfter.ToUniversalTime())), (all[1].Serial, all[1].NotAfter));
    }

    [Fact]
    public async Task A_move_of_a_tracker_stays_as_it_began_until_it_is_taken_back_or_done()
    {
        await using var hub = await HubOnDisk.On(postgres);
        var store = new TrackerMoveStore(hub.Database, hub.Clock);
        var move = new TrackerMove("store", "old.tutti.test", 1099, "new.tutti.test", 11099);

        Assert.Null(await store.Find("store", Stop));
        await store.Begin(move, Stop);
        await store.Begin(move with { NewHost = "third.tutti.test" }, Stop);
        Assert.Equal(move, await store.Find("store", Stop));
        await store.Forget("store", Stop);
        Assert.Null(await store.Find("store", Stop));

        await store.Begin(move, Stop);
        await store.Retire("store", Stop);
        await store.Retire("store", Stop);
        await store.Forget("store", Stop);
        Assert.Null(await store.Find("store", Stop));
    }

    [Fact]
    public async Task The_key_of_the_registry_is_made_once_whoever_asks_first()
    {
        await using var hub = await HubOnDisk.On(postgres);

        var keys = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => new RegistryKeyStore(hub.Database).Secret(Stop)));

        Assert.Single(keys.Select(Convert.ToHexString).Distinct());
        Assert.True(keys[0].Length > 100);
    }

    private static X509Certificate2 Signed(string host, int day) => _authority.Issue(new TestCertificate(host) { From = TestCertificate.Usual.AddDays(day) }).Certificate;
}

public sealed class HubStoresOnSqlite() : HubStoresSpec(null);

public sealed class HubStoresOnPostgres(PostgresServer postgres) : HubStoresSpec(postgres);
