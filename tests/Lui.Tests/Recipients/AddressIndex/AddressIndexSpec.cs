// SPDX-License-Identifier: Apache-2.0
using Dapper;
using Tutti.Lui.Recipients;
using Tutti.Lui.Recipients.AddressIndex;
using Tutti.Lui.Recipients.Waterfalls;
using Tutti.Lui.Suppression;
using Tutti.Lui.Tests.World;
using Tutti.Testing;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Tests.Recipients.AddressIndex;

public abstract class AddressIndexSpec : WorldSpec
{
    private const int People = AddressIndexStore.Least + 100;

    private AddressIndexStore Store => World.Lui.Get<AddressIndexStore>();

    [Fact]
    public async Task The_addresses_of_a_large_set_are_found_through_its_index_and_those_behind_its_end_by_reading()
    {
        var set = await Prepare();
        Assert.Equal(7L, (await Store.Find(set, "r7@rcpt.example", Token))?.Id);

        await World.Lui.Get<IndexAddresses>().Handle(Token);
        Assert.Empty(await Store.Unindexed(Token));
        Assert.True(await Store.Covers(set, People, Token));
        Assert.Equal((People, "r10100@rcpt.example"), await Store.Find(set, "r10100@rcpt.example", Token));
        Assert.Null(await Store.Find(set, "nobody@rcpt.example", Token));
        Assert.Null(await Store.Find(set + 1, "r7@rcpt.example", Token));

        await Execute("DELETE FROM recipient_address WHERE recipients_id = @set AND id = 7", set);
        Assert.Null(await Store.Find(set, "r7@rcpt.example", Token));

        await Execute("INSERT INTO recipient (recipients_id, id, address, normalized, display_name, fields) VALUES (@set, 10101, 'Late@rcpt.example', 'late@rcpt.example', '', '[]')", set);
        Assert.Equal((People + 1L, "Late@rcpt.example"), await Store.Find(set, "late@rcpt.example", Token));
    }

    [Fact]
    public async Task An_index_that_was_cut_off_is_completed_and_holds_everybody_once()
    {
        var set = await Prepare();
        var keys = await Store.Keys(set, 0, People, Token);
        Assert.Equal(keys.Order(), keys);
        Assert.True(await Store.Add(set, new ArraySegment<(long, long)>(keys, 0, 4000), upTo: null, Token));
        Assert.Single(await Store.Unindexed(Token));

        await World.Lui.Get<IndexAddresses>().Handle(Token);
        Assert.Empty(await Store.Unindexed(Token));
        Assert.Equal(People, await Count(set));
    }

    [Fact]
    public async Task Recipients_who_are_still_on_their_way_into_the_database_are_found_when_they_are_there()
    {
        var set = await Prepare();
        await Execute("UPDATE recipient SET recipients_id = -recipients_id WHERE recipients_id = @set AND id > 50", set);
        await World.Lui.Get<IndexAddresses>().Handle(Token);
        Assert.Equal(50, await Count(set));

        await Execute("UPDATE recipient SET recipients_id = -recipients_id WHERE recipients_id = -@set", set);
        Assert.Equal(People, (await Store.Find(set, "r10100@rcpt.example", Token))?.Id);
        await World.Lui.Get<IndexAddresses>().Handle(Token);
        Assert.Equal(People, await Count(set));
    }

    [Fact]
    public async Task A_set_that_was_discarded_gets_no_index_and_leaves_nothing_behind()
    {
        var set = await Prepare();
        var keys = await Store.Keys(set, 0, People, Token);
        Assert.True(await Store.Add(set, keys, People, Token));
        await Execute("UPDATE recipient_source SET state = 'discarded' WHERE id = @set", set);
        Assert.False(await Store.Add(set, keys, People, Token));

        var rounds = 0;
        while (await World.Lui.Get<RecipientStore>().RemoveSome(set, Token))
        {
            rounds++;
        }

        Assert.InRange(rounds, 1, 10);
        Assert.Equal(0, await Count(set));
        Assert.False(await Store.Covers(set, People, Token));
    }

    [Fact]
    public async Task A_count_of_the_suppressed_is_carried_on_by_the_changes_of_the_list()
    {
        var set = await Prepare();
        var source = (await World.Lui.Get<RecipientSourceStore>().Find(set, Token))!;
        var count = World.Lui.Get<CountSuppressed>();
        await Suppress("r1@rcpt.example", "bounce");
        await World.Lui.Get<IndexAddresses>().Handle(Token);
        Assert.Equal([(WaterfallStep.Bounced, 1L)], await Counted());

        // That it is not counted anew shows in an entry that no numbered change announced.
        await Execute("INSERT INTO suppression (address, reason, source, at) VALUES ('r2@rcpt.example', '', 'bounce', 1)", set);
        await Suppress("r3@rcpt.example", "bounce");
        await Suppress("r4@rcpt.example", "complaint");
        await Suppress("nobody@rcpt.example", "complaint");
        Assert.Equal([(WaterfallStep.Bounced, 2L), (WaterfallStep.Complained, 1L)], await Counted());

        Assert.True(await World.Lui.Get<SuppressionStore>().Remove("r3@rcpt.example", "asked", 1, Token));
        Assert.Equal([(WaterfallStep.Bounced, 2L), (WaterfallStep.Complained, 1L)], await Counted());
        Assert.True(await World.Lui.Get<SuppressionStore>().Remove("r4@rcpt.example", "asked", 1, Token));
        Assert.Equal([(WaterfallStep.Bounced, 2L)], await Counted());

        async Task<IEnumerable<(WaterfallStep, long)>> Counted() => (await count.Handle(source, Token)).Select(step => (step.Key, step.Value)).Order();
    }

    private async Task<long> Prepare() => (await World.Lui.Prepare(People)).RecipientsId!.Value;

    private async Task Suppress(string address, string source) => await World.Lui.Get<SuppressionStore>().Add([new SuppressedAddress(address, "", source, 1)], Token);

    private Task<int> Execute(string statement, long set) => World.Database.Write(transaction => transaction.Connection!.ExecuteAsync(statement, new { set }, transaction), Token);

    private async Task<long> Count(long set)
    {
        await using var connection = await World.Database.Open(Token);
        return await connection.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM recipient_address WHERE recipients_id = @set", new { set });
    }
}

public sealed class AddressIndexOnSqlite : AddressIndexSpec, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private protected override Task<Database> CreateDatabase() => OnSqlite(_folder);
}

public sealed class AddressIndexOnPostgres(PostgresServer server) : AddressIndexSpec
{
    private protected override Task<Database> CreateDatabase() => OnPostgres(server);
}
