// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Tutti.Contracts.Trk.V1;
using Tutti.Mail.Links;
using Tutti.Trk.Opens;

namespace Tutti.Trk.Tests.Opens;

public sealed class ShowImageTests
{
    [Fact]
    public async Task An_open_is_answered_with_one_pixel_and_kept()
    {
        await using var tracker = await RunningTracker.Start();
        await tracker.Publish(12);

        using var response = await tracker.Send(HttpMethod.Get, RunningTracker.PathOf(LinkKind.Open, 12, recipient: 99));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("image/gif", response.Content.Headers.ContentType!.ToString());
        Assert.Equal("no-store", response.Headers.CacheControl!.ToString());
        var image = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        Assert.Equal(43, image.Length);
        Assert.Equal("GIF89a"u8, image.AsSpan(0, 6));
        var open = Assert.Single(await tracker.AllEvents());
        Assert.Equal((EventKind.Open, 12UL, 99UL, 0U), (open.Kind, open.JobId, open.RecipientToken, open.Link));
    }

    [Fact]
    public async Task A_forged_image_is_not_there()
    {
        await using var tracker = await RunningTracker.Start();
        await tracker.Publish(12);

        Assert.Equal(HttpStatusCode.NotFound, await tracker.Get(RunningTracker.PathOf(LinkKind.Open, 12, recipient: 99)[..^1]));
        Assert.Empty(await tracker.AllEvents());
    }

    [Fact]
    public async Task A_user_agent_is_kept_up_to_five_hundred_characters()
    {
        await using var tracker = await RunningTracker.Start();
        await tracker.Publish(12);
        tracker.Reader.DefaultRequestHeaders.Remove("User-Agent");
        tracker.Reader.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", new string('x', 700));

        await tracker.Get(RunningTracker.PathOf(LinkKind.Open, 12, recipient: 99));

        Assert.Equal(500, Assert.Single(await tracker.AllEvents()).UserAgent.Length);
    }

    [Fact]
    public async Task Every_answered_open_of_many_at_once_is_there_after_a_restart_in_order_without_gaps()
    {
        await using var tracker = await RunningTracker.Start();
        await tracker.Publish(12);

        await Parallel.ForAsync(1, 2_001, new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (recipient, _) =>
            Assert.Equal(HttpStatusCode.OK, await tracker.Get(RunningTracker.PathOf(LinkKind.Open, 12, recipient: (ulong)recipient))));
        await tracker.Restart();

        var events = await tracker.AllEvents();
        Assert.Equal(Enumerable.Range(1, 2_000).Select(number => (ulong)number), events.Select(open => open.Number));
        Assert.Equal(Enumerable.Range(1, 2_000).Select(recipient => (ulong)recipient), events.Select(open => open.RecipientToken).Order());
    }

    [Fact]
    public void The_image_is_a_gif_of_forty_three_bytes() => Assert.Equal(43, ShowImage.Image.Length);
}
