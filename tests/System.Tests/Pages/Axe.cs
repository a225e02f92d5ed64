// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using Deque.AxeCore.Commons;
using Microsoft.Playwright;

namespace Tutti.System.Tests.Pages;

/// <summary>What keeps people out of a page, as axe-core finds it.</summary>
internal static class Axe
{
    // Looks for violations only, those of WCAG 2.2 A and AA and of good practice; what is in a frame is a message and not ours.
    private const string Run =
        """
        async () => {
          const found = await axe.run(document, { resultTypes: ["violations"], iframes: false, elementRef: false });
          return JSON.stringify(found.violations.filter(one => one.impact === "serious" || one.impact === "critical")
            .map(one => `${one.id} (${one.impact}): ${one.help}\n${one.nodes.slice(0, 5).map(node => `    ${node.target.join(" ")}: ${node.failureSummary.split("\n").slice(1, 2).join("").trim()}`).join("\n")}`));
        }
        """;

    private static readonly string _script = new BundledAxeScriptProvider().GetScript();

    /// <summary>Serious and critical violations, one text each.</summary>
    public static async Task<IReadOnlyList<string>> Look(IPage page)
    {
        // Evaluated and not added as an element: the pages' policy lets nothing in from outside.
        if (!await page.EvaluateAsync<bool>("() => 'axe' in window"))
        {
            await page.EvaluateAsync(_script);
        }

        return JsonSerializer.Deserialize<List<string>>(await page.EvaluateAsync<string>(Run))!;
    }
}
