// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Tutti.Lui.Tests.Rest;

public sealed class RestTests : IAsyncLifetime
{
    private RestServer _server = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _server = await RestServer.Start(Stop);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("")]
    [InlineData("Bearer nonsense")]
    [InlineData("Basic dHV0dGk6dHV0dGk=")]
    public async Task Without_a_valid_token_nothing_is_told(string authorization)
    {
        using var client = new HttpClient { BaseAddress = _server.Address };
        if (authorization.Length > 0)
        {
            client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", authorization);
        }

        using var response = await client.GetAsync("/api/v1/jobs", Stop);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("Bearer", response.Headers.WwwAuthenticate.ToString());
        Assert.Equal("api.unauthorized", JsonDocument.Parse(await response.Content.ReadAsStringAsync(Stop)).RootElement.GetProperty("code").GetString());
    }

    [Fact]
    public async Task The_description_names_every_route()
    {
        using var client = new HttpClient { BaseAddress = _server.Address };
        var paths = JsonDocument.Parse(await client.GetStringAsync("/api/v1/openapi.json", Stop)).RootElement.GetProperty("paths");
        var names = paths.EnumerateObject().Select(path => path.Name).ToList();
        Assert.Contains("/api/v1/jobs/{job}/authorize", names);
        Assert.Contains("/api/v1/jobs/{job}/recipients", names);
        Assert.All(names, name => Assert.StartsWith("/api/v1/", name, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_job_is_made_found_renamed_scheduled_and_deleted()
    {
        var job = await Create("Spring");
        var one = await _server.Call(HttpMethod.Get, $"jobs/{job}");
        Assert.Equal(("Spring", "open"), (Text(one, "title"), Text(one, "state")));
        Assert.Equal("test (token)", Text(one, "owner"));
        Assert.Equal(["recipients", "content", "tracking", "sender", "test", "schedule", "authorize"], one.GetProperty("steps").EnumerateArray().Select(step => Text(step, "step")));
        Assert.Equal("Summer", Text(await _server.Call(HttpMethod.Put, $"jobs/{job.ToLowerInvariant()}/title", new { title = "Summer" }), "title"));

        var scheduled = await _server.Call(HttpMethod.Put, $"jobs/{job}/schedule", new { at = "2099-07-14T09:30" });
        Assert.Equal(new DateTimeOffset(2099, 7, 14, 7, 30, 0, TimeSpan.Zero), scheduled.GetProperty("schedule").GetProperty("at").GetDateTimeOffset());
        Assert.Equal("Europe/Berlin", Text(scheduled.GetProperty("schedule"), "zone"));
        await Refused(HttpMethod.Put, $"jobs/{job}/schedule", new { at = "2001-01-01T00:00" }, HttpStatusCode.BadRequest, "schedule.past", "at");

        var journal = await _server.Call(HttpMethod.Get, $"jobs/{job}/journal");
        Assert.Equal(["scheduled", "renamed", "created"], journal.EnumerateArray().Select(line => Text(line, "kind")));
        Assert.Equal(1, (await _server.Call(HttpMethod.Get, "jobs?search=summ&state=open")).GetProperty("total").GetInt64());
        Assert.Equal(0, (await _server.Call(HttpMethod.Get, "jobs?search=summ&state=failed")).GetProperty("total").GetInt64());

        await _server.Call(HttpMethod.Delete, $"jobs/{job}", expected: HttpStatusCode.NoContent);
        await Refused(HttpMethod.Get, $"jobs/{job}", null, HttpStatusCode.NotFound, "job.not-found");
    }

    [Fact]
    public async Task Every_no_carries_its_code()
    {
        var job = await Create("Spring");
        await Refused(HttpMethod.Post, "jobs", new { title = " " }, HttpStatusCode.BadRequest, "job.title", "title");
        await Refused(HttpMethod.Post, $"jobs/{job}/authorize", null, HttpStatusCode.Conflict, "job.step-not-done", "recipients");
        await Refused(HttpMethod.Post, $"jobs/{job}/test/waive", null, HttpStatusCode.Conflict, "job.step-not-possible", "test");
        await Refused(HttpMethod.Post, $"jobs/{job}/test/accept", null, HttpStatusCode.Conflict, "job.test-not-sent");
        await Refused(HttpMethod.Post, $"jobs/{job}/revoke", null, HttpStatusCode.Conflict, "job.not-waiting");
        await Refused(HttpMethod.Post, $"jobs/{job}/stop", null, HttpStatusCode.Conflict, "job.not-processing");
        await Refused(HttpMethod.Post, $"jobs/{job}/retry", null, HttpStatusCode.Conflict, "job.not-failed");
        await Refused(HttpMethod.Post, $"jobs/{job}/reopen", null, HttpStatusCode.Conflict, "job.not-failed");
        await Refused(HttpMethod.Post, $"jobs/{job}/close", null, HttpStatusCode.Conflict, "job.not-failed");
        await Refused(HttpMethod.Post, $"jobs/{job}/preflight", null, HttpStatusCode.Conflict, "content.missing");
        await Refused(HttpMethod.Get, $"jobs/{job}/preflight", null, HttpStatusCode.NotFound, "preflight.none");
        await Refused(HttpMethod.Post, $"jobs/{job}/preflight/ticks", null, HttpStatusCode.NotFound, "preflight.none");
        await Refused(HttpMethod.Delete, $"jobs/{job}/preflight/ticks/0000", null, HttpStatusCode.NotFound, "preflight.none");
        Assert.Empty((await _server.Call(HttpMethod.Get, "databases")).EnumerateArray());
        await Refused(HttpMethod.Post, $"jobs/{job}/recipients/from-query", new { connection = "crm", sql = "SELECT 1", preview = true }, HttpStatusCode.NotFound, "database.not-found", "connection");
        await Refused(HttpMethod.Post, $"jobs/{job}/recipients/from-query", new { parameters = new[] { new { name = "a", value = "1", type = "colour" } } }, HttpStatusCode.BadRequest, "recipients.setting", "type");
        await Refused(HttpMethod.Post, $"jobs/{job}/recipients/from-job", new { job, reaction = "opened" }, HttpStatusCode.Conflict, "reactions.not-begun", "from");
        await Refused(HttpMethod.Post, $"jobs/{job}/recipients/from-job", new { job, reaction = "smiled" }, HttpStatusCode.BadRequest, "recipients.setting", "reaction");
        await Refused(HttpMethod.Get, "jobs?state=gone", null, HttpStatusCode.BadRequest, "job.state", "state");
        await Refused(HttpMethod.Get, $"jobs/{job}/recipients", null, HttpStatusCode.NotFound, "recipients.none");
    }

    [Fact]
    public async Task Recipients_come_in_as_a_body_and_go_out_as_three_files()
    {
        var job = await Create("Spring");
        using var file = Csv("email;name\na@rcpt.example;Ann\nbad;Bo\na@rcpt.example;Cy\n");
        await _server.Call(HttpMethod.Post, $"jobs/{job}/recipients?fileName=spring.csv", file, HttpStatusCode.Accepted);
        var source = await Imported(job);
        Assert.Equal(("ready", "spring.csv", ";", "email"), (Text(source, "state"), Text(source, "fileName"), Text(source, "delimiter"), Text(source, "addressColumn")));
        Assert.Equal((1, 1, 1), (source.GetProperty("valid").GetInt32(), source.GetProperty("invalid").GetInt32(), source.GetProperty("duplicates").GetInt32()));
        Assert.True(source.GetProperty("inUse").GetBoolean());
        Assert.Equal("email,name\r\na@rcpt.example,Ann\r\n", await _server.Client.GetStringAsync($"jobs/{job}/recipients/valid.csv", Stop));
        Assert.Equal("LINE,REASON,ADDRESS,RAW\r\n3,the @ is missing,bad,bad;Bo\r\n", await _server.Client.GetStringAsync($"jobs/{job}/recipients/invalid.csv", Stop));
        Assert.Contains("a@rcpt.example;Cy", await _server.Client.GetStringAsync($"jobs/{job}/recipients/duplicates.csv", Stop), StringComparison.Ordinal);
        await _server.Call(HttpMethod.Post, "suppression", new { addresses = new[] { "a@rcpt.example" }, reason = "asked by letter" });
        var waterfall = await _server.Call(HttpMethod.Get, $"jobs/{job}/waterfall");
        Assert.Equal((3, 0), (waterfall.GetProperty("inSource").GetInt32(), waterfall.GetProperty("remaining").GetInt32()));
        Assert.Equal(["invalid 1", "duplicate 1", "unsubscribed 0", "bounced 0", "complained 0", "suppressed 1"], waterfall.GetProperty("steps").EnumerateArray().Select(one => $"{Text(one, "step")} {one.GetProperty("count").GetInt32()}"));
        Assert.Equal("asked by letter", Text((await _server.Call(HttpMethod.Get, $"jobs/{job}/waterfall/suppressed")).GetProperty("people")[0], "reason"));
        Assert.StartsWith("NUMBER,ADDRESS,NAME,REASON,SINCE\r\n1,a@rcpt.example,Ann,asked by letter,", await _server.Client.GetStringAsync($"jobs/{job}/waterfall/suppressed/people.csv", Stop), StringComparison.Ordinal);
        await Refused(HttpMethod.Get, $"jobs/{job}/waterfall/vanished", null, HttpStatusCode.BadRequest, "recipients.setting", "step");
        Assert.Equal(("set-apart", "bad does not get the message: line 3 of spring.csv was set apart, because the @ is missing."), await Why("bad"));
        Assert.Equal("will-be-suppressed", (await Why("a@rcpt.example")).Reason);
        await Refused(HttpMethod.Get, $"jobs/{job}/why", null, HttpStatusCode.BadRequest, "recipients.which-address", "address");
        var step = (await _server.Call(HttpMethod.Get, $"jobs/{job}")).GetProperty("steps")[0];
        Assert.Equal(("done", "1 recipient from spring.csv, 2 set apart: 1 invalid, 1 twice."), (Text(step, "state"), Text(step, "summary")));

        async Task<(string? Reason, string? Sentence)> Why(string address)
        {
            var answer = await _server.Call(HttpMethod.Get, $"jobs/{job}/why?address={address}");
            return (Text(answer, "reason"), Text(answer, "sentence"));
        }
    }

    [Fact]
    public async Task A_form_is_previewed_corrected_and_imported()
    {
        var job = await Create("Spring");
        using var form = new MultipartFormDataContent { { Csv("Ann|a@rcpt.example\nBo|b@rcpt.example\n"), "file", "people.txt" } };
        var preview = await _server.Call(HttpMethod.Post, $"jobs/{job}/recipients?preview=true&header=true", form);
        Assert.Equal(("uploaded", "people.txt"), (Text(preview, "state"), Text(preview, "fileName")));
        Assert.Equal("Bo", preview.GetProperty("preview")[0][0].GetString());

        await Refused(HttpMethod.Post, $"jobs/{job}/recipients/import?header=maybe", null, HttpStatusCode.BadRequest, "recipients.setting", "header");
        await Refused(HttpMethod.Post, $"jobs/{job}/recipients/import?encoding=ebcdic", null, HttpStatusCode.BadRequest, "recipients.setting", "encoding");
        await Refused(HttpMethod.Post, $"jobs/{job}/recipients/import?delimiter=ab", null, HttpStatusCode.BadRequest, "recipients.setting", "delimiter");
        await Refused(HttpMethod.Post, $"jobs/{job}/recipients/import?header=true", null, HttpStatusCode.BadRequest, "recipients.column-name", "names");
        await Refused(HttpMethod.Post, $"jobs/{job}/recipients/import?names=a,b,c", null, HttpStatusCode.BadRequest, "recipients.column-count", "names");
        await _server.Call(HttpMethod.Post, $"jobs/{job}/recipients/import?names=first,mail&nameColumn=first", null, HttpStatusCode.Accepted);
        var source = await Imported(job);
        Assert.Equal((2, "mail", "first"), (source.GetProperty("valid").GetInt32(), Text(source, "addressColumn"), Text(source, "nameColumn")));
    }

    [Fact]
    public async Task A_bad_file_is_refused_with_line_and_reason()
    {
        var job = await Create("Spring");
        using var file = Csv("email,FIRST NAME\na@rcpt.example,Ann\n");
        using var response = await _server.Client.PostAsync($"jobs/{job}/recipients", file, Stop);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("Line 1: the name of column 2, 'FIRST NAME'", await response.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);

        using var nobody = Csv("email\nnobody\n");
        await _server.Call(HttpMethod.Post, $"jobs/{job}/recipients", nobody, HttpStatusCode.Accepted);
        Assert.Equal("recipients.no-valid-address", Text((await Imported(job)).GetProperty("failure"), "code"));
        await _server.Call(HttpMethod.Delete, $"jobs/{job}/recipients", expected: HttpStatusCode.NoContent);
        await Refused(HttpMethod.Get, $"jobs/{job}/recipients", null, HttpStatusCode.NotFound, "recipients.none");
    }

    [Fact]
    public async Task A_body_that_is_no_json_is_a_bad_request()
    {
        using var content = new StringContent("{\"title\":", Encoding.UTF8, "application/json");
        using var response = await _server.Client.PostAsync("jobs", content, Stop);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    private static StringContent Csv(string text) => new(text, Encoding.UTF8, new MediaTypeHeaderValue("text/csv"));

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();

    private async Task<string> Create(string title) => Text(await _server.Call(HttpMethod.Post, "jobs", new { title }, HttpStatusCode.Created), "job")!;

    private async Task<JsonElement> Imported(string job)
    {
        while (true)
        {
            var source = await _server.Call(HttpMethod.Get, $"jobs/{job}/recipients");
            if (Text(source, "state") != "importing")
            {
                return source;
            }
        }
    }

    private async Task Refused(HttpMethod method, string path, object? body, HttpStatusCode status, string code, string? field = null)
    {
        var problem = await _server.Call(method, path, body, status);
        Assert.Equal(code, Text(problem, "code"));
        Assert.Equal(status, (HttpStatusCode)problem.GetProperty("status").GetInt32());
        Assert.Equal(field, problem.TryGetProperty("field", out var named) ? named.GetString() : null);
    }
}
