// SPDX-License-Identifier: Apache-2.0
using Microsoft.Playwright;

namespace Tutti.System.Tests.Browser;

/// <summary>Somebody without a pointer: goes from one control to the next with Tab, and sees at each where they are.</summary>
internal sealed class Fingers(IPage page)
{
    private const int Most = 150;

    // The focus can be seen if the element draws an outline and is on the screen; an editor shows it as a whole, a moment later. Headings and dialogs are given it by the page.
    private const string Where =
        """
        async () => {
          const one = document.activeElement;
          if (!one || one === document.body) { return ""; }
          const editor = one.closest(".cm-editor");
          for (let frames = 0; editor && frames < 100 && !editor.classList.contains("cm-focused"); frames++) { await new Promise(requestAnimationFrame); }
          const style = getComputedStyle(editor || one);
          const box = one.getBoundingClientRect();
          const seen = one.tabIndex < 0 || (editor && editor.classList.contains("cm-focused")) ||
            ((one.matches(":focus-visible") || one.matches("input[type^=date]")) && style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1 && box.width > 0 && box.bottom > 0 && box.top < innerHeight);
          const name = `${one.tagName.toLowerCase()}#${one.id}.${one.className} ${(one.getAttribute("aria-label") || one.textContent || "").trim().slice(0, 40)}`;
          return seen ? name : `!${name}`;
        }
        """;

    /// <summary>Presses Tab until a control has the focus. Fails if the focus cannot be seen on the way, or does not move on.</summary>
    public async Task Reach(string selector)
    {
        var target = page.Locator(selector).First;
        await target.WaitForAsync(new() { State = WaitForSelectorState.Attached });
        var way = new List<string>();
        for (var steps = 0; steps < Most; steps++)
        {
            // A page that was shown anew while we were on our way may have lost the control: it is looked for anew.
            if (await page.EvaluateAsync<bool>("selector => document.activeElement !== null && document.activeElement.matches(selector)", selector))
            {
                return;
            }

            // In the source editors Tab indents; Escape before it leaves, as they say below themselves.
            if (await page.EvaluateAsync<bool>("() => document.activeElement?.closest('.cm-editor') != null"))
            {
                await page.Keyboard.PressAsync("Escape");
                await page.Keyboard.PressAsync("Escape");
            }

            await page.Keyboard.PressAsync("Tab");
            var here = await page.EvaluateAsync<string>(Where);
            Assert.False(here.StartsWith('!'), $"The focus is on {here.TrimStart('!')} of {page.Url}, and nothing shows it.");
            way.Add(here);
        }

        Assert.Fail($"{selector} of {page.Url} cannot be reached with Tab. The way went over\n{string.Join("\n", way.TakeLast(40))}");
    }

    /// <summary>Reaches a control and presses a key on it.</summary>
    public async Task Press(string selector, string key = "Enter")
    {
        await Reach(selector);
        await page.Keyboard.PressAsync(key);
    }

    /// <summary>Reaches a field and types.</summary>
    public async Task Type(string selector, string text)
    {
        await Reach(selector);
        await page.Keyboard.TypeAsync(text);
    }

    /// <summary>A button by its words.</summary>
    public static string Button(string words) => $"button[data-finger='{words}']";

    /// <summary>Marks the buttons with this name, so that they can be told from others by a selector, and presses the first.</summary>
    public async Task PressButton(string words, string key = "Enter")
    {
        var button = page.GetByRole(AriaRole.Button, new() { Name = words, Exact = true }).First;
        await button.WaitForAsync();
        await button.EvaluateAsync("(one, words) => one.setAttribute('data-finger', words)", words);
        await Press(Button(words), key);
    }
}
