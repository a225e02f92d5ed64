// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Text.Json;
using Dapper;
using Tutti.Contracts.Trk.V1;
using Tutti.Lui.Delivery;
using Tutti.Lui.Jobs;
using Tutti.Lui.Jobs.Sending;
using Tutti.Lui.Jobs.Steps;
using Tutti.Lui.Tests.World;
using Tutti.Lui.Webhooks;
using Tutti.Lui.Webhooks.Events;
using Tutti.Lui.Webhooks.Sending;
using Tutti.Testing;
using Tutti.Wiring.Storage;
using Wire = Tutti.Contracts.Dst.V1;

namespace Tutti.Lui.Tests.Webhooks;

public abstract class WebhooksSpec : WorldSpec
{
    private WebhookReceiver _receiver = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _receiver = await WebhookReceiver.Start();
    }

    public override async ValueTask DisposeAsync()
    {
        await _receiver.DisposeAsync();
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_campaign_is_told_from_its_making_to_the_last_click_signed_and_numbered()
    {
        await Listen(EventTypes.All);
        World.Distributor.Judge = recipient => recipient.Id == 2 ? Wire.Fate.Refused : Wire.Fate.Accepted;
        var job = await World.Lui.Authorized(3);
        await World.Settle();
        World.Tracker.Add(EventKind.Open, job.Id, TokenOf(1));
        World.Tracker.Add(EventKind.Click, job.Id, TokenOf(1), link: 1);
        World.Tracker.Add(EventKind.Unsubscribe, job.Id, TokenOf(3));
        World.Distributor.Return(job.Id, 1, Wire.CameBack.Bounced, Wire.BounceClass.Soft, "552 5.2.2 Full");
        World.Distributor.Return(job.Id, 3, Wire.CameBack.Complained, reply: "abuse");
        await World.Settle();
        await World.Lui.TellWebhooks();

        var kept = (await _receiver.Kept()).OrderBy(one => Body(one).GetProperty("number").GetInt64()).ToList();
        Assert.Equal(
            [
                "job.authorized", "job.completed", "job.created", "job.started", "recipient.accepted", "recipient.accepted", "recipient.bounced", "recipient.clicked",
                "recipient.complained", "recipient.opened", "recipient.refused", "recipient.unsubscribed",
            ],
            kept.Select(TypeOf).Order(StringComparer.Ordinal));
        Assert.Equal(Enumerable.Range(1, 12), kept.Select(one => Body(one).GetProperty("number").GetInt32()));
        Assert.All(kept, one => Assert.Equal([0], one.GetProperty("signedWith").EnumerateArray().Select(secret => secret.GetInt32())));
        Assert.All(kept, one => Assert.Equal(("application/json", "/hooks?from=tutti", one.GetProperty("id").GetString()), (one.GetProperty("type").GetString(), one.GetProperty("path").GetString(), Body(one).GetProperty("id").GetString())));
        Assert.All(kept, one => Assert.Equal(job.Code, Data(one).GetProperty("job").GetString()));
        var refused = Data(Assert.Single(kept, one => TypeOf(one) == "recipient.refused"));
        Assert.Equal((2, "r2@rcpt.example"), (refused.GetProperty("recipient").GetProperty("number").GetInt32(), refused.GetProperty("recipient").GetProperty("address").GetString()));
        Assert.Equal("https://example.org/a", Data(Assert.Single(kept, one => TypeOf(one) == "recipient.clicked")).GetProperty("link").GetString());
        var bounced = Data(Assert.Single(kept, one => TypeOf(one) == "recipient.bounced"));
        Assert.Equal(("soft", "552 5.2.2 Full"), (bounced.GetProperty("class").GetString(), bounced.GetProperty("reply").GetString()));
        var authorized = Data(Assert.Single(kept, one => TypeOf(one) == "job.authorized"));
        Assert.Equal(("waiting", "Ada", "Spring"), (authorized.GetProperty("state").GetString(), authorized.GetProperty("by").GetString(), authorized.GetProperty("title").GetString()));

        // Told once, not at every look.
        await World.Settle();
        await World.Lui.TellWebhooks();
        Assert.Equal(12, (await _receiver.Kept()).Count);
    }

    [Fact]
    public async Task Only_what_was_asked_for_is_kept_and_nothing_of_a_change_that_was_refused_or_of_tests()
    {
        var job = await World.Lui.Prepare(2);
        Assert.Equal(0, await Rows("webhook_outbox"));
        await Listen("job.authorized", "recipient.accepted");
        await World.Lui.PassPreflight(job);
        await Assert.ThrowsAsync<InvalidOperationException>(() => World.Database.Write<int>(
            async transaction =>
            {
                var store = World.Lui.Get<JobStore>();
                await store.Change(transaction, job.Id, null, one => one with { State = JobState.Waiting }, _ => null, Token);
                throw new InvalidOperationException("The transaction is rolled back.");
            },
            Token));
        Assert.Equal(0, await Rows("webhook_outbox"));

        _ = (await World.Lui.Get<SendTest>().Handle(new(job.Id, Ada, ["colleague@rcpt.example"], []), Token)).Value;
        await World.Settle();
        await World.Lui.TellWebhooks();
        Assert.Empty(await _receiver.Kept());

        _ = (await World.Lui.Get<WaiveTest>().Handle(new(job.Id, Ada), Token)).Value;
        _ = (await World.Lui.Get<AuthorizeJob>().Handle(new(job.Id, Ada), Token)).Value;
        await World.Settle();
        await World.Lui.TellWebhooks();
        Assert.Equal(["job.authorized", "recipient.accepted", "recipient.accepted"], (await _receiver.Kept()).Select(TypeOf).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_arrived_when_the_process_ended_comes_again_with_the_same_id_and_nothing_is_lost()
    {
        var webhook = await Listen("job.created");
        await World.Lui.Prepare(1);
        await World.Restart();
        await World.Lui.Get<SpreadEvents>().Handle(Token);
        await World.Restart();

        // The message is on its way; the process ends before it writes down that it was taken.
        var message = Assert.Single(await World.Lui.Get<MessageStore>().Due(webhook.Webhook.Id, World.Clock.GetUtcNow(), 10, Token));
        Assert.True((await World.Lui.Get<PostMessage>().Handle(_receiver.Url, [webhook.Secret], message, Token)).IsTaken);
        await World.Restart();
        await World.Lui.TellWebhooks();

        var kept = await _receiver.Kept();
        Assert.Equal(2, kept.Count);
        Assert.Equal(kept[0].GetProperty("id").GetString(), kept[1].GetProperty("id").GetString());
        Assert.Equal(Body(kept[0]).GetRawText(), Body(kept[1]).GetRawText());
    }

    [Fact]
    public async Task A_receiver_in_trouble_is_left_alone_for_longer_and_longer_and_gets_everything_when_it_is_back()
    {
        var webhook = (await Listen("job.created")).Webhook;
        await World.Lui.Prepare(1);
        await World.Lui.Prepare(1);
        await _receiver.Plan(500, times: 3);
        await World.Lui.TellWebhooks();
        Assert.Equal(2, (await _receiver.Kept()).Count);
        Assert.Equal((1, World.Clock.GetUtcNow() + TimeSpan.FromSeconds(5)), ((await Found(webhook)).Failures, (await Found(webhook)).PausedTo));
        await World.Lui.TellWebhooks();
        Assert.Equal(2, (await _receiver.Kept()).Count);

        // Asked with one message only.
        World.Clock.Advance(TimeSpan.FromSeconds(5));
        await World.Lui.TellWebhooks();
        Assert.Equal(3, (await _receiver.Kept()).Count);
        Assert.Equal((2, World.Clock.GetUtcNow() + TimeSpan.FromSeconds(30)), ((await Found(webhook)).Failures, (await Found(webhook)).PausedTo));

        World.Clock.Advance(TimeSpan.FromSeconds(30));
        await World.Lui.TellWebhooks();
        await World.Lui.TellWebhooks();
        Assert.Null((await Found(webhook)).FailingSince);
        var log = await World.Lui.Get<MessageStore>().List(webhook.Id, null, long.MaxValue, 10, Token);
        Assert.All(log, one => Assert.Equal((MessageState.Delivered, 204), (one.State, one.Status)));
        Assert.Equal([500, 204], (await World.Lui.Get<MessageStore>().Attempts(log[0], Token)).Select(one => one.Status));
        Assert.Equal([500, 500, 204], (await World.Lui.Get<MessageStore>().Attempts(log[1], Token)).Select(one => one.Status));
        Assert.Equal("as planned", (await World.Lui.Get<MessageStore>().Attempts(log[1], Token))[0].Answer);
    }

    [Fact]
    public async Task One_message_that_is_refused_keeps_no_other_waiting_and_is_given_up_in_the_end_and_sent_again_by_hand()
    {
        var webhook = (await Listen("job.created", "job.deleted")).Webhook;
        await World.Lui.Prepare(1);
        await _receiver.Plan(400, times: 1000, number: 1);
        for (var hour = 0; hour < 80; hour += 4)
        {
            await World.Lui.Prepare(1);
            await World.Lui.TellWebhooks();
            World.Clock.Advance(TimeSpan.FromHours(4));
        }

        var log = await World.Lui.Get<MessageStore>().List(webhook.Id, null, long.MaxValue, 100, Token);
        var givenUp = Assert.Single(log, one => one.State != MessageState.Delivered);
        Assert.Equal(MessageState.GivenUp, givenUp.State);
        Assert.True((await Found(webhook)).IsOn);

        await _receiver.DisposeAsync();
        _receiver = await WebhookReceiver.Start();
        _ = (await World.Lui.Get<SaveWebhook>().Change(webhook.Id, new("CRM", _receiver.Url, webhook.Events), Token)).Value;
        Assert.Equal(1, (await World.Lui.Get<SendAgain>().AllGivenUp(webhook.Id, Token)).Value);
        await World.Lui.TellWebhooks();
        var again = (await World.Lui.Get<MessageStore>().Find(webhook.Id, givenUp.Number, Token))!;
        Assert.Equal((MessageState.Delivered, givenUp.Attempts + 1, givenUp.EventId), (again.State, again.Attempts, again.EventId));

        // What was delivered can be sent again too, and the log is forgotten after some days.
        Assert.False((await World.Lui.Get<SendAgain>().Handle(webhook.Id, 2, Token)).IsRefused);
        await World.Lui.TellWebhooks();
        Assert.Equal([204, 204], (await World.Lui.Get<MessageStore>().Attempts((await World.Lui.Get<MessageStore>().Find(webhook.Id, 2, Token))!, Token)).Select(one => one.Status));
        Assert.Equal(log.Count, await World.Lui.Get<MessageStore>().Forget(World.Clock.GetUtcNow() + TimeSpan.FromDays(1), 1000, Token));
        Assert.Equal("webhook.message-not-found", (await World.Lui.Get<SendAgain>().Handle(webhook.Id, 2, Token)).Refusal.Code);
    }

    [Fact]
    public async Task A_receiver_that_takes_nothing_for_days_or_says_gone_is_switched_off_and_what_waits_is_kept()
    {
        var webhook = (await Listen("job.created")).Webhook;
        await World.Lui.Prepare(1);
        await _receiver.Plan(503, times: 1000);
        for (var hour = 0; hour < 74; hour++)
        {
            await World.Lui.TellWebhooks();
            World.Clock.Advance(TimeSpan.FromHours(1));
            await World.Lui.Prepare(1);
        }

        await World.Lui.TellWebhooks();
        var off = await Found(webhook);
        Assert.False(off.IsOn);
        Assert.Contains("answered 503", off.OffReason, StringComparison.Ordinal);
        var waiting = (await World.Lui.Get<MessageStore>().List(webhook.Id, MessageState.Waiting, long.MaxValue, 500, Token)).Count;
        Assert.True(waiting > 50);

        await _receiver.DisposeAsync();
        _receiver = await WebhookReceiver.Start();
        _ = (await World.Lui.Get<SaveWebhook>().Change(webhook.Id, new(off.Name, _receiver.Url, off.Events), Token)).Value;
        await _receiver.Plan(410);
        await World.Lui.TellWebhooks();
        World.Clock.Advance(TimeSpan.FromHours(9));
        await World.Lui.TellWebhooks();
        Assert.InRange((await _receiver.Kept()).Count, waiting, waiting + 1);

        await World.Lui.Prepare(1);
        await _receiver.Plan(410);
        await World.Lui.TellWebhooks();
        Assert.Contains("410", (await Found(webhook)).OffReason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_secret_signs_beside_the_former_one_for_a_day()
    {
        var (webhook, former) = await Listen("job.created");
        var secret = (await World.Lui.Get<SaveWebhook>().Rotate(webhook.Id, Token)).Value.Secret;
        await _receiver.Know(former, secret);
        await World.Lui.Prepare(1);
        await World.Lui.TellWebhooks();
        World.Clock.Advance(TimeSpan.FromHours(24));
        await World.Lui.Prepare(1);
        await World.Lui.TellWebhooks();

        Assert.Equal(["0,1", "1"], (await _receiver.Kept()).Select(one => string.Join(',', one.GetProperty("signedWith").EnumerateArray())));
        await using var connection = await World.Database.Open(Token);
        Assert.DoesNotContain(secret[6..], await connection.QuerySingleAsync<string>("SELECT secret FROM webhook"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_webhook_leads_into_a_network_that_is_not_allowed_follows_a_redirect_or_waits_for_ever()
    {
        var (webhook, secret) = await Listen("job.created");
        await World.Lui.Prepare(1);
        await World.Lui.Get<SpreadEvents>().Handle(Token);
        var message = Assert.Single(await World.Lui.Get<MessageStore>().Due(webhook.Id, World.Clock.GetUtcNow(), 10, Token));
        using var strict = new PostMessage(new WebhookSettings(), World.Clock, (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback]));
        foreach (var url in (string[])["https://hooks.example/", "http://hooks.example/", _receiver.Url])
        {
            Assert.Contains("WebhookNetworks", (await strict.Handle(url, [secret], message, Token)).Attempt.Answer, StringComparison.Ordinal);
        }

        var post = World.Lui.Get<PostMessage>();
        await _receiver.Plan(302, headers: new() { ["Location"] = _receiver.Url });
        var moved = await post.Handle(_receiver.Url, [secret], message, Token);
        Assert.Equal((302, false), (moved.Attempt.Status, moved.IsTaken));
        await _receiver.Plan(204, hang: true);
        var hanging = post.Handle(_receiver.Url, [secret], message, Token);
        while ((await _receiver.Kept()).Count < 2)
        {
            Token.ThrowIfCancellationRequested();
        }

        World.Clock.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal((null, "no answer within 20 seconds"), ((await hanging).Attempt.Status, (await hanging).Attempt.Answer));
        Assert.Equal(2, (await _receiver.Kept()).Count);
    }

    [Theory]
    [InlineData("ftp://hooks.example/", "webhook.url")]
    [InlineData("https://me:secret@hooks.example/", "webhook.url")]
    [InlineData("hooks.example", "webhook.url")]
    [InlineData("https://10.1.2.3/", "webhook.private")]
    [InlineData("https://[::1]/", "webhook.private")]
    [InlineData("https://hooks.example/", null)]
    public async Task Addresses_that_can_never_be_reached_are_refused_at_once(string url, string? code)
    {
        var made = await World.Lui.Get<SaveWebhook>().Add(new("CRM", url, ["job.created"]), Ada, Token);
        Assert.Equal(code, made.IsRefused ? made.Refusal.Code : null);
        var strict = new SaveWebhook(World.Lui.Get<WebhookStore>(), World.Lui.Get<WebhookSecrets>(), new WebhookSettings(), World.Clock);
        Assert.Equal("webhook.plain", (await strict.Add(new("CRM", "http://hooks.example/", ["job.created"]), Ada, Token)).Refusal.Code);
        Assert.Equal("webhook.events", (await strict.Add(new("CRM", "https://hooks.example/", []), Ada, Token)).Refusal.Code);
        Assert.Equal("webhook.event", (await strict.Add(new("CRM", "https://hooks.example/", ["job.sung"]), Ada, Token)).Refusal.Code);
        Assert.Equal("webhook.name", (await strict.Add(new(" ", "https://hooks.example/", ["job.created"]), Ada, Token)).Refusal.Code);
    }

    [Fact]
    public async Task Many_events_are_spread_in_pages_over_all_who_want_them()
    {
        var one = (await Listen("recipient.opened")).Webhook;
        var two = (await Listen("recipient.opened", "recipient.clicked")).Webhook;
        await World.Database.Write(
            transaction => WebhookOutbox.Write(
                transaction,
                Enumerable.Range(0, 5_000).Select(number => new OutgoingEvent(number % 2 == 0 ? EventTypes.Opened : EventTypes.Clicked, World.Clock.GetUtcNow(), 1, number, new { number })),
                Token),
            Token);
        var pages = 1;
        while (await World.Lui.Get<SpreadEvents>().Handle(Token))
        {
            pages++;
        }

        Assert.Equal(3, pages);
        Assert.Equal(0, await Rows("webhook_outbox"));
        var store = World.Lui.Get<MessageStore>();
        Assert.Equal(Enumerable.Range(1, 2_500), (await store.List(one.Id, null, long.MaxValue, 10_000, Token)).Select(message => (int)message.Number).Order());
        var all = (await store.List(two.Id, null, long.MaxValue, 10_000, Token)).OrderBy(message => message.Number).ToList();
        Assert.Equal(Enumerable.Range(0, 5_000), all.Select(message => (int)message.RecipientId!.Value));
    }

    [Fact]
    public async Task A_receiver_that_was_away_for_long_gets_everything_in_the_order_of_each_job_and_openssl_verifies_it()
    {
        var (webhook, secret) = await Listen("job.created", "job.authorized", "job.started", "job.completed", "recipient.accepted", "recipient.opened");
        await _receiver.Plan(503, times: 10_000);
        for (var day = 0; day < 2; day++)
        {
            var job = await World.Lui.Authorized(3);
            await World.Settle();
            World.Clock.Advance(TimeSpan.FromSeconds(1));
            World.Tracker.Add(EventKind.Open, job.Id, TokenOf(1));
            await World.Settle();
            for (var quarter = 0; quarter < 60; quarter++)
            {
                await World.Lui.TellWebhooks();
                World.Clock.Advance(TimeSpan.FromMinutes(15));
            }
        }

        Assert.All(await _receiver.Kept(), one => Assert.Equal(503, one.GetProperty("answered").GetInt32()));
        await _receiver.Recover();
        await World.Lui.TellWebhooks();

        var taken = (await _receiver.Kept()).Where(one => one.GetProperty("answered").GetInt32() == 204).ToList();
        Assert.Equal(Enumerable.Range(1, 16), taken.Select(one => Body(one).GetProperty("number").GetInt32()).Order());
        Assert.Empty(await World.Lui.Get<MessageStore>().List(webhook.Id, MessageState.Waiting, long.MaxValue, 10, Token));
        foreach (var job in taken.GroupBy(one => Data(one).GetProperty("job").GetString()))
        {
            Assert.Equal(["job.created", "job.authorized", "job.started", "job.completed"], job.Select(TypeOf).Where(type => type.StartsWith("job.", StringComparison.Ordinal)));
            Assert.Equal(["recipient.accepted", "recipient.opened"], job.Where(one => Data(one).TryGetProperty("recipient", out var who) && who.GetProperty("number").GetInt64() == 1).Select(TypeOf));
        }

        using var folder = new TemporaryFolder();
        var (signed, mac) = (folder.File("signed"), folder.File("mac"));
        var first = taken[0];
        await File.WriteAllTextAsync(signed, $"{first.GetProperty("id").GetString()}.{first.GetProperty("timestamp").GetInt64()}.{first.GetProperty("raw").GetString()}", Token);
        await Tool.Run("openssl", "dgst", "-sha256", "-mac", "HMAC", "-macopt", $"hexkey:{Convert.ToHexStringLower(Convert.FromBase64String(secret["whsec_".Length..]))}", "-binary", "-out", mac, signed);
        Assert.Equal(first.GetProperty("signature").GetString(), "v1," + Convert.ToBase64String(await File.ReadAllBytesAsync(mac, Token)));
    }

    // In ./test --long a million.
    [Fact]
    public async Task What_was_sent_is_forgotten_after_its_time_and_nothing_is_left_of_it()
    {
        var events = Environment.GetEnvironmentVariable("TUTTI_LONG") == "1" ? 1_000_000 : 6_000;
        var webhook = (await Listen("recipient.opened")).Webhook;
        for (var from = 0; from < events; from += 2_000)
        {
            await World.Database.Write(
                transaction => WebhookOutbox.Write(transaction, Enumerable.Range(from, 2_000).Select(number => new OutgoingEvent(EventTypes.Opened, World.Clock.GetUtcNow(), 1, number, new { })), Token), Token);
            await World.Lui.Get<SpreadEvents>().Handle(Token);
        }

        var store = World.Lui.Get<MessageStore>();
        Assert.Equal((0L, (long)events), (await Rows("webhook_outbox"), await Rows("webhook_message")));
        Assert.Equal((MessageState.Waiting, (long)events), Assert.Single((await store.Count(Token))[webhook.Id]));
        Assert.Equal(1, (await store.Oldest(webhook.Id, Token))!.Number);
        Assert.Equal(0, await store.Forget(World.Clock.GetUtcNow() + TimeSpan.FromDays(400), 2_000, Token));

        await World.Database.Write(transaction => transaction.Connection!.ExecuteAsync("UPDATE webhook_message SET state = 'delivered'", transaction: transaction), Token);
        Assert.Equal(0, await store.Forget(World.Clock.GetUtcNow(), 2_000, Token));
        for (var left = events; left > 0; left -= 2_000)
        {
            Assert.Equal(2_000, await store.Forget(World.Clock.GetUtcNow() + TimeSpan.FromSeconds(1), 2_000, Token));
        }

        Assert.Equal(0, await Rows("webhook_message"));
    }

    private static JsonElement Body(JsonElement kept) => kept.GetProperty("body");

    private static JsonElement Data(JsonElement kept) => Body(kept).GetProperty("data");

    private static string TypeOf(JsonElement kept) => Body(kept).GetProperty("type").GetString()!;

    private Task<(Webhook Webhook, string Secret)> Listen(params string[] events) => Listen((IReadOnlyList<string>)events);

    private async Task<(Webhook Webhook, string Secret)> Listen(IReadOnlyList<string> events)
    {
        var made = (await World.Lui.Get<SaveWebhook>().Add(new("CRM", _receiver.Url, events), Ada, Token)).Value;
        await _receiver.Know(made.Secret);
        return made;
    }

    private ulong TokenOf(ulong recipient) => World.Distributor.Taken.Last(taken => taken.Recipient.Id == recipient).Recipient.Token;

    private async Task<Webhook> Found(Webhook webhook) => (await World.Lui.Get<WebhookStore>().Find(webhook.Id, Token))!;

    private async Task<long> Rows(string table)
    {
        await using var connection = await World.Database.Open(Token);
        return await connection.ExecuteScalarAsync<long>($"SELECT COUNT(*) FROM {table}");
    }
}

public sealed class WebhooksOnSqlite : WebhooksSpec
{
    private readonly TemporaryFolder _folder = new();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
    }

    private protected override Task<Database> CreateDatabase() => OnSqlite(_folder);
}

public sealed class WebhooksOnPostgres(PostgresServer server) : WebhooksSpec
{
    private protected override Task<Database> CreateDatabase() => OnPostgres(server);
}
