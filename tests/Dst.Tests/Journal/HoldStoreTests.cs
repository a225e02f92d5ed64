// SPDX-License-Identifier: Apache-2.0
using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using Tutti.Dst.Journal;
using Tutti.Testing;
using Tutti.Wiring.Hosting;
using Tutti.Wiring.Storage;

namespace Tutti.Dst.Tests.Journal;

/// <summary>Two distributors on one PostgreSQL database: the second does not start, and the first commits nothing once it was taken for dead.</summary>
public sealed class HoldStoreTests(PostgresServer postgres)
{
    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_second_distributor_does_not_start_and_takes_over_when_the_claim_of_the_first_ends_which_then_writes_nothing_more()
    {
        await using var store = await Store.OnPostgres(postgres);
        using var first = Hold(store.Database, "one:1099");
        await first.StartAsync(Ending);
        using var journal = await Journal(store.Database, first);
        Assert.Equal(7, await journal.Write(_ => 7));
        using var second = Hold(store.Database, "two:1099");

        var refused = await Assert.ThrowsAsync<ServerStartException>(() => second.StartAsync(Ending));
        await End(store.Database);
        await second.StartAsync(Ending);
        using var other = await Journal(store.Database, second);

        Assert.Contains("The distributor at one:1099 works on this database", refused.Message, StringComparison.Ordinal);
        Assert.Equal(8, await other.Write(_ => 8));
        Assert.Contains("taken over", (await Assert.ThrowsAsync<InvalidOperationException>(() => journal.Write(_ => 9))).Message, StringComparison.Ordinal);
        foreach (var worker in new[] { journal, other })
        {
            await worker.StopAsync(Ending);
        }
    }

    [Fact]
    public async Task The_same_server_goes_on_at_once_after_it_was_killed_and_a_file_needs_no_claim()
    {
        await using var store = await Store.OnPostgres(postgres);
        await using var file = Store.OnSqlite();
        using var killed = Hold(store.Database, "one:1099");
        await killed.StartAsync(Ending);
        using var again = Hold(store.Database, "one:1099");
        await again.StartAsync(Ending);
        using var onFile = Hold(file.Database, "one:1099");
        await onFile.StartAsync(Ending);

        Assert.Null(onFile.Holder);
        Assert.Equal("one:1099", again.Holder);
    }

    private static HoldStore Hold(Database database, string holder) =>
        new(database, new Leases(database, holder, TimeProvider.System), TimeProvider.System, NullLogger<HoldStore>.Instance) { Patience = TimeSpan.Zero };

    private static async Task<JournalWorker> Journal(Database database, HoldStore hold)
    {
        var journal = new JournalWorker(database, TimeProvider.System, NullLogger<JournalWorker>.Instance, hold);
        await journal.StartAsync(Ending);
        return journal;
    }

    private static async Task End(Database database)
    {
        await using var connection = await database.Open(Ending);
        await connection.ExecuteAsync("UPDATE lease SET ends_at = 0");
    }
}
