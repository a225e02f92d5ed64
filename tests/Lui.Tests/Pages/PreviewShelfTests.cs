// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Tutti.Lui.Shell;

namespace Tutti.Lui.Tests.Pages;

public sealed class PreviewShelfTests : IAsyncLifetime
{
    private const string Html = "<img src=\"https://images.example/a.png\"><script>alert(1)</script>";
    private readonly HttpClient _client = new();
    private WebApplication _application = null!;

    private PreviewShelf Shelf => _application.Services.GetRequiredService<PreviewShelf>();

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton<PreviewShelf>().AddAuthorization();
        _application = builder.Build();
        _application.Use((context, next) =>
        {
            context.User = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, "7")], "test"));
            return next(context);
        });
        _application.UseRouting();
        _application.UseAuthorization();
        PreviewShelf.Map(_application);
        await _application.StartAsync(TestContext.Current.CancellationToken);
        _client.BaseAddress = new Uri(_application.Urls.First());
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _application.DisposeAsync();
    }

    [Fact]
    public async Task A_message_is_shown_in_a_sandbox_that_loads_nothing_from_other_hosts()
    {
        var policy = await PolicyOf(Shelf.Put(Html, "7"));

        Assert.StartsWith("sandbox; default-src 'none'; img-src 'self' data:;", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("*", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("http", policy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Images_of_other_hosts_come_only_for_somebody_who_asked_and_scripts_never()
    {
        var policy = await PolicyOf(PreviewShelf.Seen(Shelf.Put(Html, "7"), withImages: true, inTheDark: false));

        Assert.Contains("img-src http: https: data:", policy, StringComparison.Ordinal);
        Assert.StartsWith("sandbox; default-src 'none';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("script", policy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_is_seen_in_the_dark_by_who_asks_for_it_in_the_same_sandbox()
    {
        var address = PreviewShelf.Seen(Shelf.Put("<p>Words</p>", "7"), withImages: false, inTheDark: true);

        Assert.Matches("^<style>html.*invert.*</style><p>Words</p>$", await _client.GetStringAsync(new Uri(address, UriKind.Relative), TestContext.Current.CancellationToken));
        Assert.StartsWith("sandbox; default-src 'none'; img-src 'self' data:;", await PolicyOf(address), StringComparison.Ordinal);
        Assert.EndsWith("?images=yes&dark=yes", PreviewShelf.Seen(address.Split('?')[0], withImages: true, inTheDark: true), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_sees_what_was_put_there_for_another()
    {
        using var answer = await _client.GetAsync(new Uri(Shelf.Put(Html, "8"), UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public void The_same_message_keeps_its_address_and_another_has_another()
    {
        Assert.Equal(Shelf.Put(Html, "7"), Shelf.Put(Html, "7"));
        Assert.NotEqual(Shelf.Put(Html, "7"), Shelf.Put(Html + " ", "7"));
        Assert.NotEqual(Shelf.Put(Html, "7"), Shelf.Put(Html, "8"));
    }

    private async Task<string> PolicyOf(string address)
    {
        using var answer = await _client.GetAsync(new Uri(address, UriKind.Relative), TestContext.Current.CancellationToken);
        answer.EnsureSuccessStatusCode();
        return string.Join(' ', answer.Headers.GetValues("Content-Security-Policy"));
    }
}
