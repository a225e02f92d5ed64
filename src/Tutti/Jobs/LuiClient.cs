// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Tutti.Commands.Jobs;

/// <summary>LUI's REST interface as the command line uses it. A refusal becomes a <see cref="Complaint"/> with LUI's own sentence.</summary>
internal sealed class LuiClient : IDisposable
{
    // A million rows take a while to be read in.
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(10);
    private readonly HttpClient _http;

    /// <summary>A client for one LUI.</summary>
    public LuiClient(Uri server, string token)
    {
        _http = new HttpClient { BaseAddress = new Uri(server, "/api/v1/"), Timeout = _patience };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    /// <summary>Sends JSON and reads JSON.</summary>
    public async Task<JsonElement> Send(HttpMethod method, string path, object? body, CancellationToken cancellationToken)
    {
        using var content = body is null ? null : JsonContent.Create(body);
        using var answer = await Call(method, path, content, cancellationToken);
        return await ReadJson(answer, cancellationToken);
    }

    /// <summary>Uploads a file as it is, streamed.</summary>
    public async Task<JsonElement> Upload(string path, string file, string mediaType, CancellationToken cancellationToken)
    {
        await using var stream = File.OpenRead(file);
        using var content = new StreamContent(stream);
        content.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
        using var answer = await Call(HttpMethod.Post, path, content, cancellationToken);
        return await ReadJson(answer, cancellationToken);
    }

    /// <summary>Copies what an address answers, streamed.</summary>
    public async Task Download(string path, Stream target, CancellationToken cancellationToken)
    {
        using var answer = await Call(HttpMethod.Get, path, null, cancellationToken);
        await answer.Content.CopyToAsync(target, cancellationToken);
    }

    /// <summary>Copies what an address answers into a file, which is there only when it is whole.</summary>
    public async Task DownloadTo(string file, string path, CancellationToken cancellationToken)
    {
        var part = file + ".part";
        await using (var target = File.Create(part))
        {
            await Download(path, target, cancellationToken);
        }

        File.Move(part, file, overwrite: true);
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> Call(HttpMethod method, string path, HttpContent? content, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        HttpResponseMessage answer;
        try
        {
            answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        }
        catch (HttpRequestException exception)
        {
            throw new Complaint(ExitCode.Unavailable, $"{_http.BaseAddress!.Authority} does not answer: {exception.Message}");
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new Complaint(ExitCode.Unavailable, $"{_http.BaseAddress!.Authority} did not answer within {_patience.TotalMinutes} minutes.");
        }

        if (answer.IsSuccessStatusCode)
        {
            return answer;
        }

        using (answer)
        {
            throw await Refused(answer, cancellationToken);
        }
    }

    private async Task<Complaint> Refused(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        var words = await Words(answer, cancellationToken);
        return answer.StatusCode switch
        {
            HttpStatusCode.Unauthorized => new Complaint(ExitCode.Refused, words ?? "The token is not known there. Make one with: tutti token create --home DIR"),
            >= HttpStatusCode.InternalServerError => new Complaint(ExitCode.Unavailable, words ?? $"{_http.BaseAddress!.Authority} answered {(int)answer.StatusCode}. Its log says why."),
            _ => new Complaint(ExitCode.Refused, words ?? $"{answer.RequestMessage?.RequestUri?.AbsolutePath} answered {(int)answer.StatusCode}."),
        };
    }

    /// <summary>The sentence in a problem document (RFC 9457), or null.</summary>
    private static async Task<string?> Words(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        if (answer.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.Ordinal) != true)
        {
            return null;
        }

        try
        {
            var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
            return problem.ValueKind == JsonValueKind.Object && problem.TryGetProperty("detail", out var detail) ? detail.GetString() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static async Task<JsonElement> ReadJson(HttpResponseMessage answer, CancellationToken cancellationToken) =>
        answer.Content.Headers.ContentType is null || answer.StatusCode == HttpStatusCode.NoContent
            ? default
            : await answer.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
}
