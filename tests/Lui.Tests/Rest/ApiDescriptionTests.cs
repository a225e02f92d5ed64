// SPDX-License-Identifier: Apache-2.0
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing;
using Tutti.Testing;
using Tutti.Testing.Node;

namespace Tutti.Lui.Tests.Rest;

/// <summary>The OpenAPI document says what there is, and what it shows as an example is taken by the server.</summary>
public sealed class ApiDescriptionTests : IAsyncLifetime
{
    private static readonly string[] _methods = ["get", "put", "post", "delete"];

    // In the order of a job's life; what is not named comes where it stands in the document.
    private static readonly string[] _first = ["CreateJob", "RenameJob", "UploadRecipients", "GetRecipients", "SaveContent", "ChooseTracking", "NameSender", "CreateSenderProfile", "CreateWebhook", "TestWebhook", "SuppressAddresses"];
    private static readonly string[] _last = ["LiftSuppression", "DeleteWebhook", "DeleteJob"];

    // What needs other components, or another moment of a job's life than that of one that is being prepared.
    private static readonly Dictionary<string, string> _refused = new(StringComparer.Ordinal)
    {
        ["AcceptTest"] = "job.test-not-sent",
        ["RejectTest"] = "job.test-not-sent",
        ["AuthorizeJob"] = "preflight.asks",
        ["RevokeAuthorization"] = "job.not-waiting",
        ["StopJob"] = "job.not-processing",
        ["RetryJob"] = "job.not-failed",
        ["ReopenJob"] = "job.not-failed",
        ["CloseJob"] = "job.not-failed",
        ["GetSeal"] = "job.not-waiting",
        ["DiscardUpload"] = "recipients.not-discardable",
        ["ImportRecipients"] = "recipients.not-importable",
        ["StopImport"] = "recipients.not-importing",
        ["TakeRecipientsOfJob"] = "job.not-found",
        ["TakeRecipientsOfQuery"] = "database.not-found",
        ["ReleaseTracker"] = "tracking.no-tracker",
        ["OverrideSenderCheck"] = "sender.nothing-to-override",
        ["SendTest"] = "delivery.no-key",
        ["UntickWarning"] = "preflight.no-warning",
        ["BeginRehearsal"] = "delivery.no-key",
        ["GetRehearsal"] = "rehearsal.none",
        ["StopRehearsal"] = "rehearsal.not-running",
        ["GetOddMessage"] = "rehearsal.no-message",
        ["RepeatDoubts"] = "doubts.none",
        ["CloseDoubts"] = "doubts.none",
        ["EndOnDemand"] = "on-demand.not-running",
        ["SendMessage"] = "on-demand.not-running",
        ["SetRights"] = "team.no-such-person",
        ["TransferJob"] = "team.no-such-person",
        ["CopyParts"] = "job.not-found",
        ["TakeInArchive"] = "archive.no-archive",
        ["ArchiveJob"] = "archive.not-over",
        ["GetArchive"] = "archive.not-archived",
        ["DownloadArchive"] = "archive.not-archived",
        ["BringBack"] = "archive.not-archived",
        ["TriggerJob"] = "trigger.not-waiting",
        ["MakeTriggerAddress"] = "trigger.not-waiting",
        ["GetMessage"] = "on-demand.message-not-found",
        ["CheckListserv"] = "listserv.no-connection",
        ["TakeRecipientsOfList"] = "listserv.no-connection",
        ["SaveDatabase"] = "database.failed",
        ["RemoveDatabase"] = "database.not-found",
    };

    private RestServer _server = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _server = await RestServer.Start(Stop, "CheckLinks=no");

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Every_route_is_described_with_its_errors_and_examples()
    {
        var document = await Document();
        var described = Calls(document).ToList();
        var routes = _server.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(one => one.RoutePattern.RawText!.StartsWith("/api/v1/", StringComparison.Ordinal) && one.Metadata.GetMetadata<IEndpointNameMetadata>() is not null)
            .Select(one => one.Metadata.GetMetadata<IEndpointNameMetadata>()!.EndpointName).Order(StringComparer.Ordinal).ToList();
        Assert.NotEmpty(routes);
        Assert.Equal(routes, described.Select(one => one.Id).Order(StringComparer.Ordinal));
        var lacking = new List<string>();
        foreach (var (id, _, method, call) in described)
        {
            void Needs(bool holds, string what)
            {
                if (!holds)
                {
                    lacking.Add($"{id}: {what}");
                }
            }

            Needs(call["summary"] is not null, "summary");
            Needs(call["tags"]!.AsArray().Count == 1, "tag");
            Needs(call["description"]!.GetValue<string>().Contains("Scope: ", StringComparison.Ordinal), "scope");
            var responses = call["responses"]!.AsObject();
            Needs(responses.Any(one => one.Key.StartsWith('2')), "2xx");
            foreach (var status in (string[])["401", "403", "429"])
            {
                Needs(responses[status]?["content"]?["application/problem+json"] is not null, status);
            }

            Needs(method != "post" || call["parameters"]!.AsArray().Any(one => one!["name"]!.GetValue<string>() == "Idempotency-Key"), "Idempotency-Key");
            foreach (var (status, answer) in responses.Where(one => one.Key.StartsWith('2') && one.Key != "204"))
            {
                var contents = answer!["content"]?.AsObject();
                Needs(contents is { Count: > 0 } && contents.All(one => one.Value!["example"] is not null), $"example of {status}");
            }

            foreach (var parameter in call["parameters"]?.AsArray() ?? [])
            {
                Needs(parameter!["in"]!.GetValue<string>() != "query" || parameter["description"] is not null, $"description of {parameter["name"]}");
                Needs(parameter!["example"] is not null || parameter["in"]!.GetValue<string>() == "query", $"example of {parameter["name"]}");
            }

            foreach (var (type, content) in call["requestBody"]?["content"]?.AsObject() ?? [])
            {
                Needs(content!["example"] is not null || type == "text/csv", $"example of {type}");
            }
        }

        Assert.True(lacking.Count == 0, string.Join('\n', lacking));
        Assert.Equal("bearer", document["components"]!["securitySchemes"]!["token"]!["scheme"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_validator_has_nothing_to_say_about_the_document()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "openapi.json");
        await File.WriteAllTextAsync(file, (await Document()).ToJsonString(), Stop);
        Assert.Equal("", (await NodeTools.Lint(file)).Trim());
    }

    [Fact]
    public async Task Every_list_that_comes_in_pages_says_how_to_go_on()
    {
        var document = await Document();
        var paged = new List<string>();
        foreach (var (id, _, method, call) in Calls(document).Where(one => one.Method == "get"))
        {
            var page = call["responses"]!["200"]?["content"]?["application/json"]?["schema"]?["$ref"]?.GetValue<string>().Split('/')[^1];
            var names = page is null ? [] : document["components"]!["schemas"]![page]!["properties"]!.AsObject().Select(one => one.Key).ToHashSet(StringComparer.Ordinal);
            var asked = call["parameters"]?.AsArray().Select(one => one!["name"]!.GetValue<string>()).ToHashSet(StringComparer.Ordinal) ?? [];
            if (asked.Overlaps(["skip", "after", "before"]))
            {
                paged.Add(id);
                Assert.True(names.Contains(asked.Contains("skip") ? "total" : "next"), $"{id} does not say how many there are, or what comes next.");
                Assert.True(asked.Contains("take") || asked.Contains("limit"), $"{id} does not let its caller say how many.");
            }
        }

        Assert.Superset(new HashSet<string>(["ListJobs", "ListFates", "ListSuppression", "ListWebhookMessages"]), paged.ToHashSet(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_example_is_taken_by_the_server()
    {
        var calls = Calls(await Document()).ToList();
        var inOrder = calls.Where(one => _first.Contains(one.Id)).OrderBy(one => Array.IndexOf(_first, one.Id))
            .Concat(calls.Where(one => !_first.Contains(one.Id) && !_last.Contains(one.Id)))
            .Concat(calls.Where(one => _last.Contains(one.Id)).OrderBy(one => Array.IndexOf(_last, one.Id)));
        var job = "";
        var wrong = new List<string>();
        foreach (var (id, path, method, call) in inOrder)
        {
            var address = path.Replace("{job}", job, StringComparison.Ordinal);
            var query = new List<string>();
            foreach (var parameter in call["parameters"]?.AsArray() ?? [])
            {
                var (name, place, example) = (parameter!["name"]!.GetValue<string>(), parameter["in"]!.GetValue<string>(), parameter["example"]);
                address = place == "path" ? address.Replace($"{{{name}}}", Uri.EscapeDataString(example!.ToString()), StringComparison.Ordinal) : address;
                if (place == "query" && example is not null && example.ToString().Length > 0)
                {
                    query.Add($"{name}={Uri.EscapeDataString(example.ToString())}");
                }
            }

            using var request = new HttpRequestMessage(new HttpMethod(method.ToUpperInvariant()), address + (query.Count > 0 ? "?" + string.Join('&', query) : ""));
            if (call["requestBody"]?["content"]?.AsObject().FirstOrDefault(one => one.Value!["example"] is not null) is { Key: { } type, Value: { } body })
            {
                request.Content = new StringContent(type == "application/json" ? body["example"]!.ToJsonString() : body["example"]!.GetValue<string>(), Encoding.UTF8, new MediaTypeHeaderValue(type));
            }

            using var answer = await _server.Client.SendAsync(request, Stop);
            var text = await answer.Content.ReadAsStringAsync(Stop);
            var code = answer.IsSuccessStatusCode ? null : text.Length > 0 ? JsonNode.Parse(text)!["code"]?.GetValue<string>() : "nothing";
            if (code != _refused.GetValueOrDefault(id) || (code is not null && !call["responses"]!.AsObject().ContainsKey(((int)answer.StatusCode).ToString(global::System.Globalization.CultureInfo.InvariantCulture))))
            {
                wrong.Add($"[\"{id}\"] = \"{code}\", // {(int)answer.StatusCode} {text}");
            }

            if (answer.IsSuccessStatusCode && ExampleOf(call) is { } shown && !Like(shown, JsonNode.Parse(text)!))
            {
                wrong.Add($"{id} answered {text}");
            }

            job = id == "CreateJob" ? JsonNode.Parse(text)!["job"]!.GetValue<string>() : job;
            if (id == "UploadRecipients")
            {
                while (JsonNode.Parse(await _server.Client.GetStringAsync($"jobs/{job}/recipients", Stop))!["state"]!.GetValue<string>() == "importing")
                {
                    Stop.ThrowIfCancellationRequested();
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    private static JsonNode? ExampleOf(JsonObject call) =>
        call["responses"]!.AsObject().First(one => one.Key.StartsWith('2')).Value!["content"]?["application/json"]?["example"];

    // The same names at the same places; lists and what is missing may differ.
    private static bool Like(JsonNode shown, JsonNode answered) => (shown, answered) switch
    {
        (JsonObject one, JsonObject other) => one.Select(part => part.Key).Order(StringComparer.Ordinal).SequenceEqual(other.Select(part => part.Key).Order(StringComparer.Ordinal)),
        (JsonArray one, JsonArray other) => one.Count == 0 || other.Count == 0 || Like(one[0]!, other[0]!),
        _ => shown.GetValueKind() == answered.GetValueKind(),
    };

    private static IEnumerable<(string Id, string Path, string Method, JsonObject Call)> Calls(JsonObject document) =>
        from path in document["paths"]!.AsObject()
        from call in path.Value!.AsObject()
        where _methods.Contains(call.Key)
        select (call.Value!["operationId"]!.GetValue<string>(), path.Key, call.Key, call.Value.AsObject());

    private async Task<JsonObject> Document() => JsonNode.Parse(await _server.Client.GetStringAsync("openapi.json", Stop))!.AsObject();
}
