// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Text;

namespace Tutti.Lui.Tests.Pages;

public sealed class PagesTests(StaffedServer installation) : IClassFixture<StaffedServer>
{
    [Theory]
    [InlineData("/jobs/create")]
    [InlineData("/jobs/261124A/recipients/file")]
    [InlineData("/sign-out")]
    public async Task A_form_without_the_token_of_a_page_is_refused(string path)
    {
        using var staff = await installation.Staff();

        using var bare = await staff.Post(path, ("title", "Forged"));
        using var wrong = await staff.Post(path, ("title", "Forged"), ("__RequestVerificationToken", "forged"));
        using var still = await staff.Get("/");

        Assert.Equal(HttpStatusCode.BadRequest, bare.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        Assert.Equal(HttpStatusCode.OK, still.StatusCode);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/jobs/new")]
    [InlineData("/tokens")]
    [InlineData("/jobs/261124A/recipients/valid.csv")]
    [InlineData("/jobs/261124A/report/recipients.csv")]
    [InlineData("/previews/00")]
    public async Task Whoever_has_not_signed_in_is_asked_to(string path)
    {
        using var stranger = installation.Stranger();

        using var answer = await stranger.Get(path);

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.StartsWith("/sign-in?next=", answer.Headers.Location!.PathAndQuery, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_job_is_made_by_a_plain_form_and_a_blank_title_comes_back_to_it()
    {
        using var staff = await installation.Staff();
        var token = ("__RequestVerificationToken", await staff.FormToken("/sign-in"));

        using var made = await staff.Post("/jobs/create", ("title", "Spring news"), token);
        using var prefixed = await staff.Post("/jobs/create", ("title", "Spring news"), ("prefix", "doe"), token);
        using var blank = await staff.Post("/jobs/create", ("title", " "), token);
        using var odd = await staff.Post("/jobs/create", ("title", "Spring news"), ("prefix", "d-e"), token);

        Assert.Matches("^/jobs/[0-9]{6}[A-Z]+$", made.Headers.Location!.ToString());
        Assert.Matches("^/jobs/DOE-[0-9]{6}[A-Z]+$", prefixed.Headers.Location!.ToString());
        Assert.Equal("/jobs/new?title=Spring%20news&prefix=d-e&refused=true", odd.Headers.Location!.ToString());
        Assert.Equal("/jobs/new?title=%20&refused=true", blank.Headers.Location!.ToString());
    }

    [Fact]
    public async Task Fetching_an_address_that_changes_something_changes_nothing()
    {
        using var staff = await installation.Staff();
        var token = ("__RequestVerificationToken", await staff.FormToken("/sign-in"));

        using var first = await staff.Post("/jobs/create", ("title", "One"), token);
        using var fetched = await staff.Get("/jobs/create?title=Two");
        using var signOut = await staff.Get("/sign-out");
        using var second = await staff.Post("/jobs/create", ("title", "Three"), token);

        // Jobs are lettered one after the other, and whoever is signed out could not have made the second.
        var (one, three) = (first.Headers.Location!.ToString(), second.Headers.Location!.ToString());
        Assert.Equal(one[^1] + 1, three[^1]);
    }

    [Theory]
    [InlineData("//evil.example/", "/")]
    [InlineData("https://evil.example/", "/")]
    [InlineData("/\\evil.example", "/")]
    [InlineData("/jobs/new?title=x", "/jobs/new?title=x")]
    public async Task Signing_in_leads_only_to_addresses_of_this_site(string next, string expected)
    {
        using var visitor = installation.Stranger();

        using var answer = await StaffedServer.SignIn(visitor, $"/sign-in?next={Uri.EscapeDataString(next)}");

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Equal(expected, answer.Headers.Location!.ToString());
    }

    [Fact]
    public async Task A_file_that_cannot_be_used_is_refused_in_words()
    {
        using var staff = await installation.Staff();
        var token = await staff.FormToken("/sign-in");
        using var made = await staff.Post("/jobs/create", ("title", "Upload"), ("__RequestVerificationToken", token));
        var path = made.Headers.Location + "/recipients/file";

        using var forged = await staff.Upload(path, "empty.csv", [], token: null);
        using var empty = await staff.Upload(path, "empty.csv", [], token);
        using var wide = await staff.Upload(path, "wide.csv", Encoding.UTF8.GetBytes(string.Join(',', Enumerable.Repeat("a", 5000)) + "\n"), token);
        using var good = await staff.Upload(path, "good.csv", Encoding.UTF8.GetBytes("email\na@example.org\n"), token);

        Assert.Equal(HttpStatusCode.BadRequest, forged.StatusCode);
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "empty.csv has no lines."), (empty.StatusCode, await Text(empty)));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, wide.StatusCode);
        Assert.Contains("5000", await Text(wide), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, good.StatusCode);
    }

    [Theory]
    [InlineData("/sign-in")]
    [InlineData("/nothing/here")]
    [InlineData("/")]
    public async Task Every_page_tells_the_browser_what_it_may_do(string path)
    {
        using var staff = await installation.Staff();
        using var page = await staff.Get(path);

        var policy = string.Join(' ', page.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", page.Headers.GetValues("X-Content-Type-Options").Single());
    }

    private static Task<string> Text(HttpResponseMessage answer) => answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
}
