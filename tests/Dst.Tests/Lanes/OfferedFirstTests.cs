// SPDX-License-Identifier: Apache-2.0
using Dapper;
using Tutti.Dst.Journal;
using Tutti.Dst.Lanes;

namespace Tutti.Dst.Tests.Lanes;

/// <summary>
/// What a kill would find. The store is stopped at some moment of a run, as a kill would stop it; whoever waits in it would be sent a message after the next start,
/// so nobody who waits may have one, now or as long as the store stands still.
/// </summary>
public sealed class OfferedFirstTests : IAsyncLifetime
{
    private const int Connections = 8;
    private const int Count = 3000;

    // The store has to stand still now and then, or whoever wants to look waits until the end.
    private const int Rate = 1200;

    private readonly Store _store = Store.OnSqlite();
    private readonly Receiver _receiver = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _receiver.DisposeAsync();
        await _store.DisposeAsync();
    }

    [Fact]
    public async Task Nobody_who_waits_on_disk_has_the_message_and_no_connection_has_two_in_doubt()
    {
        await using var distributor = await TestDistributor.Start(_store.Database, TimeProvider.System, _receiver.Port, new LaneSettings { Connections = Connections, Rate = Rate });
        await distributor.Open(7);
        await distributor.Submit(Make.WireBatch(7, 1, 1, Count));
        var looked = 0;
        for (var seen = 0; _receiver.Count < Count;)
        {
            // Every look at another point of the run; the store must get on in between, and it does not stand in line fairly.
            await Until(() => _receiver.Count >= seen + (Count / 20) || _receiver.Count == Count);
            seen = _receiver.Count;
            looked += await Look() ? 1 : 0;
        }

        await distributor.Finish(7);
        Assert.True(looked >= 3, $"The run was seen only {looked} times.");
        Assert.Equal(Count, _receiver.Count);
        Assert.All(_receiver.Taken.Values, messages => Assert.Single(messages));
    }

    private async Task<bool> Look()
    {
        await using var connection = await _store.Database.Open(TestContext.Current.CancellationToken);
        await connection.ExecuteAsync("BEGIN IMMEDIATE");
        try
        {
            var states = (await connection.QueryAsync<(string Address, long State)>("SELECT address, state FROM recipient WHERE job_id = 7")).AsList();

            // Whatever was on its way arrives meanwhile.
            await Task.Delay(TimeSpan.FromMilliseconds(30), TimeProvider.System, TestContext.Current.CancellationToken);
            var waiting = states.Where(row => row.State == (long)Standing.Waiting).ToList();
            Assert.DoesNotContain(waiting, row => _receiver.Taken.ContainsKey(row.Address));
            Assert.InRange(states.Count(row => row.State == (long)Standing.Offered), 0, Connections);
            return waiting.Count is > 0 and < Count;
        }
        finally
        {
            await connection.ExecuteAsync("ROLLBACK");
        }
    }

    private static async Task Until(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }
}
