// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tutti.Frame.Look;

namespace Tutti.Frame.Tests.Look;

public sealed class FrameThemeTests
{
    public static TheoryData<string, string> Texts => new()
    {
        { "ink", "ground" }, { "ink", "surface" }, { "muted", "ground" }, { "muted", "surface" }, { "accent", "surface" }, { "accent", "ground" },
        { "accent", "accent-soft" }, { "on-accent", "accent" }, { "attention", "attention-soft" }, { "attention", "surface" },
        { "loss", "loss-soft" }, { "loss", "surface" }, { "done", "done-soft" }, { "ink", "attention-soft" }, { "ink", "loss-soft" }, { "ink", "accent-soft" },
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public void Text_can_be_read_by_light_and_by_dark(string text, string ground)
    {
        Assert.True(Contrast(FrameTheme.Light[text], FrameTheme.Light[ground]) >= 4.5, $"light: {Contrast(FrameTheme.Light[text], FrameTheme.Light[ground]):0.00}");
        Assert.True(Contrast(FrameTheme.Dark[text], FrameTheme.Dark[ground]) >= 4.5, $"dark: {Contrast(FrameTheme.Dark[text], FrameTheme.Dark[ground]):0.00}");
    }

    [Fact]
    public void Edges_of_fields_can_be_seen()
    {
        Assert.True(Contrast(FrameTheme.Light["edge"], FrameTheme.Light["surface"]) >= 3);
        Assert.True(Contrast(FrameTheme.Dark["edge"], FrameTheme.Dark["surface"]) >= 3);
    }

    [Fact]
    public void Light_and_dark_have_the_same_names() => Assert.Equal(FrameTheme.Light.Keys.Order(), FrameTheme.Dark.Keys.Order());

    // WCAG 2.2, contrast ratio of relative luminances.
    private static double Contrast(string one, string other)
    {
        var (a, b) = (Luminance(one), Luminance(other));
        return (Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05);
    }

    private static double Luminance(string color)
    {
        double Part(int at)
        {
            var value = int.Parse(color.AsSpan(at, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0;
            return value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);
        }

        return (0.2126 * Part(1)) + (0.7152 * Part(3)) + (0.0722 * Part(5));
    }
}
