// SPDX-License-Identifier: Apache-2.0
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Fluid;
using Fluid.Values;
using Tutti.Mail.Merging.Filters;

namespace Tutti.Mail.Merging;

/// <summary>
/// The template language: Liquid without its tags that read other files, with limits, and without any look at clock, zone or culture of the machine.
/// </summary>
internal static class Liquid
{
    /// <summary>Most statements that one part may execute for one recipient.</summary>
    public const int MaxSteps = 20_000;

    /// <summary>Most characters that a value may have.</summary>
    public const int MaxOutput = 512 * 1024;

    /// <summary>Longest loop over numbers; Liquid makes a list of them before it begins.</summary>
    public const int MaxRange = 10_000;

    private static readonly TemplateOptions _options = Bounded(new()
    {
        MaxSteps = MaxSteps,
        MaxRecursion = 20,
        TimeZone = TimeZoneInfo.Utc,
        Now = static () => DateTimeOffset.UnixEpoch,
        StrictFilters = true,
        Assigned = static (name, value, _) => Bounded(name, value),
        Captured = static (name, value, _) => Bounded(name, value),
    });

    private static readonly FluidParser _parser = Parser();

    /// <summary>Escapes values for HTML; all letters of the world stay as they are, emoji and the signs of markup become references.</summary>
    public static readonly TextEncoder Html = HtmlEncoder.Create(UnicodeRanges.All);

    public static TemplateOptions Options => _options;

    public static TextEncoder EncoderOf(ContentPart part) => part == ContentPart.Html ? Html : NullEncoder.Default;

    public static bool TryParse(string source, out IFluidTemplate template, out string error) => _parser.TryParse(source, out template, out error);

    private static TemplateOptions Bounded(TemplateOptions options)
    {
        BoundedFilters.Bound(options.Filters);
        LocalFilters.Add(options.Filters);
        return options;
    }

    // A text that is joined to itself again and again doubles each time.
    private static ValueTask<FluidValue> Bounded(string name, FluidValue value)
        => value.Type != FluidValues.String || value.ToStringValue().Length <= MaxOutput
            ? value
            : throw new MergeException($"The variable {name} holds more than {MaxOutput} characters.");

    private static FluidParser Parser()
    {
        var parser = new FluidParser();
        foreach (var tag in (string[])["include", "render", "from"])
        {
            parser.RegisteredTags.Remove(tag);
        }

        return parser;
    }
}
