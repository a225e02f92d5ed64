// SPDX-License-Identifier: Apache-2.0
using Tutti.Contracts.Trk.V1;
using Tutti.Mail.Links;
using TrackingType = Tutti.Contracts.Links.V1.TrackingType;

namespace Tutti.Trk.Tests.PublicPages;

/// <summary>What a tracker puts on its disk, type by type, also of tokens that say more than they should.</summary>
public sealed class TrackingTypesTests
{
    private const ulong Recipient = 42;
    private const ulong Trace = 99;

    [Theory]
    [InlineData(TrackingType.Personal, true, Recipient, null, true)]
    [InlineData(TrackingType.Permission, true, Recipient, null, true)]
    [InlineData(TrackingType.Permission, false, null, Trace, false)]
    [InlineData(TrackingType.Anonymous, true, null, null, false)]
    [InlineData(TrackingType.Anonymous, false, null, Trace, false)]
    [InlineData(TrackingType.Unique, true, null, null, false)]
    [InlineData(TrackingType.Unique, false, null, Trace, false)]
    [InlineData(TrackingType.Blind, true, null, null, false)]
    [InlineData(TrackingType.Blind, false, null, null, false)]
    public async Task An_open_and_a_click_are_kept_as_the_type_allows_also_over_a_restart(TrackingType tracking, bool namesRecipient, ulong? recipient, ulong? trace, bool hasAddress)
    {
        await using var tracker = await RunningTracker.Start();
        await tracker.Publish(12, tracking, "https://shop.example/");
        await tracker.Get(Path(LinkKind.Open, 0));
        await tracker.Get(Path(LinkKind.Click, 1));
        await tracker.Restart();

        var events = await tracker.AllEvents();
        Assert.Equal([EventKind.Open, EventKind.Click], events.Select(one => one.Kind));
        Assert.All(events, one =>
        {
            Assert.Equal(recipient, one.HasRecipientToken ? one.RecipientToken : null);
            Assert.Equal(trace, one.HasTrace ? one.Trace : null);
            Assert.Equal(hasAddress, one.ClientAddress.Length > 0);

            // The sort of an unknown program says nothing.
            Assert.Equal(hasAddress ? RunningTracker.UserAgent : "", one.UserAgent);
        });

        string Path(LinkKind kind, uint link) =>
            LinkPaths.Of(kind) + LinkToken.Create(RunningTracker.Key, kind, 12, link, namesRecipient ? Recipient : null, namesRecipient ? null : Trace);
    }

    [Theory]
    [InlineData(TrackingType.Permission)]
    [InlineData(TrackingType.Anonymous)]
    [InlineData(TrackingType.Unique)]
    public async Task Rule_19_whoever_unsubscribes_is_known_by_this_wish_and_by_nothing_else(TrackingType tracking)
    {
        await using var tracker = await RunningTracker.Start();
        await tracker.Publish(12, tracking);
        using var form = new FormUrlEncodedContent([new("List-Unsubscribe", "One-Click")]);
        using var answer = await tracker.Send(HttpMethod.Post, RunningTracker.PathOf(LinkKind.Unsubscribe, 12, recipient: Recipient), form);

        var wish = Assert.Single(await tracker.AllEvents());
        Assert.Equal((EventKind.Unsubscribe, Recipient, false, "", ""), (wish.Kind, wish.RecipientToken, wish.HasTrace, wish.UserAgent, wish.ClientAddress));
    }

    [Fact]
    public async Task Of_a_job_that_is_not_known_yet_nothing_but_the_event_is_kept()
    {
        await using var tracker = await RunningTracker.Start();
        await tracker.Publish(11, TrackingType.Personal);
        await tracker.Get(LinkPaths.Of(LinkKind.Open) + LinkToken.Create(RunningTracker.Key, LinkKind.Open, 12, 0, Recipient));
        await tracker.Get(LinkPaths.Of(LinkKind.Open) + LinkToken.Create(RunningTracker.Key, LinkKind.Open, 12, 0, null, Trace));

        Assert.Equal(2, (await tracker.AllEvents()).Count);
        Assert.All(await tracker.AllEvents(), one => Assert.Equal((false, false, ""), (one.HasRecipientToken, one.HasTrace, one.ClientAddress)));
    }
}
