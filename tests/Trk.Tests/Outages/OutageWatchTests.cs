// SPDX-License-Identifier: Apache-2.0
using Tutti.Contracts.Feed.V1;
using Tutti.Contracts.Trk.V1;

namespace Tutti.Trk.Tests.Outages;

/// <summary>The tracker says when it was not there, and when it may lack links.</summary>
public sealed class OutageWatchTests
{
    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Row", "C-1.0.6")]
    public async Task Without_a_stop_there_is_no_gap_and_after_one_it_is_told_from_when_to_when()
    {
        await using var tracker = await RunningTracker.Start();
        var before = await Fetch(tracker);
        var stopped = TimeProvider.System.GetUtcNow();

        await tracker.Restart();
        var after = await Fetch(tracker);

        Assert.Empty(before.Outages);
        var outage = Assert.Single(after.Outages);
        Assert.InRange(DateTimeOffset.FromUnixTimeMilliseconds(outage.FromMs), stopped - TimeSpan.FromSeconds(1), TimeProvider.System.GetUtcNow());
        Assert.InRange(outage.ToMs, outage.FromMs, TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
        Assert.Contains((await tracker.Report()).Figures, figure => figure.Name == "Seconds away in the last day");
    }

    [Fact]
    [Trait("Row", "C-1.0.6")]
    public async Task A_gap_that_readers_may_have_noticed_is_said_in_words()
    {
        await using var tracker = await RunningTracker.Start();
        await tracker.Restart(betweenLives: () => File.SetLastWriteTimeUtc(
            Path.Combine(Path.GetDirectoryName(tracker.DatabaseFile)!, "alive"), TimeProvider.System.GetUtcNow().UtcDateTime - TimeSpan.FromSeconds(30)));

        var report = await tracker.Report();

        Assert.True(report.Ready);
        Assert.Contains("It was not there from", Assert.Single(report.Problems), StringComparison.Ordinal);
        Assert.InRange(report.Figures.Single(figure => figure.Name == "Seconds away in the last day").Value, 29, 40);
    }

    [Fact]
    [Trait("Row", "M")]
    public async Task A_tracker_that_was_away_is_ready_only_when_it_was_told_that_it_knows_all_links()
    {
        await using var tracker = await RunningTracker.Start();
        var fresh = await tracker.Report();
        await tracker.Publish(12, targets: "https://example.org/");

        await tracker.Restart();
        var back = await tracker.Report();
        var told = await Fetch(tracker);
        await tracker.Publications.UpToDateAsync(new UpToDateRequest { FeedId = "another" }, cancellationToken: Ending);
        var still = await tracker.Report();
        await tracker.Publications.UpToDateAsync(new UpToDateRequest { FeedId = told.FeedId }, cancellationToken: Ending);

        Assert.True(fresh.Ready);
        Assert.False(back.Ready);
        Assert.Contains("being brought up to date", Assert.Single(back.Problems), StringComparison.Ordinal);
        Assert.True(told.CatchingUp);
        Assert.False(still.Ready);
        Assert.True((await tracker.Report()).Ready);
        Assert.False((await Fetch(tracker)).CatchingUp);
    }

    private static async Task<EventBatch> Fetch(RunningTracker tracker) => await tracker.Events.FetchAsync(new FetchRequest(), cancellationToken: Ending);
}
