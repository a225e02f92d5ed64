// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.Metrics;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Tutti.Trk.Spool;

namespace Tutti.Trk.Tests.Spool;

public sealed class SpoolWorkerTests
{
    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Everything_that_was_answered_is_on_the_disk_even_if_the_machine_stops_at_once()
    {
        await using var running = await Running.Start(new SpoolSettings());
        var answered = 0;
        await Parallel.ForAsync(1, 3_001, Ending, async (recipient, _) =>
        {
            Assert.Equal(SpoolResult.Stored, await running.Spool.Append(SpoolFile.Open((ulong)recipient)));
            Interlocked.Increment(ref answered);
        });

        await using var after = running.File.Crash();

        Assert.Equal(3_000, answered);
        after.Store.Open();
        var events = await after.All();
        Assert.Equal(3_000, events.Select(tracked => tracked.Event.Recipient).Distinct().Count());
        Assert.Equal(Enumerable.Range(1, 3_000).Select(number => (long)number), events.Select(tracked => tracked.Number));
    }

    [Fact]
    public async Task Events_that_wait_at_the_same_time_share_a_commit()
    {
        await using var running = await Running.Start(new SpoolSettings { Patience = TimeSpan.FromMinutes(1) });
        var waiting = new List<Task<SpoolResult>>();
        using (running.HoldTheDisk())
        {
            for (var recipient = 1UL; recipient <= 200; recipient++)
            {
                waiting.Add(running.Spool.Append(SpoolFile.Open(recipient)).AsTask());
            }
        }

        Assert.All(await Task.WhenAll(waiting), result => Assert.Equal(SpoolResult.Stored, result));
        Assert.InRange((await running.File.Store.After(0, int.MaxValue, Ending)).Count, 1, 3);
    }

    [Fact]
    public async Task A_silent_disk_lets_recipients_go_and_keeps_their_events_when_it_speaks_again()
    {
        await using var running = await Running.Start(new SpoolSettings { Patience = TimeSpan.FromSeconds(2) });
        using (running.HoldTheDisk())
        {
            Assert.Equal(SpoolResult.NotStored, await running.Spool.Append(SpoolFile.Open(1)));
            Assert.Equal(SpoolResult.NotStored, await running.Spool.Append(SpoolFile.Open(2)));
            Assert.NotNull(running.State.Trouble);
        }

        Assert.Equal(SpoolResult.Stored, await running.Spool.Append(SpoolFile.Open(3)));
        Assert.Null(running.State.Trouble);
        Assert.Equal(0, running.State.Lost);
        Assert.Equal([1UL, 2UL, 3UL], (await running.File.All()).Select(tracked => tracked.Event.Recipient!.Value));
    }

    [Fact]
    public async Task Events_that_find_no_room_are_counted_as_lost()
    {
        await using var running = await Running.Start(new SpoolSettings { Waiting = 5, Patience = TimeSpan.FromMinutes(1) });
        var waiting = new List<Task<SpoolResult>>();
        using (running.HoldTheDisk())
        {
            for (var recipient = 1UL; recipient <= 30; recipient++)
            {
                waiting.Add(running.Spool.Append(SpoolFile.Open(recipient)).AsTask());
            }
        }

        var results = await Task.WhenAll(waiting);
        await running.Stop();

        var refused = results.Count(result => result == SpoolResult.NotStored);
        Assert.InRange(refused, 1, 25);
        Assert.Equal(30 - refused, (await running.File.All()).Count);
        Assert.Equal(refused, running.State.Lost);
    }

    [Fact]
    public async Task A_spool_that_stops_writes_what_waits_and_takes_nothing_more()
    {
        await using var running = await Running.Start(new SpoolSettings { Patience = TimeSpan.FromMinutes(1) });
        Task<SpoolResult> waiting;
        Task stopping;
        using (running.HoldTheDisk())
        {
            waiting = running.Spool.Append(SpoolFile.Open(1)).AsTask();
            stopping = running.Stop();
            Assert.Equal(SpoolResult.Stopping, await running.Spool.Append(SpoolFile.Open(2)));
        }

        Assert.Equal(SpoolResult.Stored, await waiting);
        await stopping;
        Assert.Single(await running.File.All());
    }

    [Fact]
    public async Task A_disk_that_recovers_while_nobody_comes_is_noticed()
    {
        await using var running = await Running.Start(new SpoolSettings());
        running.Sql("CREATE TRIGGER full BEFORE INSERT ON spool_batch BEGIN SELECT RAISE(ABORT, 'the disk is full'); END");
        Assert.Equal(SpoolResult.NotStored, await running.Spool.Append(SpoolFile.Open(1)));
        Assert.NotNull(running.State.Trouble);

        running.Sql("DROP TRIGGER full");
        while (running.State.Trouble is not null)
        {
            await Task.Yield();
            Ending.ThrowIfCancellationRequested();
        }

        Assert.Equal(1, running.State.Lost);
    }

    /// <summary>The writer at work on a real file.</summary>
    private sealed class Running : IAsyncDisposable
    {
        private readonly ServiceProvider _services;
        private readonly SpoolWorker _worker;
        private bool _isStopped;

        private Running(SpoolSettings settings)
        {
            _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
            Spool = new EventSpool(settings);
            _worker = new SpoolWorker(
                Spool, File.Store, File.History, File.Replacements, State, new SpoolMetrics(_services.GetRequiredService<IMeterFactory>(), State), settings, TimeProvider.System, NullLogger<SpoolWorker>.Instance);
        }

        public SpoolFile File { get; } = new();

        public SpoolState State { get; } = new();

        public EventSpool Spool { get; }

        public static async Task<Running> Start(SpoolSettings settings)
        {
            var running = new Running(settings);
            await running._worker.StartAsync(Ending);
            return running;
        }

        /// <summary>Makes every commit wait, as a disk that does not answer would.</summary>
        public IDisposable HoldTheDisk() => File.HoldTheDisk();

        public void Sql(string sql)
        {
            using var stranger = new SqliteConnection($"Data Source={File.Path};Pooling=false");
            stranger.Open();
            using var command = stranger.CreateCommand();
            command.CommandText = sql;
            command.ExecuteNonQuery();
        }

        public async Task Stop()
        {
            _isStopped = true;
            await _worker.StopAsync(Ending);
        }

        public async ValueTask DisposeAsync()
        {
            if (!_isStopped)
            {
                await Stop();
            }

            _worker.Dispose();
            await File.DisposeAsync();
            await _services.DisposeAsync();
        }
    }
}
