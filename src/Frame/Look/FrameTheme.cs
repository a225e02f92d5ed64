// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using MudBlazor;

namespace Tutti.Frame.Look;

/// <summary>
/// All colours and measures of the product, once for light and once for dark. Style sheets take them as variables
/// (<c>var(--ink)</c>), MudBlazor as its theme.
/// </summary>
public static class FrameTheme
{
    private const string Sans = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', sans-serif";

    /// <summary>Ink on near-white.</summary>
    internal static IReadOnlyDictionary<string, string> Light { get; } = new Dictionary<string, string>
    {
        ["ground"] = "#f7f9f9",
        ["surface"] = "#ffffff",
        ["ink"] = "#16201f",
        ["muted"] = "#4f5f5d",
        ["line"] = "#d9e1e0",
        ["edge"] = "#7d8b89",
        ["accent"] = "#0b5f5a",
        ["on-accent"] = "#ffffff",
        ["accent-soft"] = "#e1f0ee",
        ["attention"] = "#855000",
        ["attention-soft"] = "#fff3dc",
        ["loss"] = "#b3261e",
        ["loss-soft"] = "#fdecea",
        ["done"] = "#1b6e3c",
        ["done-soft"] = "#e5f4ea",
        ["fate-accepted"] = "#23834d",
        ["fate-waiting"] = "#a3b0ae",
        ["fate-refused"] = "#b3261e",
        ["fate-expired"] = "#75489c",
        ["fate-in-doubt"] = "#c98a00",
        ["fate-suppressed"] = "#4a6a86",
        ["fate-withdrawn"] = "#6f5a4c",
    };

    /// <summary>The same at night.</summary>
    internal static IReadOnlyDictionary<string, string> Dark { get; } = new Dictionary<string, string>
    {
        ["ground"] = "#101615",
        ["surface"] = "#182020",
        ["ink"] = "#e7eeec",
        ["muted"] = "#a7b5b2",
        ["line"] = "#2d3937",
        ["edge"] = "#72817e",
        ["accent"] = "#5cc4b8",
        ["on-accent"] = "#06201d",
        ["accent-soft"] = "#16332f",
        ["attention"] = "#f0b454",
        ["attention-soft"] = "#33260d",
        ["loss"] = "#f2938c",
        ["loss-soft"] = "#3a1a17",
        ["done"] = "#7ccb95",
        ["done-soft"] = "#12301c",
        ["fate-accepted"] = "#4fae74",
        ["fate-waiting"] = "#5d6b69",
        ["fate-refused"] = "#e0655c",
        ["fate-expired"] = "#b48ad6",
        ["fate-in-doubt"] = "#e5a93a",
        ["fate-suppressed"] = "#7fa3c4",
        ["fate-withdrawn"] = "#b59c8b",
    };

    /// <summary>The theme for MudBlazor's own parts: dialogs, notices, icons.</summary>
    public static MudTheme Theme { get; } = new()
    {
        PaletteLight = Fill(new PaletteLight(), Light),
        PaletteDark = Fill(new PaletteDark(), Dark),
        LayoutProperties = new LayoutProperties { DefaultBorderRadius = "6px" },
        Typography = new Typography { Default = new DefaultTypography { FontFamily = [Sans], FontSize = "1rem", LineHeight = "1.5" } },
    };

    /// <summary>The variables as a style sheet: light, dark where the system asks for it, and whichever the person chose.</summary>
    public static string Css { get; } = Write();

    private static TPalette Fill<TPalette>(TPalette palette, IReadOnlyDictionary<string, string> tokens)
        where TPalette : Palette
    {
        palette.Primary = tokens["accent"];
        palette.PrimaryContrastText = tokens["on-accent"];
        palette.Background = tokens["ground"];
        palette.Surface = tokens["surface"];
        palette.TextPrimary = tokens["ink"];
        palette.TextSecondary = tokens["muted"];
        palette.ActionDefault = tokens["muted"];
        palette.Divider = tokens["line"];
        palette.LinesDefault = tokens["line"];
        palette.LinesInputs = tokens["edge"];
        palette.Warning = tokens["attention"];
        palette.Error = tokens["loss"];
        palette.Success = tokens["done"];
        palette.Info = tokens["accent"];
        return palette;
    }

    private static string Write()
    {
        var css = new StringBuilder();
        void Block(string selector, string scheme, IReadOnlyDictionary<string, string> tokens)
        {
            css.Append(selector).Append("{color-scheme:").Append(scheme).Append(';');
            foreach (var (name, value) in tokens)
            {
                css.Append(CultureInfo.InvariantCulture, $"--{name}:{value};");
            }

            css.Append('}');
        }

        Block(":root", "light", Light);
        css.Append("@media (prefers-color-scheme:dark){");
        Block(":root:not([data-look=light])", "dark", Dark);
        css.Append('}');
        Block(":root[data-look=dark]", "dark", Dark);
        css.Append(CultureInfo.InvariantCulture, $":root{{--sans:{Sans};}}");
        return css.ToString();
    }
}
