// SPDX-License-Identifier: Apache-2.0
using Tutti.Frame.Words;
using Tutti.Lui.Jobs;
using Tutti.Lui.Jobs.Codes;
using Tutti.Lui.Teams;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Copies;

/// <summary>Makes a new job out of another one. Whoever copies owns it; test and authorisation begin anew.</summary>
internal sealed class CopyJob(GetJob get, RightsReader rights, CreateJob create, JobStore jobs, CopyParts parts, TimeProvider clock)
{
    /// <param name="From">Code or number of the job.</param>
    /// <param name="Title">The new job's title; empty for one made from the old.</param>
    /// <param name="Parts">What is copied; what was never there is left out.</param>
    /// <param name="Who">Who copies.</param>
    public sealed record Command(string From, string Title, IReadOnlyCollection<JobPart> Parts, Actor Who);

    public async Task<Outcome<Job>> Handle(Command command, CancellationToken cancellationToken)
    {
        if (!(await get.Find(command.From, cancellationToken)).Is(out var from, out var refusal))
        {
            return refusal;
        }

        if (!(await rights.Of(from, command.Who, cancellationToken)).Sees)
        {
            return JobRefusals.NotFound(command.From);
        }

        var title = string.IsNullOrWhiteSpace(command.Title) ? SharedWords.Fill(CopiesWords.TitleOfCopy, from.Title) : command.Title;
        if (!(await create.Handle(new CreateJob.Command(title.Length > Job.MaxTitle ? title[..Job.MaxTitle] : title, command.Who, Prefix: JobCode.PrefixOf(from.Code)), cancellationToken)).Is(out var made, out refusal))
        {
            return refusal;
        }

        var now = clock.GetUtcNow();
        if (!(await jobs.Change(
            made.Id,
            version: null,
            job => job with { FolderId = from.FolderId, ArchiveAfterDays = from.ArchiveAfterDays, TestRule = from.TestRule, FourEyes = from.FourEyes },
            _ => new JournalEntry(now, command.Who, "copied", SharedWords.Fill(CopiesWords.DidCopy, from.Code)),
            cancellationToken)).Is(out made, out refusal))
        {
            return refusal;
        }

        if (command.Parts.Count > 0 && !(await parts.Handle(new CopyParts.Command(from.Code, made.Code, command.Parts, command.Who), cancellationToken)).Is(out _, out refusal) && refusal.Code != "copy.nothing")
        {
            return refusal;
        }

        return await get.Find(made.Code, cancellationToken);
    }
}
