// SPDX-License-Identifier: Apache-2.0
using Tutti.Frame.Words;
using Tutti.Lui.Jobs.Steps;
using Tutti.Lui.Preflight.Links;
using Tutti.Mail.Links;

namespace Tutti.Lui.Preflight.Rules;

/// <summary>Links and images of the message that lead nowhere.</summary>
internal sealed class LinksRule(AskLinks ask) : IPreflightRule
{
    private const string Rule = "links";
    private const int MostNamed = 10;

    public async ValueTask<IReadOnlyList<PreflightFinding>> Look(PreflightSubject subject, CancellationToken cancellationToken)
    {
        var findings = new List<PreflightFinding>();
        var malformed = subject.Message.UntrackedLinks.Where(link => link.Reason == UntrackedReason.Dead).Select(link => link.Target.Trim()).Distinct(StringComparer.Ordinal).ToList();
        if (malformed.Count > 0)
        {
            findings.Add(Warning(SharedWords.Counted(PreflightWords.LinksMalformed, malformed.Count, string.Join(", ", malformed.Select(link => link.Length == 0 ? "\"\"" : link).Take(MostNamed)))));
        }

        var urls = Urls(subject).Distinct(StringComparer.Ordinal).ToList();
        if (urls.Count == 0)
        {
            return findings;
        }

        if (!ask.IsOn)
        {
            return [.. findings, new PreflightFinding(Rule, PreflightLevel.NotChecked, SharedWords.Counted(PreflightWords.LinksNotAsked, urls.Count))];
        }

        var answers = await ask.Handle(urls, cancellationToken);
        if (Those(LinkFate.Dead) is { Count: > 0 } dead)
        {
            findings.Add(Warning(SharedWords.Counted(PreflightWords.LinksDead, dead.Count, Named(dead))));
        }

        if (Those(LinkFate.Troubled) is { Count: > 0 } troubled)
        {
            findings.Add(Warning(SharedWords.Counted(PreflightWords.LinksTroubled, troubled.Count, Named(troubled))));
        }

        if (Those(LinkFate.Private) is { Count: > 0 } inside)
        {
            findings.Add(Warning(SharedWords.Counted(PreflightWords.LinksPrivate, inside.Count, Named(inside))));
        }

        if (answers.Count(answer => answer.Fate == LinkFate.NotAsked) is var left and > 0)
        {
            findings.Add(new PreflightFinding(Rule, PreflightLevel.NotChecked, SharedWords.Counted(PreflightWords.LinksLeft, left)));
        }

        if (answers.Count(answer => answer.Fate == LinkFate.Alive) is var alive and > 0)
        {
            findings.Add(new PreflightFinding(Rule, PreflightLevel.Good, SharedWords.Counted(PreflightWords.LinksGood, alive)));
        }

        return findings;

        List<LinkAnswer> Those(LinkFate fate) => [.. answers.Where(answer => answer.Fate == fate)];
    }

    private static string Named(List<LinkAnswer> answers) =>
        string.Join("; ", answers.Take(MostNamed).Select(answer => SharedWords.Fill(PreflightWords.LinkSays, answer.Url, answer.Words)));

    private static PreflightFinding Warning(string words) => new(Rule, PreflightLevel.Warning, words, JobStep.Content);

    /// <summary>All that is the same for everybody, and of the rest what the samples have.</summary>
    private static IEnumerable<string> Urls(PreflightSubject subject)
    {
        var inSamples = subject.Samples.Where(sample => sample.Html is not null).SelectMany(sample => sample.Html!.QuerySelectorAll("a[href], area[href], img[src]"))
            .Select(element => element.GetAttribute(element.LocalName == "img" ? "src" : "href")!.Trim());
        return subject.Message.Links.Select(link => link.Target).Concat(inSamples)
            .Where(url => !url.StartsWith(PreflightSample.UnsubscribeUrl, StringComparison.Ordinal))
            .Select(url => Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is ("http" or "https") ? uri.GetLeftPart(UriPartial.Query) : null)
            .OfType<string>();
    }
}
