// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography.X509Certificates;
using Tutti.Hub.Cluster;
using Tutti.Hub.Components;
using Tutti.Hub.Moves;
using Tutti.Hub.Notices;
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

    [Fact]
    public async Task What_needs_attention_is_due_once_and_again_after_it_stayed_away()
    {
        await using var hub = await HubOnDisk.On(postgres);
        var store = new NoticeStore(hub.Database);
        var (a, b, goneFor) = (new Condition("a", "first"), new Condition("b", "other"), TimeSpan.FromMinutes(5));
        var now = hub.Clock.GetUtcNow();

        await store.Keep([a, b], now, goneFor, Stop);
        await store.Keep([a with { Words = "first, changed" }], now.AddMinutes(1), goneFor, Stop);
        Assert.Empty(await store.Due(now.AddMinutes(-1), Stop));
        Assert.Null(await store.LastTold(Stop));
        var due = Assert.Single(await store.Due(now, Stop));
        Assert.Equal(new DueNotice("a", "first, changed", now.ToUnixTimeMilliseconds()), due);
        await store.Told([due], now.AddMinutes(2), Stop);
        Assert.Empty(await store.Due(now.AddDays(1), Stop));
        Assert.Equal(now.AddMinutes(2), await store.LastTold(Stop));

        // Gone for a moment it is the same; gone for longer it is another one.
        await store.Keep([], now.AddMinutes(3), goneFor, Stop);
        await store.Keep([a], now.AddMinutes(7), goneFor, Stop);
        await store.Keep([], now.AddMinutes(8), goneFor, Stop);
        await store.Keep([], now.AddMinutes(12), goneFor, Stop);
        await store.Keep([a], now.AddMinutes(12.5), goneFor, Stop);
        Assert.Empty(await store.Due(now.AddDays(1), Stop));
        await store.Keep([], now.AddMinutes(13), goneFor, Stop);
        await store.Keep([], now.AddMinutes(18), goneFor, Stop);
        await store.Keep([a], now.AddMinutes(19), goneFor, Stop);
        Assert.Equal(now.AddMinutes(19).ToUnixTimeMilliseconds(), Assert.Single(await store.Due(now.AddDays(1), Stop)).BeganAt);
    }

    private static X509Certificate2 Signed(string host, int day) => _authority.Issue(new TestCertificate(host) { From = TestCertificate.Usual.AddDays(day) }).Certificate;
}

public sealed class HubStoresOnSqlite() : HubStoresSpec(null);

public sealed class HubStoresOnPostgres(PostgresServer postgres) : HubStoresSpec(postgres);
