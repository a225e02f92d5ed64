// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using Microsoft.Extensions.Time.Testing;

namespace Tutti.Dst.Tests.Feed;

public sealed class EventsServiceTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.Parse("2026-11-24T10:00:00Z", null));
    private readonly Store _store = Store.OnSqlite();
    private readonly Receiver _receiver = new();
    private TestDistributor _distributor = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _distributor = await TestDistributor.Start(_store.Database, _clock, _receiver.Port);

    public async ValueTask DisposeAsync()
    {
        await _distributor.DisposeAsync();
        await _receiver.DisposeAsync();
        await _store.DisposeAsync();
    }

    [Fact]
    public async Task A_reader_of_another_feed_gets_no_events_but_the_id_to_start_over_with()
    {
        await Send(3);
        var stranger = await _distributor.Fetch(0, feed: "another", cancellationToken: Cancelled);
        Assert.Empty(stranger.Events);
        Assert.Equal(_distributor.Journal.FeedId, stranger.FeedId);
        Assert.Equal(3, (await _distributor.Fetch(0, feed: stranger.FeedId, cancellationToken: Cancelled)).Events.Count);
        Assert.Equal(StatusCode.FailedPrecondition, (await Assert.ThrowsAsync<RpcException>(() => _distributor.Confirm(1, "another"))).StatusCode);
    }

    [Fact]
    public async Task A_call_waits_for_the_next_event_and_not_longer_than_asked_for()
    {
        var waiting = _distributor.Fetch(0, waitMs: 30_000, cancellationToken: Cancelled);
        Assert.False(waiting.IsCompleted);
        await Send(1);
        Assert.NotEmpty((await waiting).Events);
        var inVain = _distributor.Fetch(1, waitMs: 30_000, cancellationToken: Cancelled);
        Assert.False(inVain.IsCompleted);
        for (var tick = 0; tick < 100 && !inVain.IsCompleted; tick++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        var batch = await inVain;
        Assert.Empty(batch.Events);
        Assert.Equal((1ul, _clock.GetUtcNow().ToUnixTimeMilliseconds()), (batch.Newest, batch.ClockMs));
    }

    [Fact]
    public async Task A_reply_stays_below_a_mebibyte_whatever_the_receivers_say()
    {
        _receiver.AnswerTo = static (_, _) => "550 " + new string('x', 490);
        await Send(3000);
        var batch = await _distributor.Fetch(0, most: 100_000, cancellationToken: Cancelled);
        Assert.InRange(batch.Events.Count, 100, 2999);
        Assert.InRange(batch.CalculateSize(), 1, 1024 * 1024);
        Assert.Equal(3000, (await _distributor.Events()).Count);
    }

    [Fact]
    public async Task Confirmed_events_can_be_read_again_by_a_reader_that_lost_its_mark()
    {
        await Send(5);
        await _distributor.Confirm(5);
        Assert.Equal(5, (await _distributor.Fetch(0, cancellationToken: Cancelled)).Events.Count);
    }

    private async Task Send(int count)
    {
        await _distributor.Open(7);
        await _distributor.Submit(Make.WireBatch(7, 1, 1, count));
        await _distributor.Finish(7);
    }
}
