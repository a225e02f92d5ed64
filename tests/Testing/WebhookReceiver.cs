// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Net.Http.Json;
using System.Reflection;
using System.Text.Json;

namespace Tutti.Testing;

/// <summary>A program of another house, in a process of its own, that takes webhooks and checks their signatures by itself.</summary>
public sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly Process _process;
    private readonly HttpClient _client;

    private WebhookReceiver(Process process, int port)
    {
        _process = process;
        _client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}/") };
    }

    /// <summary>Where it takes messages.</summary>
    public string Url => new Uri(_client.BaseAddress!, "hooks?from=tutti").ToString();

    public static async Task<WebhookReceiver> Start()
    {
        await using var script = Assembly.GetExecutingAssembly().GetManifestResourceStream("Tutti.Testing.receiver.py")!;
        using var reader = new StreamReader(script);
        var process = Process.Start(new ProcessStartInfo("/usr/bin/python3", ["-u", "-c", await reader.ReadToEndAsync()]) { RedirectStandardOutput = true })!;
        return new WebhookReceiver(process, int.Parse((await process.StandardOutput.ReadLineAsync())!, global::System.Globalization.CultureInfo.InvariantCulture));
    }

    /// <summary>What came so far.</summary>
    public async Task<IReadOnlyList<JsonElement>> Kept() => [.. (await _client.GetFromJsonAsync<JsonElement>("kept")).EnumerateArray()];

    /// <summary>How it answers the next messages, or the next ones with a number.</summary>
    public Task Plan(int status, int times = 1, int? number = null, bool hang = false, Dictionary<string, string>? headers = null) =>
        Tell("plan", new { status, times, number, hang, headers = headers ?? [] });

    /// <summary>From now on it answers as if nothing had been planned.</summary>
    public Task Recover() => Plan(204, times: 0);

    /// <summary>The secrets that it knows, by whose positions it tells which of them signed.</summary>
    public Task Know(params string[] secrets) => Tell("secrets", secrets);

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private async Task Tell(string path, object what)
    {
        // Of a length that is known: it reads no chunks.
        using var content = new StringContent(JsonSerializer.Serialize(what));
        using var answer = await _client.PostAsync(path, content);
        answer.EnsureSuccessStatusCode();
    }
}
