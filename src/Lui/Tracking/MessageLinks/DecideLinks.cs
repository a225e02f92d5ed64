// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using Tutti.Frame.Words;
using Tutti.Lui.Jobs;
using Tutti.Mail.Links;
using Tutti.Mail.Merging;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Tracking.MessageLinks;

/// <summary>Decides about the links of a job's message: whether they are tracked, and what they are called.</summary>
internal sealed class DecideLinks(JobStore jobs, ListLinks list, TimeProvider clock)
{
    /// <summary>Longest alias in characters.</summary>
    public const int MaxAlias = 64;

    /// <summary>Longest label in characters.</summary>
    public const int MaxLabel = 200;

    private static readonly SearchValues<char> _aliasLetters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._");

    /// <summary>What is wanted of one link.</summary>
    /// <param name="Part">html or text.</param>
    /// <param name="Written">Its target as the message has it.</param>
    /// <param name="Occurrence">Which of the links of this part with this target it is, from 1.</param>
    /// <param name="Alias">A short name for programs and parameters; null or empty for none.</param>
    /// <param name="Label">What reports call it; null or empty: its words in the message.</param>
    /// <param name="Tracked">Whether it leads over the tracker.</param>
    public sealed record Wish(string Part, string Written, int Occurrence = 1, string? Alias = null, string? Label = null, bool Tracked = true);

    /// <param name="JobId">The job.</param>
    /// <param name="Who">Who decides.</param>
    /// <param name="Wishes">About the links that shall not be as they are by themselves; about every other link nothing is decided any more.</param>
    /// <param name="Version">The version of the job that people saw.</param>
    public sealed record Command(long JobId, Actor Who, IReadOnlyList<Wish> Wishes, long? Version = null);

    public async Task<Outcome<Job>> Handle(Command command, CancellationToken cancellationToken)
    {
        if (!(await list.Handle(command.JobId, cancellationToken)).Is(out var links, out var refusal))
        {
            return refusal;
        }

        var choices = new List<LinkChoice>();
        foreach (var wish in command.Wishes)
        {
            if (links.FirstOrDefault(link => link.Decidable && link.Part == wish.Part && link.Written == wish.Written && link.Occurrence == wish.Occurrence) is null)
            {
                return TrackingRefusals.NoSuchLink(wish);
            }

            var (alias, label) = (wish.Alias?.Trim() ?? "", wish.Label?.Trim() ?? "");
            if (alias.Length > MaxAlias || alias.AsSpan().ContainsAnyExcept(_aliasLetters))
            {
                return TrackingRefusals.BadAlias(alias, MaxAlias);
            }

            if (label.Length > MaxLabel || label.Any(char.IsControl))
            {
                return TrackingRefusals.BadLabel(MaxLabel);
            }

            choices.Add(new LinkChoice(Words.To<ContentPart>(wish.Part), wish.Written, wish.Occurrence) { Alias = alias, Label = label, IsTracked = wish.Tracked });
        }

        LinkChoice[] kept = [.. choices.Where(choice => choice.Alias.Length > 0 || choice.Label.Length > 0 || !choice.IsTracked)];
        var now = clock.GetUtcNow();
        return await jobs.Change(
            command.JobId,
            command.Version,
            job => job.TrackBy(job.TrackingDetails with { Links = kept }, command.Who, now),
            _ => new JournalEntry(now, command.Who, "links", SharedWords.Counted(TrackingWords.DidDecideLinks, kept.Length)),
            cancellationToken);
    }
}
