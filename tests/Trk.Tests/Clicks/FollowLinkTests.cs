// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Tutti.Contracts.Trk.V1;
using Tutti.Mail.Links;
using TrackingType = Tutti.Contracts.Links.V1.TrackingType;

namespace Tutti.Trk.Tests.Clicks;

public sealed class FollowLinkTests
{
    private const string Target = "https://shop.example/sale?x=1&y=%20z#top";

    [Fact]
    public async Task A_click_leads_to_its_target_and_is_kept_with_the_recipient()
    {
        await using var tracker = await RunningTracker.Start();
        await tracker.Publish(12, TrackingType.Personal, "https://first.example/", Target);

        using var response = await tracker.Send(HttpMethod.Get, RunningTracker.PathOf(LinkKind.Click, 12, 2, 0xFEDCBA9876543210));

        Assert.Equal(HttpStatusCode.Found, response.StatusCode);
        Assert.Equal(Target, response.Headers.GetValues("Location").Single());
        Assert.Equal("no-store", response.Headers.CacheControl!.ToString());
        Assert.Equal("no-referrer", response.Headers.GetValues("Referrer-Policy").Single());
        var click = Assert.Single(await tracker.AllEvents());
        Assert.Equal(EventKind.Click, click.Kind);
        Assert.Equal(1UL, click.Number);
        Assert.Equal(12UL, click.JobId);
        Assert.Equal(2U, click.Link);
        Assert.Equal(0xFEDCBA9876543210, click.RecipientToken);
        Assert.Equal(RunningTracker.UserAgent, click.UserAgent);
        Assert.Equal("127.0.0.1", click.ClientAddress);
    }

    [Fact]
    public async Task Nothing_that_leads_back_to_a_recipient_is_kept_of_blind_tracking()
    {
        await using var tracker = await RunningTracker.Start();
        await tracker.Publish(12, TrackingType.Blind, Target);

        // Even if a distributor made a mistake and put a recipient into the token.
        await tracker.Get(RunningTracker.PathOf(LinkKind.Click, 12, 1, 99));
        await tracker.Get(RunningTracker.PathOf(LinkKind.Open, 12, recipient: 99));

        Assert.All(await tracker.AllEvents(), tracked =>
        {
            Assert.False(tracked.HasRecipientToken);
            Assert.Empty(tracked.ClientAddress);
        });
        Assert.Equal(2, (await tracker.AllEvents()).Count);
    }

    [Theory]
    [InlineData("/c/")]
    [InlineData("/c/AAAA")]
    [InlineData("/c/../../etc/passwd")]
    [InlineData("/c/https://evil.example/")]
    public async Task What_is_no_token_gets_a_neutral_page_and_never_a_redirect(string path)
    {
        await using var tracker = await RunningTracker.Start();
        await tracker.Publish(12, TrackingType.Personal, Target);

        using var response = await tracker.Send(HttpMethod.Get, path);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Null(response.Headers.Location);
        Assert.Contains("leads nowhere", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Empty(await tracker.AllEvents());
    }

    [Fact]
    public async Task A_token_that_was_cut_or_changed_anywhere_is_not_followed()
    {
        await using var tracker = await RunningTracker.Start();
        await tracker.Publish(12, TrackingType.Personal, Target);
        var path = RunningTracker.PathOf(LinkKind.Click, 12, 1, 99);

        for (var i = "/c/".Length; i < path.Length; i++)
        {
            Assert.Equal(HttpStatusCode.NotFound, await tracker.Get(path[..i]));
            Assert.Equal(HttpStatusCode.NotFound, await tracker.Get($"{path[..i]}{(path[i] == 'A' ? 'B' : 'A')}{path[(i + 1)..]}"));
        }

        Assert.Equal(HttpStatusCode.NotFound, await tracker.Get("/o/" + path["/c/".Length..]));
        Assert.Empty(await tracker.AllEvents());
    }

    [Fact]
    public async Task A_click_on_a_link_that_is_not_published_yet_waits_for_it_and_is_counted_once()
    {
        await using var tracker = await RunningTracker.Start();
        await tracker.Publish(1, TrackingType.Personal, "https://other.example/");
        var path = RunningTracker.PathOf(LinkKind.Click, 12, 1, 99);

        using var early = await tracker.Send(HttpMethod.Get, path);
        var page = await early.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, early.StatusCode);
        Assert.Contains("http-equiv=\"refresh\" content=\"5;url=?again\"", page, StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await tracker.Get(path + "?again"));
        await tracker.Publish(12, TrackingType.Personal, Target);
        Assert.Equal(HttpStatusCode.Found, await tracker.Get(path + "?again"));

        // How the job is tracked was not known, so no more was kept than the token itself allowed.
        var click = Assert.Single(await tracker.AllEvents());
        Assert.Equal(12UL, click.JobId);
        Assert.Empty(click.ClientAddress);
    }

    [Fact]
    public async Task A_click_on_a_link_that_its_job_gets_later_waits_too()
    {
        await using var tracker = await RunningTracker.Start();
        await tracker.Publish(12, TrackingType.Personal, Target);
        var path = RunningTracker.PathOf(LinkKind.Click, 12, 2, 99);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await tracker.Get(path));

        await tracker.Publications.PublishAsync(
            RunningTracker.PublicationOf(12, 2, TrackingType.Personal, Target, "https://second.example/"), cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Found, await tracker.Get(path));
    }

    [Fact]
    public async Task Whoever_asks_only_for_the_headers_is_led_but_not_counted()
    {
        await using var tracker = await RunningTracker.Start();
        await tracker.Publish(12, TrackingType.Personal, Target);

        using var response = await tracker.Send(HttpMethod.Head, RunningTracker.PathOf(LinkKind.Click, 12, 1, 99));
        using var posted = await tracker.Send(HttpMethod.Post, RunningTracker.PathOf(LinkKind.Click, 12, 1, 99));

        Assert.Equal(HttpStatusCode.Found, response.StatusCode);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, posted.StatusCode);
        Assert.Empty(await tracker.AllEvents());
    }

    [Fact]
    public async Task A_link_never_dies_and_the_loss_is_told_when_the_disk_refuses()
    {
        await using var tracker = await RunningTracker.Start();
        await tracker.Publish(12, TrackingType.Personal, Target);
        var path = RunningTracker.PathOf(LinkKind.Click, 12, 1, 99);
        Assert.Equal(HttpStatusCode.Found, await tracker.Get(path));
        tracker.Sql("CREATE TRIGGER full BEFORE INSERT ON spool_batch BEGIN SELECT RAISE(ABORT, 'the disk is full'); END");

        Assert.Equal(HttpStatusCode.Found, await tracker.Get(path));
        Assert.Equal(HttpStatusCode.Found, await tracker.Get(path));

        var report = await tracker.Report();
        Assert.False(report.Ready);
        Assert.Contains("the disk is full", Assert.Single(report.Problems), StringComparison.Ordinal);
        Assert.Contains(report.Figures, figure => figure is { Name: "Events lost", Value: 2 });
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await tracker.Get("/ready"));

        tracker.Sql("DROP TRIGGER full");
        Assert.Equal(HttpStatusCode.Found, await tracker.Get(path));

        Assert.True((await tracker.Report()).Ready);
        Assert.Equal([1UL, 2UL], (await tracker.AllEvents()).Select(click => click.Number));
        await tracker.Restart();
        Assert.Equal(2UL, (await tracker.Events.FetchAsync(new(), cancellationToken: TestContext.Current.CancellationToken)).Lost);
    }
}
