// SPDX-License-Identifier: Apache-2.0
using Tutti.Frame.Words;
using Tutti.Lui.Content;
using Tutti.Lui.Jobs.Steps;
using Tutti.Lui.Preflight;
using Tutti.Lui.Preflight.Rules;

namespace Tutti.Lui.DropIns;

/// <summary>Drop-ins that have no content or no place in the message, and tags that stay in it as they are.</summary>
internal sealed class DropInsRule(ContentStore contents, JobDropIns dropIns) : IPreflightRule
{
    private const string Rule = "drop-ins";

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<PreflightFinding>> Look(PreflightSubject subject, CancellationToken cancellationToken)
    {
        if (await contents.Find(subject.Job.Id, cancellationToken) is not { } content)
        {
            return [];
        }

        var expanded = await dropIns.Expand(subject.Job, content, subject.Job.Sender ?? PreviewContent.AnySender, cancellationToken);
        return expanded.Troubles.Count > 0
            ? [.. expanded.Troubles.Select(trouble => new PreflightFinding(Rule, trouble.Blocks ? PreflightLevel.Error : PreflightLevel.Warning, trouble.Words, JobStep.Content))]
            : expanded.Used.Count > 0
                ? [new PreflightFinding(Rule, PreflightLevel.Good, SharedWords.Counted(DropInsWords.Good, expanded.Used.Count, string.Join(", ", expanded.Used.Select(dropIn => dropIn.Name))))]
                : [];
    }
}
