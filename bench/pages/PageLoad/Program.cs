// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Microsoft.Playwright;

namespace Tutti.PageLoad;

/// <summary>
/// Opens each page again and again in a browser and prints, for each, the 95th percentile of the time from its address to
/// the last change of what it shows, in milliseconds: the server's work, the way there and back, and the browser's own.
/// </summary>
internal static class Program
{
    // What is only set, such as the focus, does not count.
    private const string Watch = "window.lastChange = 0; new MutationObserver(() => window.lastChange = performance.now()).observe(document, { childList: true, subtree: true, characterData: true });";

    // When nothing changed for so long, the page was complete at its last change.
    private const string LastChange =
        """
        new Promise(done => {
          const look = setInterval(() => {
            if (performance.now() - window.lastChange > 400) {
              clearInterval(look);
              done(window.lastChange);
            }
          }, 50);
        })
        """;

    private static async Task<int> Main(string[] arguments)
    {
        if (arguments is not [var web, var passwordFile, var number, .. var paths] || !int.TryParse(number, CultureInfo.InvariantCulture, out var times))
        {
            await Console.Error.WriteLineAsync("usage: PageLoad WEB PASSWORD-FILE TIMES PATH...");
            return 64;
        }

        using var playwright = await Playwright.CreateAsync();
        await using var chromium = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = "/usr/bin/chromium",
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
        var page = await chromium.NewPageAsync();
        await page.GotoAsync(web + "/sign-in");
        await page.GetByLabel("Account").FillAsync("admin");
        await page.GetByLabel("Password").FillAsync((await File.ReadAllTextAsync(passwordFile)).Trim());
        await page.GetByRole(AriaRole.Button).First.ClickAsync();
        await page.WaitForURLAsync(url => !url.Contains("/sign-in", StringComparison.Ordinal));
        await page.AddInitScriptAsync(Watch);
        foreach (var path in paths)
        {
            // The first ones are for the compiler.
            var measured = new List<double>();
            for (var i = -2; i < times; i++)
            {
                var took = await Open(page, web + path);
                if (i >= 0)
                {
                    measured.Add(took);
                }
            }

            measured.Sort();
            Console.WriteLine(FormattableString.Invariant($"{measured[(int)Math.Round((measured.Count - 1) * 0.95)]:0} {path}"));
        }

        return 0;
    }

    private static async Task<double> Open(IPage page, string address)
    {
        var answer = await page.GotoAsync(address);
        if (answer is not { Status: 200 })
        {
            throw new InvalidOperationException($"{address} was answered with {answer?.Status}");
        }

        await page.WaitForSelectorAsync("main h1");
        return await page.EvaluateAsync<double>(LastChange);
    }
}
