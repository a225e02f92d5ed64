// SPDX-License-Identifier: Apache-2.0
using Tutti.Frame.Words;
using Tutti.Lui.Jobs.Steps;
using Tutti.Lui.Preflight;
using Tutti.Lui.Preflight.Rules;
using Tutti.Mail.Transfer;

namespace Tutti.Lui.Attachments;

/// <summary>What the files that travel with a message mean for its receivers: size, dangerous types, images that are shown and not there, or there and not shown.</summary>
internal sealed class AttachmentsRule(JobFileStore files) : IPreflightRule
{
    private const string Rule = "attachments";

    // Many receivers take 10 MB and no more.
    private const long Heavy = 7L * 1024 * 1024;

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<PreflightFinding>> Look(PreflightSubject subject, CancellationToken cancellationToken)
    {
        var there = await files.List(subject.Job.Id, cancellationToken);
        var shown = subject.Message.Pieces.Select(piece => piece.File?.Digest).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var findings = new List<PreflightFinding>();
        if (subject.Message.MissingImages is { Count: > 0 } missing)
        {
            findings.Add(new(Rule, PreflightLevel.Error, SharedWords.Counted(AttachmentsWords.ImagesMissing, missing.Count, string.Join(", ", missing)), JobStep.Content));
        }

        if (there.Where(file => !shown.Contains(file.File.Digest)).Select(file => file.File.Name).ToList() is { Count: > 0 } unused)
        {
            findings.Add(new(Rule, PreflightLevel.Warning, SharedWords.Counted(AttachmentsWords.ImagesUnused, unused.Count, string.Join(", ", unused)), JobStep.Content));
        }

        foreach (var file in there.Where(file => file.Danger is not null && !file.IsImage))
        {
            findings.Add(new(Rule, PreflightLevel.Warning, $"{file.File.Name}: {AttachmentsLook.Say(file.Danger!.Value)}", JobStep.Content));
        }

        var size = there.Where(file => shown.Contains(file.File.Digest)).Sum(file => Base64Lines.SizeOf(file.File.Size));
        if (size > Heavy)
        {
            findings.Add(new(Rule, PreflightLevel.Warning, SharedWords.Fill(AttachmentsWords.Heavy, SharedWords.Number(size / 1024)), JobStep.Content));
        }
        else if (findings.Count == 0 && there.Count > 0)
        {
            findings.Add(new(Rule, PreflightLevel.Good, SharedWords.Counted(AttachmentsWords.Good, there.Count, SharedWords.Number((size + 1023) / 1024))));
        }

        return findings;
    }
}
