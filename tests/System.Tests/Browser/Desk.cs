// SPDX-License-Identifier: Apache-2.0
using Microsoft.Playwright;
using Tutti.System.Tests.Running;

namespace Tutti.System.Tests.Browser;

/// <summary>Somebody at a browser of their own, with cookies of their own.</summary>
internal sealed class Desk(IPage page, Installation installation) : IAsyncDisposable
{
    private static readonly LocatorAssertionsToBeVisibleOptions _patiently = new() { Timeout = 60_000 };
    private static readonly string? _gallery = Environment.GetEnvironmentVariable("TUTTI_TEST_SCREENSHOTS");

    /// <summary>What they look at.</summary>
    public IPage Page => page;

    /// <summary>A browser that starts without anything left from before.</summary>
    public static async Task<IBrowser> Browser(IPlaywright playwright) => await playwright.Chromium.LaunchAsync(new()
    {
        ExecutablePath = "/usr/bin/chromium",
        Headless = true,
        Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
    });

    /// <summary>Signs in; the pages answer from then on.</summary>
    public static async Task<Desk> SignIn(IBrowser browser, Installation installation, string account, string password)
    {
        var context = await browser.NewContextAsync(new() { ViewportSize = new() { Width = 1280, Height = 900 } });
        var page = await context.NewPageAsync();
        page.SetDefaultTimeout(60_000);
        await page.GotoAsync(installation.Web.ToString());
        await page.Locator("#account").FillAsync(account);
        await page.Locator("#password").FillAsync(password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await page.WaitForURLAsync(address => !address.Contains("sign-in", StringComparison.Ordinal));
        return new Desk(page, installation);
    }

    /// <summary>Goes to a page and waits until it is there.</summary>
    public async Task Go(string path)
    {
        await page.GotoAsync(new Uri(installation.Web, path).ToString());
        await page.Locator("h1").First.WaitForAsync();
    }

    public Task Press(string button) => page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).First.ClickAsync();

    public Task Sees(string text) => Assertions.Expect(page.GetByText(text).First).ToBeVisibleAsync(_patiently);

    public static Task Shown(ILocator locator) => Assertions.Expect(locator).ToBeVisibleAsync(_patiently);

    /// <summary>Keeps pictures of the page, wide and narrow, light and dark, where the environment names a folder for them.</summary>
    public async Task Picture(string name)
    {
        if (_gallery is null)
        {
            return;
        }

        foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            await page.EmulateMediaAsync(new() { ColorScheme = scheme });
            foreach (var width in new[] { 1280, 390 })
            {
                await page.SetViewportSizeAsync(width, 900);
                await page.ScreenshotAsync(new() { Path = Path.Combine(_gallery, $"{name}-{width}-{scheme}.png".ToLowerInvariant()), FullPage = true });
            }
        }

        await page.SetViewportSizeAsync(1280, 900);
    }

    public async ValueTask DisposeAsync() => await page.Context.CloseAsync();
}
