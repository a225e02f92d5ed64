// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Http.Headers;
using Tutti.Contracts.Trk.V1;
using Tutti.Mail.Links;
using TrackingType = Tutti.Contracts.Links.V1.TrackingType;

namespace Tutti.Trk.Tests.Unsubscribes;

public sealed class UnsubscribeTests
{
    private static readonly string _path = RunningTracker.PathOf(LinkKind.Unsubscribe, 12, recipient: 99);

    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    public async Task Asking_changes_nothing(string method)
    {
        await using var tracker = await RunningTracker.Start();
        await tracker.Publish(12);

        using var response = await tracker.Send(new HttpMethod(method), _path);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Empty(await tracker.AllEvents());
    }

    [Fact]
    public async Task The_page_names_the_sender_and_has_one_button_and_no_script()
    {
        await using var tracker = await RunningTracker.Start();
        await tracker.Publish(12);

        using var response = await tracker.Send(HttpMethod.Get, _path);
        var page = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Contains("<strong>The Example &lt;Society&gt;</strong>", page, StringComparison.Ordinal);
        Assert.Contains("<form method=\"post\">", page, StringComparison.Ordinal);
        Assert.Contains("name=\"answer\" value=\"unsubscribe\"", page, StringComparison.Ordinal);
        Assert.Contains("name=\"viewport\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        var policy = response.Headers.GetValues("Content-Security-Policy").Single();
        Assert.StartsWith("default-src 'none'; style-src 'sha256-", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_click_of_a_mail_program_is_kept()
    {
        await using var tracker = await RunningTracker.Start();
        await tracker.Publish(12);
        using var body = new FormUrlEncodedContent([new("List-Unsubscribe", "One-Click")]);

        using var response = await tracker.Send(HttpMethod.Post, _path, body);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var wish = Assert.Single(await tracker.AllEvents());
        Assert.Equal((EventKind.Unsubscribe, 12UL, 99UL), (wish.Kind, wish.JobId, wish.RecipientToken));
    }

    [Fact]
    public async Task One_click_as_multipart_form_is_kept()
    {
        await using var tracker = await RunningTracker.Start();
        await tracker.Publish(12);
        using var body = new MultipartFormDataContent { { new StringContent("One-Click"), "List-Unsubscribe" } };

        using var response = await tracker.Send(HttpMethod.Post, _path, body);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Single(await tracker.AllEvents());
    }

    [Fact]
    public async Task The_buttons_form_is_kept_and_confirmed_by_a_page()
    {
        await using var tracker = await RunningTracker.Start();
        await tracker.Publish(12);
        using var body = new FormUrlEncodedContent([new("answer", "unsubscribe")]);

        using var response = await tracker.Send(HttpMethod.Post, _path, body);

        Assert.Contains("You are unsubscribed", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Single(await tracker.AllEvents());
    }

    [Theory]
    [InlineData("", "text/plain")]
    [InlineData("List-Unsubscribe=One-Click", "text/plain")]
    [InlineData("List-Unsubscribe=Two-Clicks", "application/x-www-form-urlencoded")]
    [InlineData("something=else", "application/x-www-form-urlencoded")]
    [InlineData("--broken", "multipart/form-data; boundary=other")]
    public async Task Another_post_changes_nothing(string body, string type)
    {
        await using var tracker = await RunningTracker.Start();
        await tracker.Publish(12);
        using var content = new StringContent(body) { Headers = { ContentType = MediaTypeHeaderValue.Parse(type) } };

        using var response = await tracker.Send(HttpMethod.Post, _path, content);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Empty(await tracker.AllEvents());
    }

    [Fact]
    public async Task A_body_of_a_megabyte_changes_nothing()
    {
        await using var tracker = await RunningTracker.Start();
        await tracker.Publish(12);
        using var body = new FormUrlEncodedContent([new("List-Unsubscribe", "One-Click"), new("more", new string('x', 1_000_000))]);

        using var response = await tracker.Send(HttpMethod.Post, _path, body);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Empty(await tracker.AllEvents());
    }

    [Fact]
    public async Task Of_blind_tracking_the_wish_names_the_recipient_and_nothing_else()
    {
        await using var tracker = await RunningTracker.Start();
        await tracker.Publish(12, TrackingType.Blind);
        using var body = new FormUrlEncodedContent([new("List-Unsubscribe", "One-Click")]);

        using var response = await tracker.Send(HttpMethod.Post, _path, body);

        var wish = Assert.Single(await tracker.AllEvents());
        Assert.Equal(99UL, wish.RecipientToken);
        Assert.Empty(wish.ClientAddress);
        Assert.Empty(wish.UserAgent);
    }

    [Fact]
    public async Task A_wish_that_the_disk_refuses_is_not_confirmed()
    {
        await using var tracker = await RunningTracker.Start();
        await tracker.Publish(12);
        tracker.Sql("CREATE TRIGGER full BEFORE INSERT ON spool_batch BEGIN SELECT RAISE(ABORT, 'the disk is full'); END");
        using var body = new FormUrlEncodedContent([new("List-Unsubscribe", "One-Click")]);

        using var response = await tracker.Send(HttpMethod.Post, _path, body);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.NotNull(response.Headers.RetryAfter);
    }

    [Fact]
    public async Task A_forged_address_is_not_there()
    {
        await using var tracker = await RunningTracker.Start();
        await tracker.Publish(12);
        using var body = new FormUrlEncodedContent([new("List-Unsubscribe", "One-Click")]);

        using var response = await tracker.Send(HttpMethod.Post, _path[..^2], body);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Empty(await tracker.AllEvents());
    }
}
