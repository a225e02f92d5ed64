// SPDX-License-Identifier: Apache-2.0
using Microsoft.Playwright;
using Tutti.System.Tests.Running;

namespace Tutti.System.Tests.Pages;

/// <summary>A page to look at: where it lies, and what is pressed before it is looked at.</summary>
/// <param name="Route">The page's route.</param>
/// <param name="Path">Its address.</param>
/// <param name="Name">Name of its pictures.</param>
/// <param name="There">What is in sight when the page is there.</param>
/// <param name="Press">A button that opens a part of the page.</param>
internal sealed record Sight(string Route, string Path, string Name, string There = "main h1", string? Press = null)
{
    // A word that is cut off, or a page that is wider than the screen. Code, and tables on a wide screen, may scroll in their own box.
    private const string Fits =
        """
        () => {
          const found = [];
          const wide = document.documentElement;
          if (wide.scrollWidth > wide.clientWidth + 1) { found.push(`the page is ${wide.scrollWidth} px wide on a screen of ${wide.clientWidth}`); }
          for (const one of wide.clientWidth < 640 ? document.querySelectorAll(".t-scroll") : []) {
            if (one.scrollWidth > one.clientWidth + 1) { found.push(`the table ${one.textContent.trim().slice(0, 40)} has to be moved sideways`); }
          }
          for (const one of document.querySelectorAll("main *")) {
            if (one.closest("svg, .cm-editor, .t-hidden, thead, iframe") || one.clientWidth === 0) { continue; }
            const style = getComputedStyle(one);
            const box = one.getBoundingClientRect();
            const name = `${one.tagName.toLowerCase()}${one.id ? "#" + one.id : ""}.${one.className}`;
            if (one.scrollWidth > one.clientWidth + 1 && style.overflowX === "hidden" && !one.matches("input, .t-hidden *")) { found.push(`${name} is cut off`); }
            if (box.right > wide.clientWidth + 1 && !one.closest(".t-scroll, pre, [style*=overflow]")) { found.push(`${name} reaches out to ${Math.round(box.right)} px`); }
          }
          return found.slice(0, 5).join("\n");
        }
        """;

    private static readonly string _folder = Directory.CreateDirectory(global::System.IO.Path.Combine(Executable.Checkout, "artifacts", "screenshots")).FullName;

    /// <summary>What is wrong with the page, wide and light, then narrow and dark; keeps a picture of each.</summary>
    public async Task<IReadOnlyList<string>> Look(IPage page, Uri web)
    {
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light, ReducedMotion = ReducedMotion.Reduce });
        await page.SetViewportSizeAsync(1280, 900);
        await page.GotoAsync(new Uri(web, Path).ToString());
        try
        {
            await page.Locator(There).First.WaitForAsync(new() { Timeout = 20_000 });
        }
        catch (TimeoutException)
        {
            return [$"{Name} ({Path}): there is no {There} on the page."];
        }

        if (Press is not null)
        {
            await page.GetByRole(AriaRole.Button, new() { Name = Press, Exact = true }).First.ClickAsync();
            await page.Locator("main form").First.WaitForAsync();
        }

        List<string> problems = [.. await Problems(page, "1280-light")];
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        await page.SetViewportSizeAsync(390, 844);
        problems.AddRange(await Problems(page, "390-dark"));
        return problems;
    }

    private async Task<IEnumerable<string>> Problems(IPage page, string size)
    {
        var found = new List<string>(await Axe.Look(page));
        if (await page.EvaluateAsync<string>(Fits) is { Length: > 0 } misfits)
        {
            found.Add(misfits);
        }

        await page.ScreenshotAsync(new() { Path = global::System.IO.Path.Combine(_folder, $"{Name}-{size}.png"), FullPage = true });
        return found.Select(problem => $"{Name} ({Path}) at {size}: {problem}");
    }
}
