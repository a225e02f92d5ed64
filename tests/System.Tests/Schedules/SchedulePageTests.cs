// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Text.Json;
using Microsoft.Playwright;
using Tutti.System.Tests.Campaigns;
using Tutti.System.Tests.Receiving;
using Tutti.System.Tests.Recomputing;
using Tutti.System.Tests.Rest;
using Tutti.System.Tests.Running;

namespace Tutti.System.Tests.Schedules;

/// <summary>What is chosen on the schedule's page is what the receivers see, also when everything is killed right after the trigger.</summary>
public sealed class SchedulePageTests : SystemTest
{
    private const string Recipients = "EMAIL\nanna@guests.example\nben@guests.example\ncarl@guests.example\ndora@guests.example\n";
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_job_goes_in_parts_when_its_address_is_posted_to_and_not_before()
    {
        var outside = Own(new RecordingSmtpServer());
        var installation = Own(await Installation.SetUp(separate: false, CampaignRun.Settings(outside, connections: 2)));
        await installation.Start();
        await installation.CreateToken();
        using var rest = new RestClient(installation);
        using var stranger = new HttpClient();
        var job = await Prepare(rest);

        using var playwright = await Playwright.CreateAsync();
        await using var chromium = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = "/usr/bin/chromium", Headless = true, Args = ["--no-sandbox", "--disable-gpu", "--disable-quic"] });
        var page = await chromium.NewPageAsync();
        page.SetDefaultTimeout(60_000);
        await SignIn(page, installation);
        await page.GotoAsync(new Uri(installation.Web, $"/jobs/{job}/schedule").ToString());
        await page.Locator("#on-trigger").ClickAsync();
        await page.Locator("#pace-parts").ClickAsync();
        await page.Locator("#parts").FillAsync("2");
        await page.Locator("#minutes").FillAsync("45");
        await Press(page, "Save schedule");
        await Press(page, "Make trigger address");
        var address = new Uri(await page.Locator("#trigger-address").InnerTextAsync());

        // Not authorised yet: the address does nothing, and looking at it never does.
        using (var early = await stranger.PostAsync(address, null, Cancelled))
        {
            Assert.Equal(HttpStatusCode.Conflict, early.StatusCode);
        }

        await rest.Send(HttpMethod.Post, $"jobs/{job}/preflight");
        await rest.Send(HttpMethod.Post, $"jobs/{job}/preflight/ticks");
        await rest.Send(HttpMethod.Post, $"jobs/{job}/authorize");
        await Assertions.Expect(page.GetByText("Waits until it is triggered.").First).ToBeVisibleAsync();
        using (var looked = await stranger.GetAsync(address, Cancelled))
        {
            Assert.Equal(HttpStatusCode.OK, looked.StatusCode);
        }

        Assert.Equal("waiting", (await rest.Get($"jobs/{job}")).GetProperty("state").GetString());
        using (var triggered = await stranger.PostAsync(address, null, Cancelled))
        {
            Assert.Equal(HttpStatusCode.OK, triggered.StatusCode);
        }

        await installation.Kill("all");
        await installation.Start();
        await Waiting.Until(() => outside.Messages.Count >= 2, _patience, () => $"{outside.Messages.Count} of the first part's messages came.");
        using (var again = await stranger.PostAsync(address, null, Cancelled))
        {
            Assert.Equal(job, JsonDocument.Parse(await again.Content.ReadAsStringAsync(Cancelled)).RootElement.GetProperty("job").GetString());
        }

        await page.GotoAsync(new Uri(installation.Web, $"/jobs/{job}").ToString());
        await Assertions.Expect(page.Locator("#pace")).ToContainTextAsync("2 recipients, ");
        await rest.Send(HttpMethod.Post, $"jobs/{job}/stop");
        await rest.Send(HttpMethod.Post, $"jobs/{job}/close");
        Receipt? receipt = null;
        await Waiting.Until(
            async () => (receipt = Receipt.Read((await rest.Get($"jobs/{job}/receipt")).GetRawText())) is { Waiting: 0 }, _patience, () => $"The receipt stays {receipt}.");
        Assert.Equal(new Receipt(job, "completed", 4, 2, 0, 0, 0, 2, 0, 0), receipt);
        Assert.Equal(["anna@guests.example", "ben@guests.example"], outside.Messages.Select(message => message.Recipient).Order());
        await LastPages.OneAtATime(page, installation, rest, outside, await Prepare(rest));
        await LastPages.ArchiveAndBringBack(page, installation, rest, job);
    }

    private static async Task<string> Prepare(RestClient rest)
    {
        var job = (await rest.Send(HttpMethod.Post, "jobs", new { title = "In parts" })).GetProperty("job").GetString()!;
        await rest.Send(HttpMethod.Post, $"jobs/{job}/recipients?fileName=guests.csv", Recipients);
        await Waiting.Until(async () => (await rest.Get($"jobs/{job}/recipients")).GetProperty("state").GetString() == "ready", _patience, () => "The recipients are not imported.");
        await rest.Send(HttpMethod.Put, $"jobs/{job}/content", new { subject = "Hello", html = "", text = "Hello." });
        await rest.Send(HttpMethod.Put, $"jobs/{job}/tracking", new { type = "blind" });
        await rest.Send(HttpMethod.Put, $"jobs/{job}/sender", new { name = "The Example Society", address = "news@society.example" });
        await rest.Send(HttpMethod.Post, $"jobs/{job}/test/waive");
        return job;
    }

    private static async Task SignIn(IPage page, Installation installation)
    {
        await page.GotoAsync(installation.Web.ToString());
        await page.Locator("#account").FillAsync("admin");
        await page.Locator("#password").FillAsync(installation.AdminPassword);
        await Press(page, "Sign in");
        await page.WaitForURLAsync(address => !address.Contains("sign-in", StringComparison.Ordinal));
    }

    private static Task Press(IPage page, string button) => page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).First.ClickAsync();
}
