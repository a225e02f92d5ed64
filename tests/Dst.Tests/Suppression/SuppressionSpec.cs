// SPDX-License-Identifier: Apache-2.0
using Microsoft.Extensions.Time.Testing;
using Tutti.Dst.Suppression;
using Tutti.Testing;

namespace Tutti.Dst.Tests.Suppression;

/// <summary>The copy of the suppression list, on every engine.</summary>
public abstract class SuppressionSpec : StoreSpec
{
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.Parse("2026-11-24T10:00:00Z", null));

    [Fact]
    public async Task Changes_count_once_in_their_order()
    {
        await using var store = await OpenStore.Start(Database, _clock);
        SuppressionChange[] changes = [new(1, "a@x.example", "left"), new(2, "b@x.example", "complained"), new(3, "a@x.example", null)];
        Assert.Equal(3, await Apply(store, changes));
        Assert.Equal(3, await Apply(store, changes));
        Assert.Equal(3, await Apply(store, new SuppressionChange(1, "c@x.example", "old")));
        Assert.Equal([("b@x.example", "complained")], await Among(store, "a@x.example", "b@x.example", "c@x.example"));
        Assert.Equal(4, await Apply(store, new(3, "b@x.example", null), new(4, "b@x.example", "again")));
        Assert.Equal([("b@x.example", "again")], await Among(store, "b@x.example"));
    }

    [Fact]
    public async Task What_comes_behind_a_gap_is_not_taken()
    {
        await using var store = await OpenStore.Start(Database, _clock);
        Assert.Equal(0, await store.Journal.Write(SuppressionStore.UpTo));
        Assert.Equal(1, await Apply(store, new(1, "a@x.example", "left"), new(3, "b@x.example", "left")));
        Assert.Empty(await Among(store, "b@x.example"));
        Assert.Equal(3, await Apply(store, new(2, "c@x.example", "left"), new(3, "b@x.example", "left")));
        await using var next = await OpenStore.Start(Database, _clock);
        Assert.Equal(3, await next.Journal.Write(SuppressionStore.UpTo));
    }

    private static Task<long> Apply(OpenStore store, params SuppressionChange[] changes) =>
        store.Journal.Write(session => SuppressionStore.Apply(session, changes));

    private static async Task<IEnumerable<(string, string)>> Among(OpenStore store, params string[] addresses) =>
        (await store.Suppression.Among(addresses, CancellationToken.None)).Select(pair => (pair.Key, pair.Value));
}

public sealed class SuppressionOnSqlite : SuppressionSpec
{
    private protected override Task<Store> MakeStore() => Task.FromResult(Store.OnSqlite());
}

public sealed class SuppressionOnPostgres(PostgresServer server) : SuppressionSpec
{
    private protected override Task<Store> MakeStore() => Store.OnPostgres(server);
}
