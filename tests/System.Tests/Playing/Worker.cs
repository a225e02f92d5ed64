// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;
using Tutti.System.Tests.Layouts;

namespace Tutti.System.Tests.Playing;

/// <summary>A person at work with a browser: keeps cookies, fills in forms, and never waits longer than five seconds for an answer.</summary>
public sealed partial class Worker(Uri site, string component) : IAsyncDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(5);
    private readonly HttpClient _http = new(new HttpClientHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() }) { BaseAddress = site };

    private string Base => component == "hub" ? "/hub" : "";

    /// <summary>Signs in over the form. True if the person came in; else what the page says.</summary>
    public async Task<(bool In, string Page)> SignIn()
    {
        var page = $"{Base}/sign-in";
        var (status, text) = await Post(
            page,
            ("__RequestVerificationToken", await FormToken()), ("_handler", "sign-in"), ("Input.Account", "admin"), ("Input.Password", ServerHome.AdminPassword));
        return (status == HttpStatusCode.Redirect, WebUtility.HtmlDecode(text));
    }

    /// <summary>Creates a mail job over the form; where the browser is sent then.</summary>
    public async Task<string> CreateJob(string title)
    {
        using var content = new FormUrlEncodedContent(new Dictionary<string, string> { ["__RequestVerificationToken"] = await FormToken(), ["title"] = title });
        using var answer = await Timely(() => _http.PostAsync(new Uri("/jobs/create", UriKind.Relative), content));
        return answer.Headers.Location?.ToString() ?? $"{(int)answer.StatusCode}";
    }

    /// <summary>What a page answers; null if the connection was refused.</summary>
    public async Task<(HttpStatusCode Status, bool RetryAfter)?> Get(string path)
    {
        try
        {
            using var answer = await Timely(() => _http.GetAsync(new Uri(path, UriKind.Relative)));
            return (answer.StatusCode, answer.Headers.RetryAfter is not null);
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<(HttpStatusCode Status, string Text)> Post(string path, params (string Name, string Value)[] fields)
    {
        using var content = new FormUrlEncodedContent(fields.ToDictionary(field => field.Name, field => field.Value));
        using var answer = await Timely(() => _http.PostAsync(new Uri(path, UriKind.Relative), content));
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private async Task<string> FormToken()
    {
        using var page = await Timely(() => _http.GetAsync(new Uri($"{Base}/sign-in", UriKind.Relative)));
        return WebUtility.HtmlDecode(Token().Match(await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Groups[1].Value);
    }

    private static async Task<T> Timely<T>(Func<Task<T>> ask)
    {
        var began = Stopwatch.GetTimestamp();
        var answer = await ask();
        Assert.True(Stopwatch.GetElapsedTime(began) < _patience, $"An answer took {Stopwatch.GetElapsedTime(began)}.");
        return answer;
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex Token();
}
