// SPDX-License-Identifier: Apache-2.0
using Dapper;
using Microsoft.Extensions.Time.Testing;
using Tutti.Lui.Jobs;
using Tutti.Lui.Rest;
using Tutti.Testing;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Tests.Rest;

public abstract class KeyedRequestSpec : IAsyncLifetime
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 24, 9, 0, 0, TimeSpan.Zero));
    private LuiDatabase _database = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private protected abstract Task<LuiDatabase> CreateDatabase();

    public async ValueTask InitializeAsync() => _database = await CreateDatabase();

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return _database.DisposeAsync();
    }

    [Fact]
    public async Task What_a_killed_process_had_committed_is_not_done_again_and_what_it_had_not_is()
    {
        var life = Life();
        Assert.Null(await life.Begin(1, "before", "f", Stop));
        Assert.Null(await life.Begin(1, "after", "f", Stop));
        await CreateJob(life, "after");
        Assert.Equal(KeyedState.Running, (await life.Begin(1, "before", "f", Stop))!.State);

        // Killed here: one request had not changed anything, the other one had and was not answered.
        var next = Life();
        Assert.Null(await next.Begin(1, "before", "f", Stop));
        var applied = (await next.Begin(1, "after", "f", Stop))!;
        Assert.Equal((KeyedState.Applied, true), (applied.State, next.IsLeft(applied, _clock.GetUtcNow())));

        // What was left running somewhere else cannot change anything behind the back of the one that took it over.
        await Assert.ThrowsAsync<InvalidOperationException>(() => CreateJob(life, "before"));
        await CreateJob(next, "before");
        await next.Done(1, "before", new KeptAnswer(201, "application/json", "/there", [1, 2]), Stop);
        Assert.Equal(2, await Jobs());
        var done = (await Life().Begin(1, "before", "f", Stop))!;
        Assert.Equal((201, "/there", 2), (done.Answer!.Status, done.Answer.Location, done.Answer.Body.Length));
    }

    [Fact]
    public async Task Another_node_waits_until_the_first_one_is_surely_gone()
    {
        var (one, two) = (Life("one"), Life("two"));
        Assert.Null(await one.Begin(1, "key", "f", Stop));
        var running = (await two.Begin(1, "key", "f", Stop))!;
        Assert.False(two.IsLeft(running, _clock.GetUtcNow()));
        _clock.Advance(KeyedRequestStore.Longest + TimeSpan.FromSeconds(1));
        Assert.Null(await two.Begin(1, "key", "f", Stop));
        Assert.NotNull(await one.Begin(1, "key", "f", Stop));
    }

    [Fact]
    public async Task A_key_belongs_to_one_token_and_one_request_and_is_forgotten_after_a_day()
    {
        var life = Life();
        Assert.Null(await life.Begin(1, "key", "f", Stop));
        Assert.Null(await life.Begin(2, "key", "f", Stop));
        Assert.Equal("f", (await life.Begin(1, "key", "other", Stop))!.Fingerprint);
        await life.Done(1, "key", new KeptAnswer(200, null, null, []), Stop);
        _clock.Advance(TimeSpan.FromHours(23));
        Assert.NotNull(await life.Begin(1, "key", "f", Stop));
        _clock.Advance(TimeSpan.FromHours(2));
        Assert.Null(await life.Begin(1, "key", "other", Stop));
    }

    [Fact]
    public async Task What_failed_before_it_changed_anything_may_come_again()
    {
        var life = Life();
        Assert.Null(await life.Begin(1, "key", "f", Stop));
        await life.Abandon(1, "key", Stop);
        Assert.Null(await life.Begin(1, "key", "f", Stop));
        await CreateJob(life, "key");
        await life.Abandon(1, "key", Stop);
        var applied = (await life.Begin(1, "key", "f", Stop))!;
        Assert.Equal((KeyedState.Applied, true), (applied.State, life.IsLeft(applied, _clock.GetUtcNow())));
    }

    private KeyedRequestStore Life(string node = "node") => new(_database.Database, new Leases(_database.Database, node, _clock), _clock);

    private async Task CreateJob(KeyedRequestStore life, string key)
    {
        using (_database.Database.Alongside(transaction => life.Applied(transaction, 1, key, Stop)))
        {
            await new JobStore(_database.Database, _clock).Create(
                new DateOnly(2026, 11, 24),
                (id, code) => new Job { Id = id, Code = code, Title = "Spring", Owner = Actor.Tutti, CreatedAt = _clock.GetUtcNow() },
                new JournalEntry(_clock.GetUtcNow(), Actor.Tutti, "created", "Created."),
                Stop);
        }
    }

    private async Task<long> Jobs()
    {
        await using var connection = await _database.Database.Open(Stop);
        return await connection.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM job");
    }
}

public sealed class KeyedRequestsOnSqlite : KeyedRequestSpec
{
    private protected override Task<LuiDatabase> CreateDatabase() => Task.FromResult(LuiDatabase.OnSqlite());
}

public sealed class KeyedRequestsOnPostgres(PostgresServer server) : KeyedRequestSpec
{
    private protected override Task<LuiDatabase> CreateDatabase() => LuiDatabase.OnPostgres(server);
}
