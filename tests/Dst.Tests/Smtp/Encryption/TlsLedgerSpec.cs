// SPDX-License-Identifier: Apache-2.0
using Microsoft.Extensions.Time.Testing;
using Tutti.Dst.Smtp.Encryption;
using Tutti.Testing;

namespace Tutti.Dst.Tests.Smtp.Encryption;

/// <summary>Counted sessions and kept policies, on every engine.</summary>
public abstract class TlsLedgerSpec : StoreSpec
{
    private static readonly DateOnly _day = new(2026, 11, 24);
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.Parse("2026-11-24T23:59:00Z", null));

    [Fact]
    public async Task Sessions_are_added_up_by_day_domain_host_and_result()
    {
        await using var store = await OpenStore.Start(Database, _clock);
        var ledger = new TlsLedger(_clock);
        var demand = new TlsDemand(TlsLevel.Certified, TlsPolicyKind.Sts, "news.example");
        ledger.Count(demand, "mx.example", null);
        ledger.Count(demand, "mx.example", TlsFailure.CertificateExpired);
        await Write(store, ledger);
        ledger.Count(demand, "mx.example", null);
        ledger.Count(TlsDemand.None, "a.example", null);
        ledger.Count(TlsDemand.None, "b.example", null);
        var taken = ledger.Take();
        ledger.GiveBack(taken);
        await Write(store, ledger);
        _clock.Advance(TimeSpan.FromMinutes(2));
        ledger.Count(demand, "mx.example", null);
        await Write(store, ledger);

        var sessions = new TlsLedgerStore(Database);
        Assert.Equal(
            [
                new CountedSessions("", "no-policy-found", "", "successful", 2),
                new CountedSessions("news.example", "sts", "mx.example", "certificate-expired", 1),
                new CountedSessions("news.example", "sts", "mx.example", "successful", 2),
            ],
            await sessions.Of(_day, CancellationToken.None));
        Assert.Equal(1, (await sessions.Of(_day.AddDays(1), CancellationToken.None)).Single().Sessions);
        await store.Journal.Write(session => TlsLedgerStore.DropBefore(session, _day.AddDays(1)));
        Assert.Empty(await sessions.Of(_day, CancellationToken.None));
    }

    [Fact]
    public async Task A_policy_takes_the_place_of_its_domains_last_one_and_goes_when_it_ends()
    {
        await using var store = await OpenStore.Start(Database, _clock);
        var policies = new StsPolicyStore(Database);
        KeptPolicy[] kept = [new("a.example", "1", "x", 10, 20), new("a.example", "2", "y", 15, 30), new("b.example", "1", "z", 5, 100)];
        foreach (var policy in kept)
        {
            await store.Journal.Write(session => StsPolicyStore.Put(session, policy));
        }

        Assert.Equal(kept[1], await policies.Find("a.example", CancellationToken.None));
        Assert.Equal(["b.example"], await policies.FetchedBefore(10, 20, 5, CancellationToken.None));
        Assert.Equal(["b.example", "a.example"], await policies.FetchedBefore(16, 20, 5, CancellationToken.None));
        await store.Journal.Write(session => StsPolicyStore.DropEnded(session, 31));
        Assert.Null(await policies.Find("a.example", CancellationToken.None));
        Assert.NotNull(await policies.Find("b.example", CancellationToken.None));
    }

    private static Task<bool> Write(OpenStore store, TlsLedger ledger)
    {
        var counts = ledger.Take();
        return store.Journal.Write(session => TlsLedgerStore.Add(session, counts));
    }
}

public sealed class TlsLedgerOnSqlite : TlsLedgerSpec
{
    private protected override Task<Store> MakeStore() => Task.FromResult(Store.OnSqlite());
}

public sealed class TlsLedgerOnPostgres(PostgresServer server) : TlsLedgerSpec
{
    private protected override Task<Store> MakeStore() => Store.OnPostgres(server);
}
