// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Text.RegularExpressions;

namespace Tutti.Testing.Server;

/// <summary>Somebody with a browser without script: keeps cookies, fills in forms, follows no redirect by itself.</summary>
public sealed partial class Visitor : IDisposable
{
    private readonly HttpClient _client;

    public Visitor(Uri site)
    {
        _client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() }) { BaseAddress = site };
        _client.DefaultRequestHeaders.Add("Accept", "text/html");
    }

    public Task<HttpResponseMessage> Get(string path) => _client.GetAsync(new Uri(path, UriKind.Relative));

    /// <summary>Sends a form as it is; <see cref="FormToken"/> gives the token that proves a page of ours was open.</summary>
    public async Task<HttpResponseMessage> Post(string path, params (string Name, string Value)[] fields)
    {
        using var content = new FormUrlEncodedContent(fields.ToDictionary(field => field.Name, field => field.Value));
        return await _client.PostAsync(new Uri(path, UriKind.Relative), content);
    }

    public async Task<HttpResponseMessage> Upload(string path, string fileName, byte[] file, string? token)
    {
        using var content = new MultipartFormDataContent();
        using var part = new ByteArrayContent(file);
        content.Add(part, "file", fileName);
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        request.Content = content;
        if (token is not null)
        {
            request.Headers.Add("RequestVerificationToken", token);
        }

        return await _client.SendAsync(request);
    }

    /// <summary>The token of the form on a page.</summary>
    public async Task<string> FormToken(string path)
    {
        using var page = await Get(path);
        return WebUtility.HtmlDecode(Token().Match(await page.Content.ReadAsStringAsync()).Groups[1].Value);
    }

    /// <summary>Signs in over the form; the answer is the redirect, or the form again.</summary>
    public async Task<HttpResponseMessage> SignIn(string page, string account, string password) => await Post(
        page,
        ("__RequestVerificationToken", await FormToken(page)),
        ("_handler", "sign-in"),
        ("Input.Account", account),
        ("Input.Password", password));

    public void Dispose() => _client.Dispose();

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex Token();
}
