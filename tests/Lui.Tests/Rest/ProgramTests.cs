// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Tutti.Lui.Rest;
using Tutti.Lui.Tokens;
using Tutti.Testing;

namespace Tutti.Lui.Tests.Rest;

/// <summary>What a program meets before its call is carried out: scopes, keys, limits; and webhooks as it manages them.</summary>
public sealed class ProgramTests : IAsyncLifetime
{
    private RestServer _server = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _server = await RestServer.Start(Stop);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_token_opens_what_its_scopes_say_and_nothing_else()
    {
        var job = await Create(_server.Client, "Spring");
        using var reader = await Program(TokenScope.Read);
        using var writer = await Program(TokenScope.Jobs, TokenScope.Read);
        using var sender = await Program(TokenScope.Send);
        Assert.Equal(HttpStatusCode.OK, (await reader.GetAsync("jobs", Stop)).StatusCode);
        await Forbidden(reader, HttpMethod.Post, "jobs", "jobs");
        await Forbidden(writer, HttpMethod.Post, $"jobs/{job}/authorize", "send");
        await Forbidden(writer, HttpMethod.Put, $"jobs/{job}/team/2", "send");
        await Forbidden(writer, HttpMethod.Put, $"jobs/{job}/owner", "send");
        await Forbidden(writer, HttpMethod.Post, $"jobs/{job}/trigger-address", "send");
        await Forbidden(writer, HttpMethod.Put, "databases/crm", "all");
        await Forbidden(writer, HttpMethod.Post, $"jobs/{job}/recipients", "recipients");
        await Forbidden(writer, HttpMethod.Post, "webhooks", "webhooks");
        await Forbidden(writer, HttpMethod.Post, "suppression", "suppression");
        await Forbidden(sender, HttpMethod.Get, "jobs", "read");
        await Create(writer, "Summer");
        Assert.Equal(HttpStatusCode.Conflict, (await sender.PostAsync($"jobs/{job}/authorize", null, Stop)).StatusCode);
    }

    [Fact]
    public void Every_route_that_changes_something_says_which_scope_opens_it()
    {
        var routes = _server.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().Where(one => one.RoutePattern.RawText!.StartsWith("/api/v1/", StringComparison.Ordinal)).ToList();
        var changing = routes.Where(one => one.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Any(method => method != "GET")).ToList();
        Assert.NotEmpty(changing);
        Assert.All(changing, one => Assert.True(one.Metadata.GetMetadata<NeededScope>() is not null, one.RoutePattern.RawText));
    }

    [Fact]
    public async Task The_same_request_with_the_same_key_is_carried_out_once_and_answered_alike()
    {
        using var first = await Post("jobs", new { title = "Spring" }, "k1");
        using var second = await Post("jobs", new { title = "Spring" }, "k1");
        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.Created), (first.StatusCode, second.StatusCode));
        Assert.Equal(await first.Content.ReadAsStringAsync(Stop), await second.Content.ReadAsStringAsync(Stop));
        Assert.Equal(first.Headers.Location, second.Headers.Location);
        Assert.Equal(["true"], second.Headers.GetValues(OnlyOnce.Replayed));
        Assert.False(first.Headers.Contains(OnlyOnce.Replayed));
        using var other = await Post("jobs", new { title = "Summer" }, "k1");
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "idempotency.other-request"), (other.StatusCode, await Code(other)));
        using var bad = await Post("jobs", new { title = "Summer" }, new string('k', 201));
        Assert.Equal((HttpStatusCode.BadRequest, "idempotency.key"), (bad.StatusCode, await Code(bad)));
        using var refused = await Post("jobs", new { title = " " }, "k2");
        using var again = await Post("jobs", new { title = " " }, "k2");
        Assert.Equal((HttpStatusCode.BadRequest, "job.title"), (again.StatusCode, await Code(again)));
        Assert.Equal(1, (await _server.Call(HttpMethod.Get, "jobs")).GetProperty("total").GetInt32());

        // Another token's key is another key.
        using var writer = await Program(TokenScope.Jobs);
        using var theirs = new HttpRequestMessage(HttpMethod.Post, "jobs") { Content = JsonContent.Create(new { title = "Spring" }) };
        theirs.Headers.Add(OnlyOnce.Header, "k1");
        using var answered = await writer.SendAsync(theirs, Stop);
        Assert.NotEqual(first.Headers.Location, answered.Headers.Location);
    }

    [Fact]
    public async Task Many_at_once_with_one_key_make_one_job()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Post("jobs", new { title = "Spring" }, "together")));
        Assert.All(answers, one => Assert.Contains(one.StatusCode, (HttpStatusCode[])[HttpStatusCode.Created, HttpStatusCode.Conflict]));
        Assert.Contains(answers, one => one.StatusCode == HttpStatusCode.Created);
        Assert.Equal(1, (await _server.Call(HttpMethod.Get, "jobs")).GetProperty("total").GetInt32());
        foreach (var answer in answers)
        {
            answer.Dispose();
        }
    }

    [Fact]
    public async Task A_file_of_recipients_with_a_key_is_imported_once()
    {
        var job = await Create(_server.Client, "Spring");
        for (var time = 0; time < 2; time++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"jobs/{job}/recipients") { Content = new StringContent("email\na@rcpt.example\n", new MediaTypeHeaderValue("text/csv")) };
            request.Headers.Add(OnlyOnce.Header, "file");
            using var answer = await _server.Client.SendAsync(request, Stop);
            Assert.Equal((HttpStatusCode.Accepted, time == 1), (answer.StatusCode, answer.Headers.Contains(OnlyOnce.Replayed)));
        }
    }

    [Fact]
    public async Task Webhooks_are_managed_and_their_log_is_read()
    {
        await using var receiver = await WebhookReceiver.Start();
        var made = await _server.Call(HttpMethod.Post, "webhooks", new { name = "CRM", url = receiver.Url, events = new[] { "job.created" } }, HttpStatusCode.Created);
        var (id, secret) = (made.GetProperty("id").GetInt64(), made.GetProperty("secret").GetString()!);
        await receiver.Know(secret);
        Assert.False(Assert.Single((await _server.Call(HttpMethod.Get, "webhooks")).EnumerateArray()).TryGetProperty("secret", out var shown) && shown.ValueKind != JsonValueKind.Null);
        Assert.Equal(1, (await _server.Call(HttpMethod.Post, $"webhooks/{id}/test", null, HttpStatusCode.Accepted)).GetProperty("number").GetInt32());
        var job = await Create(_server.Client, "Spring");
        var log = await Until(id, 2);
        Assert.Equal(["job.created", "webhook.test"], log.Select(one => one.GetProperty("type").GetString()));
        var details = await _server.Call(HttpMethod.Get, $"webhooks/{id}/messages/2");
        Assert.Equal(job, details.GetProperty("body").GetProperty("data").GetProperty("job").GetString());
        Assert.Equal(204, Assert.Single(details.GetProperty("attempts").EnumerateArray()).GetProperty("status").GetInt32());
        await _server.Call(HttpMethod.Post, $"webhooks/{id}/messages/2/redeliver", null, HttpStatusCode.Accepted);
        while ((await receiver.Kept()).Count < 3)
        {
            Stop.ThrowIfCancellationRequested();
        }

        Assert.All(await receiver.Kept(), one => Assert.Single(one.GetProperty("signedWith").EnumerateArray()));
        Assert.Equal(0, (await _server.Call(HttpMethod.Post, $"webhooks/{id}/redeliver", null, HttpStatusCode.Accepted)).GetProperty("messages").GetInt32());
        Assert.NotEqual(secret, (await _server.Call(HttpMethod.Post, $"webhooks/{id}/secret")).GetProperty("secret").GetString());
        Assert.False((await _server.Call(HttpMethod.Put, $"webhooks/{id}", new { name = "CRM 2", url = receiver.Url, events = new[] { "job.deleted" }, on = false })).GetProperty("on").GetBoolean());
        Assert.Equal("webhook.state", (await _server.Call(HttpMethod.Get, $"webhooks/{id}/messages?state=sung", null, HttpStatusCode.BadRequest)).GetProperty("code").GetString());
        await _server.Call(HttpMethod.Delete, $"webhooks/{id}", null, HttpStatusCode.NoContent);
        Assert.Equal("webhook.not-found", (await _server.Call(HttpMethod.Get, $"webhooks/{id}", null, HttpStatusCode.NotFound)).GetProperty("code").GetString());
    }

    private async Task<List<JsonElement>> Until(long webhook, int delivered)
    {
        while (true)
        {
            var log = (await _server.Call(HttpMethod.Get, $"webhooks/{webhook}/messages?state=delivered")).GetProperty("messages").EnumerateArray().ToList();
            if (log.Count >= delivered)
            {
                return log;
            }

            // Asked now and then only: a token has so many requests a minute.
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, Stop);
        }
    }

    private async Task<HttpClient> Program(params TokenScope[] scopes)
    {
        var client = new HttpClient { BaseAddress = _server.Client.BaseAddress };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer", (await _server.Get<TokenCommands>().Create("program", scopes, TimeSpan.FromDays(1), "test", Stop)).Value.Secret);
        return client;
    }

    private async Task<HttpResponseMessage> Post(string path, object body, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        request.Headers.Add(OnlyOnce.Header, key);
        return await _server.Client.SendAsync(request, Stop);
    }

    private static async Task Forbidden(HttpClient client, HttpMethod method, string path, string scope)
    {
        using var request = new HttpRequestMessage(method, path) { Content = method == HttpMethod.Get ? null : JsonContent.Create(new { }) };
        using var answer = await client.SendAsync(request, Stop);
        Assert.Equal((HttpStatusCode.Forbidden, "token.scope"), (answer.StatusCode, await Code(answer)));
        Assert.Equal($"Bearer error=\"insufficient_scope\", scope=\"{scope}\"", answer.Headers.WwwAuthenticate.ToString());
    }

    private static async Task<string?> Code(HttpResponseMessage answer) => (await answer.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("code").GetString();

    private static async Task<string> Create(HttpClient client, string title)
    {
        using var answer = await client.PostAsJsonAsync("jobs", new { title }, Stop);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("job").GetString()!;
    }
}
