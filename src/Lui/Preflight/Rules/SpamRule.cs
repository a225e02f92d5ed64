// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tutti.Frame.Words;
using Tutti.Lui.Jobs.Steps;

namespace Tutti.Lui.Preflight.Rules;

/// <summary>How a spam filter rates the message of the first recipient.</summary>
internal sealed class SpamRule(ComposeSample compose, RateBySpamFilter rate) : IPreflightRule
{
    private const string Rule = "spam";
    private const int MostNamed = 6;

    public async ValueTask<IReadOnlyList<PreflightFinding>> Look(PreflightSubject subject, CancellationToken cancellationToken)
    {
        if (!rate.IsOn || subject.Samples.Count == 0 || await compose.Handle(subject, subject.Samples[0], cancellationToken) is not { } message)
        {
            return [];
        }

        if (!(await rate.Handle(message, subject.Job.Sender?.Address ?? "", subject.Samples[0].Recipient.Address, cancellationToken)).Is(out var rating, out var refusal))
        {
            return [new PreflightFinding(Rule, PreflightLevel.NotChecked, refusal.Message)];
        }

        var marks = string.Join(", ", rating.Marks.Where(mark => mark.Score > 0).OrderByDescending(mark => mark.Score).Take(MostNamed).Select(mark => $"{mark.Name} {Score(mark.Score)}"));
        var words = SharedWords.Fill(rating.LetsPass ? PreflightWords.SpamGood : PreflightWords.SpamBad, Score(rating.Score), Score(rating.Limit), rating.Action, marks.Length == 0 ? "-" : marks);
        return [rating.LetsPass ? new PreflightFinding(Rule, PreflightLevel.Good, words) : new PreflightFinding(Rule, PreflightLevel.Warning, words, JobStep.Content)];
    }

    private static string Score(double score) => score.ToString("0.0", CultureInfo.CurrentCulture);
}
