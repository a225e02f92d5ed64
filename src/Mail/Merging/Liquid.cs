using System.Text.Encodings.Web;
using System.Text.Unicode;
using Fluid;

namespace Tutti.Mail.Merging;

/// <summary>The template language: Liquid without its tags that read other files, with limits, and without any look at clock, zone or culture of the machine.</summary>
internal static class Liquid
{
    /// <summary>Most statements that one part may execute for one recipient.</summary>
    public const int MaxSteps = 20_000;

    /// <summary>Most characters that a value may have.</summary>
    public const int MaxOutput = 512 * 1024;

    private static readonly TemplateOptions _options = new()
    {
        MaxSteps = MaxSteps,
        MaxRecursion = 20,
        TimeZone = TimeZoneInfo.Utc,
        Now = static () => DateTimeOffset.UnixEpoch,
        StrictFilters = true,
    };

    private static readonly FluidParser _parser = Parser();

    /// <summary>Escapes values for HTML; all letters of the world stay as they are, emoji and the signs of markup become references.</summary>
    public static readonly TextEncoder Html = HtmlEncoder.Create(UnicodeRanges.All);

    public static TemplateOptions Options => _options;

    public static TextEncoder EncoderOf(ContentPart part) => part == ContentPart.Html ? Html : NullEncoder.Default;

    public static bool TryParse(string source, out IFluidTemplate template, out string error) => _parser.TryParse(source, out template, out error);

    public static TemplateContext ContextOf(MergeData data, DateTimeOffset now) => new(new MergeModel(data), _options) { Now = () => now };

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
