// SPDX-License-Identifier: Apache-2.0
using AngleSharp.Html.Dom;
using Tutti.Frame.Words;
using Tutti.Lui.Jobs.Steps;

namespace Tutti.Lui.Preflight.Rules;

/// <summary>Images without words for those who do not see them. An empty alt is an answer too, unless the image is all that a link has.</summary>
internal sealed class ImagesRule : IPreflightRule
{
    private const string Rule = "images";
    private const int MostNamed = 5;

    public ValueTask<IReadOnlyList<PreflightFinding>> Look(PreflightSubject subject, CancellationToken cancellationToken)
    {
        var images = subject.Samples.SelectMany(sample => sample.Html?.Images ?? Enumerable.Empty<IHtmlImageElement>()).Where(image => !IsDot(image)).ToList();
        var mute = images.Where(image => !image.HasAttribute("alt") || IsMuteLink(image)).Select(Name).Distinct().ToList();
        return ValueTask.FromResult<IReadOnlyList<PreflightFinding>>((images.Count, mute.Count) switch
        {
            (0, _) => [],
            (_, 0) => [new PreflightFinding(Rule, PreflightLevel.Good, PreflightWords.ImagesGood)],
            _ => [new PreflightFinding(Rule, PreflightLevel.Warning, SharedWords.Counted(PreflightWords.ImagesMute, mute.Count, string.Join(", ", mute.Take(MostNamed))), JobStep.Content)],
        });
    }

    private static bool IsMuteLink(IHtmlImageElement image) =>
        string.IsNullOrWhiteSpace(image.AlternativeText)
        && image.Closest("a[href]") is { } link
        && string.IsNullOrWhiteSpace(link.TextContent)
        && link.QuerySelectorAll("img").All(other => string.IsNullOrWhiteSpace(other.GetAttribute("alt")));

    private static bool IsDot(IHtmlImageElement image) => image.GetAttribute("width") is ("1" or "0") && image.GetAttribute("height") is ("1" or "0");

    private static string Name(IHtmlImageElement image)
    {
        var source = image.GetAttribute("src") ?? "";
        var name = source.StartsWith("data:", StringComparison.OrdinalIgnoreCase) ? "data:" : source.Split('?', '#')[0].TrimEnd('/');
        return name.LastIndexOf('/') is var at and >= 0 && at < name.Length - 1 ? name[(at + 1)..] : name;
    }
}
