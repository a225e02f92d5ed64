// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Jobs;
using Tutti.Lui.Jobs.Steps;

namespace Tutti.Lui.Preflight.Rules;

/// <summary>A way out in the message itself, in each of its parts; the header that mail clients read is there always.</summary>
internal sealed class UnsubscribeRule : IPreflightRule
{
    private const string Rule = "unsubscribe";

    public ValueTask<IReadOnlyList<PreflightFinding>> Look(PreflightSubject subject, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<PreflightFinding>>([subject.Job.Way == JobWay.ListservTogether ? Warning(PreflightWords.UnsubscribeTogether) : InEachPart(subject)]);

    private static PreflightFinding InEachPart(PreflightSubject subject)
    {
        var (html, text) = (Lacks(subject, sample => sample.Preview.Html), Lacks(subject, sample => sample.Preview.Text));
        return (html, text) switch
        {
            (true, true) => Warning(PreflightWords.UnsubscribeMissing),
            (true, false) => Warning(PreflightWords.UnsubscribeNotInHtml),
            (false, true) => Warning(PreflightWords.UnsubscribeNotInText),
            (false, false) => new PreflightFinding(Rule, PreflightLevel.Good, PreflightWords.UnsubscribeGood),
        };
    }

    private static PreflightFinding Warning(string words) => new(Rule, PreflightLevel.Warning, words, JobStep.Content);

    // A message of one part lacks it in both or in neither.
    private static bool Lacks(PreflightSubject subject, Func<PreflightSample, string?> part) =>
        subject.Samples.Any(sample => (part(sample) ?? sample.Preview.Html ?? sample.Preview.Text)?.Contains(PreflightSample.UnsubscribeUrl, StringComparison.Ordinal) == false);
}
