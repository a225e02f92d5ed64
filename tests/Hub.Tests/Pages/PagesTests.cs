// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Tutti.Testing.Server;

namespace Tutti.Hub.Tests.Pages;

public sealed class PagesTests(RunningHub hub)
{
    [Fact]
    public async Task Nobody_comes_in_without_the_token_of_the_form()
    {
        using var visitor = new Visitor(hub.Server.Web);

        using var answer = await visitor.Post("/hub/sign-in", ("_handler", "sign-in"), ("Input.Account", RunningHub.Account), ("Input.Password", RunningHub.Password));
        using var after = await visitor.Get("/hub/");

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, after.StatusCode);
    }

    [Theory]
    [InlineData("//evil.example/", "/hub")]
    [InlineData("https://evil.example/", "/hub")]
    [InlineData("/\\evil.example", "/hub")]
    [InlineData("/hub/sign-ins", "/hub/sign-ins")]
    public async Task Signing_in_leads_only_to_addresses_of_this_site(string next, string expected)
    {
        using var visitor = new Visitor(hub.Server.Web);

        using var answer = await visitor.SignIn($"/hub/sign-in?next={Uri.EscapeDataString(next)}", RunningHub.Account, RunningHub.Password);

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Equal(expected, answer.Headers.Location!.IsAbsoluteUri ? answer.Headers.Location.PathAndQuery : answer.Headers.Location.ToString());
    }

    [Fact]
    public async Task A_link_or_a_form_of_another_site_signs_nobody_out()
    {
        using var visitor = new Visitor(hub.Server.Web);
        using var came = await visitor.SignIn("/hub/sign-in", RunningHub.Account, RunningHub.Password);

        using var link = await visitor.Get("/hub/sign-out");
        using var form = await visitor.Post("/hub/sign-out");
        using var still = await visitor.Get("/hub/");

        Assert.Equal(HttpStatusCode.BadRequest, form.StatusCode);
        Assert.Equal(HttpStatusCode.OK, still.StatusCode);

        using var asked = await visitor.Post("/hub/sign-out", ("__RequestVerificationToken", await visitor.FormToken("/hub/sign-in")));
        using var gone = await visitor.Get("/hub/");
        Assert.Equal(HttpStatusCode.Redirect, asked.StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, gone.StatusCode);
    }

    [Theory]
    [InlineData("/hub/sign-in")]
    [InlineData("/hub/nothing/here")]
    public async Task Every_page_tells_the_browser_what_it_may_do(string path)
    {
        using var visitor = new Visitor(hub.Server.Web);
        using var page = await visitor.Get(path);

        var policy = string.Join(' ', page.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", page.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("same-origin", page.Headers.GetValues("Referrer-Policy").Single());
    }
}
