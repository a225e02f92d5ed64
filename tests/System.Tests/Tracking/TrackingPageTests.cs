// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using MimeKit;
using Tutti.System.Tests.Campaigns;
using Tutti.System.Tests.Receiving;
using Tutti.System.Tests.Rest;
using Tutti.System.Tests.Running;

namespace Tutti.System.Tests.Tracking;

/// <summary>What is chosen on the page of the tracking is what the receivers' messages, the tracker and the report have.</summary>
public sealed partial class TrackingPageTests : SystemTest
{
    private const string Html = "<p><a href=\"https://shop.example/?a=1#top\">Shop</a> <a href=\"https://blog.example/\">Blog</a></p>";

    // Flags in the first byte of a token.
    private const int NamesRecipient = 0x04;
    private const int NamesProfile = 0x08;

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Type_columns_links_and_parameters_of_the_page_are_in_the_messages_and_in_the_report()
    {
        var outside = Own(new RecordingSmtpServer());
        var installation = Own(await Installation.SetUp(separate: false, CampaignRun.Settings(outside, connections: 2)));
        await installation.Start();
        await installation.CreateToken();
        using var rest = new RestClient(installation);
        var job = await Prepare(rest);

        using var playwright = await Playwright.CreateAsync();
        await using var chromium = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = "/usr/bin/chromium", Headless = true, Args = ["--no-sandbox", "--disable-gpu", "--disable-quic"] });
        var page = await chromium.NewPageAsync();
        page.SetDefaultTimeout(60_000);
        await page.GotoAsync(installation.Web.ToString());
        await page.Locator("#account").FillAsync("admin");
        await page.Locator("#password").FillAsync(installation.AdminPassword);
        await Press(page, "Sign in");
        await page.WaitForURLAsync(address => !address.Contains("sign-in", StringComparison.Ordinal));
        await page.GotoAsync(new Uri(installation.Web, $"/jobs/{job}/tracking").ToString());
        // What is chosen and not saved yet stays when the links are saved meanwhile.
        await page.Locator("#type-Permission").ClickAsync();
        await page.Locator("#permission").SelectOptionAsync("consent");
        await page.Locator("#label-0").FillAsync("The shop");
        await page.Locator("#alias-0").FillAsync("shop");
        await page.Locator("#tracked-1").UncheckAsync();
        await Press(page, "Save links");
        await Assertions.Expect(page.GetByText("The links are saved.")).ToBeVisibleAsync();
        await Press(page, "Add a parameter");
        await page.Locator("#hosts-1").FillAsync("*");
        await page.Locator("#name-1").FillAsync("utm_campaign");
        await page.Locator("#value-1").FillAsync("{{ job.code }}");
        await Press(page, "Save parameters");
        await Assertions.Expect(page.GetByText("The parameters are saved.")).ToBeVisibleAsync();
        await page.Locator("#profile-city").CheckAsync();
        await Press(page, "Save tracking");
        await page.WaitForURLAsync($"**/jobs/{job}");

        await rest.Send(HttpMethod.Post, $"jobs/{job}/test/waive");
        await rest.Send(HttpMethod.Post, $"jobs/{job}/preflight");
        await rest.Send(HttpMethod.Post, $"jobs/{job}/preflight/ticks");
        await rest.Send(HttpMethod.Post, $"jobs/{job}/authorize");
        await Waiting.Until(() => outside.Messages.Count >= 12, _patience, () => $"{outside.Messages.Count} of 12 messages came.");

        var messages = outside.Messages.ToDictionary(message => message.Recipient, message => MimeMessage.Load(new MemoryStream(message.Raw)).HtmlBody ?? "");
        Assert.All(messages.Values, html => Assert.Contains($"<a href=\"https://blog.example/?utm_campaign={job}\">Blog</a>", html, StringComparison.Ordinal));
        Assert.Equal(["ada@guests.example", "ben@guests.example"], messages.Where(message => Flags(message.Value) == NamesRecipient).Select(message => message.Key).Order());
        Assert.Equal(10, messages.Count(message => Flags(message.Value) == NamesProfile));

        using var reader = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
        foreach (var recipient in (string[])["ada@guests.example", "guest7@guests.example"])
        {
            using var click = await reader.GetAsync(ClickOf(messages[recipient]), Cancelled);
            Assert.Equal((HttpStatusCode.Found, $"https://shop.example/?a=1&utm_campaign={job}#top"), (click.StatusCode, click.Headers.GetValues("Location").Single()));
        }

        await Waiting.Until(async () => (await rest.Get($"jobs/{job}/report")).GetProperty("clicks").GetProperty("times").GetInt32() == 2, _patience, () => "The clicks are not in the report.");
        var report = await rest.Get($"jobs/{job}/report");
        var link = report.GetProperty("links")[0];
        Assert.Equal(("The shop", "shop", 1, 1), (
            link.GetProperty("label").GetString(), link.GetProperty("alias").GetString(), link.GetProperty("clicks").GetProperty("recipients").GetInt32(), link.GetProperty("clicks").GetProperty("profiles").GetInt32()));
        await page.GotoAsync(new Uri(installation.Web, $"/jobs/{job}/report").ToString());
        await Assertions.Expect(page.Locator("[data-count=clicked]")).ToHaveTextAsync("1", new() { Timeout = 60_000 });
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "By profile" })).ToBeVisibleAsync(new() { Timeout = 60_000 });
    }

    private static async Task<string> Prepare(RestClient rest)
    {
        var job = (await rest.Send(HttpMethod.Post, "jobs", new { title = "By permission" })).GetProperty("job").GetString()!;
        var rows = "email,city,consent\nada@guests.example,Ulm,yes\nben@guests.example,Ulm,1\n" + string.Concat(Enumerable.Range(1, 10).Select(number => $"guest{number}@guests.example,Bonn,\n"));
        await rest.Send(HttpMethod.Post, $"jobs/{job}/recipients?fileName=guests.csv", rows);
        await Waiting.Until(async () => (await rest.Get($"jobs/{job}/recipients")).GetProperty("state").GetString() == "ready", _patience, () => "The recipients are not imported.");
        await rest.Send(HttpMethod.Put, $"jobs/{job}/content", new { subject = "Hello", html = Html, text = "" });
        await rest.Send(HttpMethod.Put, $"jobs/{job}/sender", new { name = "The Example Society", address = "news@society.example" });
        await rest.Send(HttpMethod.Put, $"jobs/{job}/schedule", new { });
        return job;
    }

    private static string ClickOf(string html) => ClickUrl().Match(html) is { Success: true } match ? match.Value : throw new InvalidOperationException("There is no tracked link.");

    /// <summary>What the first byte of a click's token says that it carries.</summary>
    private static int Flags(string html)
    {
        var token = ClickOf(html);
        var first = Convert.FromBase64String(token[(token.LastIndexOf('/') + 1)..][..4].Replace('-', '+').Replace('_', '/'))[0];
        return first & (NamesRecipient | NamesProfile);
    }

    private static Task Press(IPage page, string button) => page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).First.ClickAsync();

    [GeneratedRegex("http://[^\"]+/c/[A-Za-z0-9_-]+")]
    private static partial Regex ClickUrl();
}
