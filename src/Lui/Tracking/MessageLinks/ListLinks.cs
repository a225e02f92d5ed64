// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Content;
using Tutti.Lui.Jobs;
using Tutti.Mail.Composing;
using Tutti.Mail.Links;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Tracking.MessageLinks;

/// <summary>A link of a job's message.</summary>
/// <param name="Number">Its number, or null if it is not tracked.</param>
/// <param name="Target">Where it leads, with its parameters.</param>
/// <param name="Label">What reports call it.</param>
/// <param name="Part">html or text.</param>
/// <param name="Untracked">Why it is left as it is, in words; null if it is tracked.</param>
/// <param name="Written">Its target as the message has it; with part and occurrence it names the link.</param>
/// <param name="Occurrence">Which of the links of this part with this target it is, from 1.</param>
/// <param name="Alias">The short name that people gave it; empty for none.</param>
/// <param name="Decidable">Whether people can decide anything about it: it has one target for everybody.</param>
public sealed record FoundLink(long? Number, string Target, string Label, string Part, string? Untracked, string Written, int Occurrence, string Alias, bool Decidable);

/// <summary>Finds the links of a job's message: those that lead over the tracker, and those that are left as they are with the reason.</summary>
internal sealed class ListLinks(JobStore jobs, ContentStore contents, JobMessages messages)
{
    private static readonly JobSender _anySender = new("", "sender@example.com");

    public async Task<Outcome<FoundLink[]>> Handle(long jobId, CancellationToken cancellationToken)
    {
        if (await jobs.Find(jobId, cancellationToken) is not { } job)
        {
            return JobRefusals.NotFound(jobId);
        }

        if (await contents.Find(jobId, cancellationToken) is not { } content)
        {
            return Array.Empty<FoundLink>();
        }

        var off = job.Tracking == JobTracking.Off;
        var source = await messages.SourceOf(job, content, _anySender, off ? JobTracking.Blind : job.Tracking ?? JobTracking.Personal, cancellationToken);
        if (!CompiledMessage.TryCompile(source, out var message, out var problems))
        {
            return ContentRefusals.Of(problems[0]);
        }

        FoundLink[] links =
        [
            .. message.Links.Select(link => new FoundLink(
                off ? null : link.Number, link.Target, link.Label, Words.Of(link.Part), off ? "Tracking is off." : null, link.Written, link.Occurrence, link.Alias, Decidable: true)),
            .. message.UntrackedLinks.Select(link => new FoundLink(
                null, link.Target, link.Label.Length > 0 ? link.Label : link.Target, Words.Of(link.Part), InWords(link.Reason), link.Target, link.Occurrence, link.Alias, link.Reason == UntrackedReason.Choice)),
        ];
        return links;
    }

    private static string InWords(UntrackedReason reason) => reason switch
    {
        UntrackedReason.MergeFields => "It holds merge fields, so its target differs between recipients.",
        UntrackedReason.Anchor => "It leads to a place in the message itself.",
        UntrackedReason.OtherScheme => "It is no web address.",
        UntrackedReason.Choice => "It was decided so.",
        UntrackedReason.Dead => "It is empty, relative or malformed: it leads nowhere from a mail. Mend it.",
    };
}
