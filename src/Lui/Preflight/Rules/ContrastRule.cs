// SPDX-License-Identifier: Apache-2.0
using System.Drawing;
using System.Globalization;
using AngleSharp.Dom;
using Tutti.Frame.Words;
using Tutti.Lui.Jobs.Steps;

namespace Tutti.Lui.Preflight.Rules;

/// <summary>Words that can hardly be told from their ground. Only colours that stand at the elements themselves are looked at, as most mail programs do.</summary>
internal sealed class ContrastRule : IPreflightRule
{
    private const string Rule = "contrast";
    private const double Needed = 4.5;
    private const double NeededForLarge = 3;
    private const int MostNamed = 3;
    private const int MostCharacters = 40;

    public ValueTask<IReadOnlyList<PreflightFinding>> Look(PreflightSubject subject, CancellationToken cancellationToken)
    {
        var weak = subject.Samples.Where(sample => sample.Html is not null).SelectMany(sample => WeakIn(sample.Html!.Body!)).Distinct().ToList();
        if (subject.Samples.All(sample => sample.Html is null))
        {
            return ValueTask.FromResult<IReadOnlyList<PreflightFinding>>([]);
        }

        return ValueTask.FromResult<IReadOnlyList<PreflightFinding>>(
        [
            weak.Count == 0
                ? new PreflightFinding(Rule, PreflightLevel.Good, PreflightWords.ContrastGood)
                : new PreflightFinding(Rule, PreflightLevel.Warning, SharedWords.Counted(PreflightWords.ContrastWeak, weak.Count, string.Join("; ", weak.Take(MostNamed))), JobStep.Content),
        ]);
    }

    private static IEnumerable<string> WeakIn(IElement body)
    {
        var waiting = new Stack<(IElement Element, Ink Ink)>([(body, new Ink(Color.Black, Color.White, IsLarge: false, IsKnown: true, IsChosen: false))]);
        while (waiting.TryPop(out var next))
        {
            var ink = next.Ink.In(next.Element);
            if (ink is { IsKnown: true, IsChosen: true } && OwnWords(next.Element) is { Length: > 0 } words)
            {
                var contrast = CssColour.Contrast(ink.Text, ink.Ground);
                if (contrast < (ink.IsLarge ? NeededForLarge : Needed))
                {
                    yield return SharedWords.Fill(PreflightWords.ContrastOf, words, contrast.ToString("0.0", CultureInfo.CurrentCulture));
                }
            }

            foreach (var child in next.Element.Children.Where(child => child.LocalName is not ("style" or "script" or "title" or "img")).Reverse())
            {
                waiting.Push((child, ink));
            }
        }
    }

    private static string OwnWords(IElement element)
    {
        var words = string.Join(' ', string.Concat(element.ChildNodes.OfType<IText>().Select(text => text.Data)).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return words.Length <= MostCharacters ? words : words[..MostCharacters] + "…";
    }

    /// <summary>What words are written with at a place.</summary>
    private sealed record Ink(Color Text, Color Ground, bool IsLarge, bool IsKnown, bool IsChosen)
    {
        public Ink In(IElement element)
        {
            var style = Style(element);
            var colour = style.GetValueOrDefault("color") ?? (element.LocalName == "font" ? element.GetAttribute("color") : element.LocalName == "body" ? element.GetAttribute("text") : null);
            var ground = style.GetValueOrDefault("background-color") ?? style.GetValueOrDefault("background") ?? element.GetAttribute("bgcolor");
            var (text, area) = (CssColour.Read(colour), CssColour.Read(ground));

            // A ground of its own covers a picture further out; a picture or a colour that is not understood makes it unknown.
            var strange = (ground is not null && area is null && !IsNothing(ground)) || element.HasAttribute("background") || style.ContainsKey("background-image");
            return new Ink(
                text ?? Text,
                area ?? Ground,
                Size(style) is { } size ? size >= (IsBold(element, style) ? 18.66 : 24) : IsLarge || element.LocalName is "h1" or "h2",
                !strange && (area is not null || IsKnown) && (colour is null || text is not null || IsNothing(colour)),
                IsChosen || text is not null || area is not null);
        }

        private static bool IsNothing(string colour) => colour.Trim().ToLowerInvariant() is "transparent" or "none" or "inherit" or "initial" or "unset" or "currentcolor";

        private static bool IsBold(IElement element, Dictionary<string, string> style) =>
            element.LocalName is "b" or "strong" or "th" || style.GetValueOrDefault("font-weight") is "bold" or "700" or "800" or "900";

        private static double? Size(Dictionary<string, string> style)
        {
            var size = style.GetValueOrDefault("font-size");
            var factor = size?.EndsWith("pt", StringComparison.OrdinalIgnoreCase) == true ? 4.0 / 3 : size?.EndsWith("px", StringComparison.OrdinalIgnoreCase) == true ? 1 : 0;
            return factor > 0 && double.TryParse(size![..^2], CultureInfo.InvariantCulture, out var number) ? number * factor : null;
        }

        private static Dictionary<string, string> Style(IElement element)
        {
            var style = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            foreach (var declaration in (element.GetAttribute("style") ?? "").Split(';'))
            {
                if (declaration.IndexOf(':', StringComparison.Ordinal) is var at and > 0)
                {
                    style[declaration[..at].Trim()] = declaration[(at + 1)..].Replace("!important", "", StringComparison.OrdinalIgnoreCase).Trim();
                }
            }

            return style;
        }
    }
}
