// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Http.Headers;

namespace Tutti.System.Tests.Running;

/// <summary>An installation as people use it, on one server or on several: its User Interface, its REST interface, commands.</summary>
public abstract class Site : IAsyncDisposable
{
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(20) };

    /// <summary>Where files beside the installation may lie: its homes, or names that begin like this.</summary>
    public abstract string Home { get; }

    /// <summary>The User Interface.</summary>
    public abstract Uri Web { get; }

    /// <summary>The public address of the tracker.</summary>
    public abstract Uri TrackerWeb { get; }

    /// <summary>File with a token for the REST interface, once <see cref="CreateToken"/> was called.</summary>
    public string TokenFile => Path.Combine(Home, "..", Path.GetFileName(Home) + ".token");

    /// <summary>A command on the server that carries a component.</summary>
    public abstract Task<CommandResult> CommandAt(string component, params string[] arguments);

    /// <summary>The last lines of every process, for a test that failed.</summary>
    public abstract string Explain();

    /// <summary>Makes a token and keeps it in <see cref="TokenFile"/>.</summary>
    public async Task CreateToken()
    {
        var made = (await CommandAt("lui", "token", "create")).Expect(0);
        await File.WriteAllTextAsync(TokenFile, made.Output, TestContext.Current.CancellationToken);
    }

    /// <summary>A command of <c>tutti job</c> with server and token.</summary>
    public Task<CommandResult> Job(TimeSpan patience, params string[] arguments) =>
        Executable.Run(patience, ["job", .. arguments, "--server", Web.ToString(), "--token-file", TokenFile]);

    /// <summary>What the REST interface answers; null while LUI is away.</summary>
    public async Task<string?> Rest(string path)
    {
        using var request = await Request(HttpMethod.Get, path);
        try
        {
            using var answer = await _http.SendAsync(request, TestContext.Current.CancellationToken);
            return answer.IsSuccessStatusCode ? await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken) : null;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    /// <summary>The status and the text that the REST interface answers.</summary>
    public async Task<(HttpStatusCode Status, string Text)> Ask(HttpMethod method, string path, HttpContent? content = null)
    {
        using var request = await Request(method, path);
        request.Content = content;
        using var answer = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    public virtual ValueTask DisposeAsync()
    {
        _http.Dispose();
        File.Delete(TokenFile);
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    private async Task<HttpRequestMessage> Request(HttpMethod method, string path)
    {
        var request = new HttpRequestMessage(method, new Uri(Web, $"/api/v1/{path}"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", (await File.ReadAllTextAsync(TokenFile, TestContext.Current.CancellationToken)).Trim());
        return request;
    }
}
