// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Archives;
using Tutti.Lui.Jobs;
using Tutti.Lui.Teams;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Copies;

/// <summary>Copies parts of a job into another one that is open. Recipients are taken and checked in the background.</summary>
internal sealed class CopyParts(GetJob get, RightsReader rights, IEnumerable<ICopiedPart> sources)
{
    /// <param name="From">Code or number of the job with the parts.</param>
    /// <param name="To">Code or number of the job that gets them.</param>
    /// <param name="Parts">Which ones.</param>
    /// <param name="Who">Who copies.</param>
    public sealed record Command(string From, string To, IReadOnlyCollection<JobPart> Parts, Actor Who);

    /// <summary>The parts that were there and were copied.</summary>
    public async Task<Outcome<IReadOnlyList<JobPart>>> Handle(Command command, CancellationToken cancellationToken)
    {
        if (command.Parts.Count == 0)
        {
            return CopyRefusals.NoPart();
        }

        if (!(await get.Find(command.From.Trim(), cancellationToken)).Is(out var from, out var refusal) || !(await get.Find(command.To, cancellationToken)).Is(out var to, out refusal))
        {
            return refusal;
        }

        if (from.Id == to.Id)
        {
            return CopyRefusals.Itself(from);
        }

        var theirs = await rights.Of(from, command.Who, cancellationToken);
        if (!theirs.Sees)
        {
            return JobRefusals.NotFound(command.From);
        }

        foreach (var part in command.Parts)
        {
            if (JobParts.StepOf(part) is { } step && !theirs.MaySee(step))
            {
                return TeamRefusals.NotSeen(from, step);
            }
        }

        // The message's files and the recipients are in the archive.
        if (from.State == JobState.Archived && command.Parts.Any(part => part is JobPart.Recipients or JobPart.Content))
        {
            return ArchiveRefusals.IsArchived(from);
        }

        var copied = new List<JobPart>();
        foreach (var source in sources.Where(source => command.Parts.Contains(source.Part)).OrderBy(source => source.Part))
        {
            if (!(await source.Copy(from, to, command.Who, cancellationToken)).Is(out var wasThere, out refusal))
            {
                return refusal;
            }

            if (wasThere && !copied.Contains(source.Part))
            {
                copied.Add(source.Part);
            }
        }

        return copied.Count == 0 ? CopyRefusals.Nothing(from) : copied;
    }
}
