// SPDX-License-Identifier: Apache-2.0
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Tutti.Trk.Spool;

namespace Tutti.Trk.Tests.Spool;

public sealed class RetentionWorkerTests
{
    [Fact]
    public async Task Confirmed_events_are_kept_for_fourteen_days_and_then_deleted()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var spool = new SpoolFile();
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 3, 1, 12, 30, 0, TimeSpan.Zero));
        using var worker = new RetentionWorker(spool.Store, new SpoolSettings(), clock, NullLogger<RetentionWorker>.Instance);
        spool.Store.Open();
        spool.Append(0, 5);
        spool.Append(5, 5);
        await spool.Store.Confirm(5, clock.GetUtcNow(), cancellationToken);
        await worker.StartAsync(cancellationToken);

        clock.Advance(TimeSpan.FromDays(14) - TimeSpan.FromMinutes(1));
        await worker.DeleteDue(cancellationToken);
        Assert.Equal(10, (await spool.All()).Count);

        // The worker may not have come to wait for the clock yet: it moves on until it has.
        do
        {
            clock.Advance(TimeSpan.FromHours(2));
            await Task.Yield();
        }
        while ((await spool.All()).Count == 10);

        Assert.Equal(6, (await spool.All())[0].Number);
        await worker.StopAsync(cancellationToken);
    }
}
