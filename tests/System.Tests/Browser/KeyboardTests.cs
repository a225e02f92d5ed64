// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using Microsoft.Playwright;
using Tutti.System.Tests.Rest;
using Tutti.System.Tests.Running;

namespace Tutti.System.Tests.Browser;

/// <summary>The main walks by keyboard alone: Tab, Enter, Space, arrows and typing, the focus in sight all the way.</summary>
public sealed class KeyboardTests : SystemTest
{
    [Fact]
    public async Task A_mail_job_is_made_and_authorised_by_keyboard_alone()
    {
        var installation = Own(await Installation.SetUp(separate: false));
        await installation.Start();
        await installation.CreateToken();
        using var program = new RestClient(installation);
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await Desk.Browser(playwright);
        var page = await browser.NewPageAsync(new() { ViewportSize = new() { Width = 1280, Height = 900 }, TimezoneId = "UTC", Locale = "en-US" });
        page.SetDefaultTimeout(60_000);
        Assertions.SetDefaultExpectTimeout(60_000);
        var fingers = new Fingers(page);
        await page.GotoAsync(installation.Web.ToString());
        await fingers.Type("#account", "admin");
        await fingers.Type("#password", installation.AdminPassword);
        await page.Keyboard.PressAsync("Enter");
        await page.Locator("h1", new() { HasText = "Dashboard" }).WaitForAsync();

        await fingers.Press("main a[href='jobs/new']");
        await fingers.Type("#title", "Without a pointer");
        await page.Keyboard.PressAsync("Enter");
        await page.Locator(".t-steps").WaitForAsync();
        var job = new Uri(page.Url).Segments[^1];
        await Recipients(page, fingers, installation.Home);
        await Message(page, fingers);
        await TrackingAndSender(page, fingers);
        await TestAndSchedule(page, fingers);
        await Authorise(page, fingers);

        var made = await program.Get($"jobs/{job}");
        Assert.Equal(("waiting", "admin"), (made.GetProperty("state").GetString(), made.GetProperty("authorizedBy").GetString()));
        Assert.Contains("2031-05-06T07:08:00", made.GetProperty("schedule").GetRawText(), StringComparison.Ordinal);
        Assert.Equal("Hello by hand", (await program.Get($"jobs/{job}/content")).GetProperty("subject").GetString());
        await Folder(page, fingers, program, job);
        await Palette(page, job);
    }

    private static async Task Recipients(IPage page, Fingers fingers, string home)
    {
        var file = home + ".members.csv";
        await File.WriteAllTextAsync(file, "EMAIL,FIRSTNAME\nanna@guests.example,Anna\nben@guests.example,Ben\n", Cancelled);
        await fingers.Press("main a[href$='/recipients']");
        await fingers.Reach("#file");
        var chooser = await page.RunAndWaitForFileChooserAsync(() => page.Keyboard.PressAsync("Space"));
        await chooser.SetFilesAsync(file);
        await fingers.PressButton("Upload file");
        await fingers.PressButton("Import recipients", "Space");
        await Desk.Shown(page.GetByText("Download recipients"));
        File.Delete(file);
        await Back(page, fingers);
    }

    private static async Task Message(IPage page, Fingers fingers)
    {
        await fingers.Press("main a[href$='/content']");
        await fingers.Type("#subject", "Hello by hand");
        await fingers.Type("#html-editor", "<p>Dear reader, ours is a long story.</p>");
        await fingers.PressButton("Save message");
        await Desk.Shown(page.GetByText("Saved.", new() { Exact = true }));
        await Back(page, fingers);
    }

    private static async Task TrackingAndSender(IPage page, Fingers fingers)
    {
        await fingers.Press("main a[href$='/tracking']");
        await fingers.Reach("main input[type=radio]");
        await page.Keyboard.PressAsync("ArrowDown");
        await fingers.PressButton("Save tracking");
        await page.Locator(".t-steps").WaitForAsync();
        await fingers.Press("main a[href$='/sender']");
        await fingers.Type("#name", "The Example Society");
        await fingers.Type("#address", "news@society.example");
        await fingers.PressButton("Save sender");
        await page.Locator(".t-steps").WaitForAsync();
    }

    private static async Task TestAndSchedule(IPage page, Fingers fingers)
    {
        await fingers.Press("main a[href$='/test']");
        await fingers.Type("#addresses", "colleague@society.example");
        await fingers.PressButton("Send test messages");
        await Desk.Shown(page.GetByRole(AriaRole.Cell, new() { Name = "accepted" }).First);
        await fingers.PressButton("Accept test", "Space");
        await page.GetByText("accepted by").Or(page.Locator(".t-steps")).First.WaitForAsync();
        if (await page.Locator(".t-steps").CountAsync() == 0)
        {
            await Back(page, fingers);
        }

        await fingers.Press("main a[href$='/schedule']");
        await fingers.Reach("#at-once");
        await page.Keyboard.PressAsync("Space");
        await page.Keyboard.PressAsync("ArrowDown");

        // Month, day, year, hour, minute and half of the day are fields of their own within the one.
        await fingers.Type("#at", "05062031");
        await page.Keyboard.PressAsync("ArrowRight");
        await page.Keyboard.TypeAsync("0708A");
        await fingers.PressButton("Save schedule");
        await page.Locator(".t-steps").WaitForAsync();
    }

    private static async Task Authorise(IPage page, Fingers fingers)
    {
        await fingers.Press("main a[href$='/authorise']");
        await page.Locator("[data-rule]").First.WaitForAsync();
        while (await page.Locator("input[id^=tick-]:not(:checked)").CountAsync() is var left and > 0)
        {
            await fingers.Press("input[id^=tick-]:not(:checked)", "Space");
            await Assertions.Expect(page.Locator("input[id^=tick-]:not(:checked)")).ToHaveCountAsync(left - 1);
        }

        await fingers.PressButton("Authorise delivery");
        await fingers.PressButton("Authorise delivery now");
        await page.GetByText("Revoke authorisation").First.WaitForAsync();
    }

    private static async Task Folder(IPage page, Fingers fingers, RestClient program, string job)
    {
        await fingers.Press("nav a[href='jobs']");
        await fingers.PressButton("New folder");
        await fingers.Type("#folder-name", "Autumn");
        await fingers.PressButton("Create folder");
        await Desk.Shown(page.Locator(".t-folder", new() { HasText = "Autumn" }));
        await fingers.Press("[data-folder=all]");
        await fingers.Press($"input[aria-label='Select {job}']", "Space");
        await fingers.Type("#move-to", "Autumn");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Enter");
        await Desk.Shown(page.GetByText("1 mail job moved to Autumn."));
        Assert.NotEqual(JsonValueKind.Null, (await program.Get($"jobs/{job}")).GetProperty("folder").ValueKind);
    }

    private static async Task Palette(IPage page, string job)
    {
        var before = await page.EvaluateAsync<string>("() => document.activeElement.outerHTML.slice(0, 60)");
        await page.Keyboard.PressAsync("Control+k");
        await Assertions.Expect(page.Locator("#palette")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        await Assertions.Expect(page.Locator("#palette")).ToHaveCountAsync(0);
        Assert.Equal(before, await page.EvaluateAsync<string>("() => document.activeElement.outerHTML.slice(0, 60)"));
        await page.Keyboard.PressAsync("Control+k");
        await page.Keyboard.TypeAsync(job);
        await page.GetByRole(AriaRole.Option, new() { Name = $"Report of {job}" }).WaitForAsync();
        await page.Keyboard.PressAsync("ArrowDown");
        await Assertions.Expect(page.GetByRole(AriaRole.Option, new() { Name = $"Report of {job}" })).ToHaveAttributeAsync("aria-selected", "true");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync(address => address.EndsWith($"/jobs/{job}/report", StringComparison.Ordinal));
    }

    private static async Task Back(IPage page, Fingers fingers)
    {
        await fingers.Press("main .t-head a.t-btn[href^='jobs/']");
        await page.Locator(".t-steps").WaitForAsync();
    }
}
