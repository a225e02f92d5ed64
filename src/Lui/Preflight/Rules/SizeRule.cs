// SPDX-License-Identifier: Apache-2.0
using Tutti.Frame.Words;
using Tutti.Lui.Jobs.Steps;
using Tutti.Mail.Inspection;

namespace Tutti.Lui.Preflight.Rules;

/// <summary>Whether webmail shows the whole message of the recipient whose message is the longest.</summary>
internal sealed class SizeRule(ComposeSample compose) : IPreflightRule
{
    private const string Rule = "size";

    public async ValueTask<IReadOnlyList<PreflightFinding>> Look(PreflightSubject subject, CancellationToken cancellationToken)
    {
        if (subject.Samples.LastOrDefault(sample => sample.Recipient.Id == subject.Audience.Longest?.Id) is not { } longest
            || await compose.Handle(subject, longest, cancellationToken) is not { } message)
        {
            return [];
        }

        var (html, all) = (MessageInspection.Of(message).HtmlSize, SharedWords.Number((message.Length + 1023) / 1024));
        return html > MessageInspection.ClippedAbove
            ? [new PreflightFinding(Rule, PreflightLevel.Warning, SharedWords.Fill(PreflightWords.SizeClipped, Kilobytes(html), Kilobytes(MessageInspection.ClippedAbove)), JobStep.Content)]
            : [new PreflightFinding(Rule, PreflightLevel.Good, SharedWords.Fill(PreflightWords.SizeGood, all, Kilobytes(html)))];
    }

    private static string Kilobytes(int bytes) => SharedWords.Number((bytes + 1023) / 1024);
}
