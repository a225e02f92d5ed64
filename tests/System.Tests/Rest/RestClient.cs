// SPDX-License-Identifier: Apache-2.0
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Tutti.System.Tests.Running;

namespace Tutti.System.Tests.Rest;

/// <summary>An outside program with a token: every answer must be a success unless it says otherwise.</summary>
public sealed class RestClient : IDisposable
{
    private readonly HttpClient _http;

    /// <summary>For an installation that has made its token.</summary>
    public RestClient(Installation installation)
    {
        _http = new HttpClient { BaseAddress = new Uri(installation.Web, "/api/v1/") };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", File.ReadAllText(installation.TokenFile).Trim());
    }

    public Task<JsonElement> Get(string path) => Call(HttpMethod.Get, path, content: null);

    public Task<string> Text(string path) => Answer(HttpMethod.Get, path, content: null);

    /// <summary>Sends an object as JSON, a string as a CSV file, or bytes as they are.</summary>
    public Task<JsonElement> Send(HttpMethod method, string path, object? body = null) => Call(method, path, body switch
    {
        null => null,
        string csv => new StringContent(csv, Encoding.UTF8, "text/csv"),
        byte[] file => new ByteArrayContent(file),
        _ => new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json"),
    });

    /// <summary>Sends what must be refused with this code.</summary>
    public async Task Refused(HttpMethod method, string path, string code)
    {
        using var request = new HttpRequestMessage(method, path);
        using var answer = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Contains(code, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.False(answer.IsSuccessStatusCode);
    }

    public void Dispose() => _http.Dispose();

    private async Task<JsonElement> Call(HttpMethod method, string path, HttpContent? content)
    {
        var text = await Answer(method, path, content);
        return text.Length == 0 ? default : JsonDocument.Parse(text).RootElement;
    }

    private async Task<string> Answer(HttpMethod method, string path, HttpContent? content)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        using var answer = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, $"{method} {path}: {(int)answer.StatusCode} {text}");
        return text;
    }
}
