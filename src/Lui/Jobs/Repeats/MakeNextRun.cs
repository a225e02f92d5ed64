// SPDX-License-Identifier: Apache-2.0
using System.Data.Common;
using Tutti.Frame.Words;
using Tutti.Lui.Approval;
using Tutti.Lui.Attachments;
using Tutti.Lui.Content;
using Tutti.Lui.DropIns;
using Tutti.Lui.Jobs.Codes;

namespace Tutti.Lui.Jobs.Repeats;

/// <summary>
/// Makes the next run of a repeated job, within the transaction that starts one: so there is one for every run that starts, and never two.
/// It carries the approval on. What was approved but the moment is sealed by the hashes that were just checked, not by what stands in the tables now.
/// </summary>
internal sealed class MakeNextRun(CheckSeal seals, InstallationZone installation)
{
    /// <summary>The next run, or null if there is none.</summary>
    /// <param name="transaction">Starts the run before it.</param>
    /// <param name="job">That run.</param>
    /// <param name="seal">Its seal, which holds.</param>
    /// <param name="now">The moment.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<Job?> Handle(DbTransaction transaction, Job job, Seal seal, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (job.Schedule is not { Repeat: { } repeat } schedule || repeat.After(job.DueAt ?? now, job.Run, now, schedule.ZoneOrUtc) is not { } next)
        {
            return null;
        }

        var run = await JobStore.Create(
            transaction,
            installation.Today,
            (id, code) => job with
            {
                Id = id,
                Code = JobCode.WithPrefix(JobCode.PrefixOf(job.Code), code),
                State = JobState.Waiting,
                CreatedAt = now,
                Schedule = schedule with { At = next.At, Repeat = next.Repeat },
                DueAt = next.At,
                StartedAt = null,
                HandedOverAt = null,
                CompletedAt = null,
                Failure = null,
                ChainId = job.ChainId ?? job.Id,
                Run = job.Run + 1,
            },
            new JournalEntry(now, Actor.Tutti, "repeated", SharedWords.Fill(JobsWords.DidRepeat, SharedWords.Number(job.Run + 1), job.Code, seal.Who.Name)),
            cancellationToken);
        await ContentStore.Copy(transaction, job.Id, run.Id, now, cancellationToken);
        foreach (var file in await JobFileStore.List(transaction, job.Id, cancellationToken))
        {
            await JobFileStore.Add(transaction, file with { JobId = run.Id }, cancellationToken);
        }

        await DropInStore.Copy(transaction, job.Id, run.Id, cancellationToken);
        var parts = seal.Parts.ToDictionary();
        parts[SealedPart.Schedule] = await seals.PartOf(SealedPart.Schedule, run, cancellationToken);
        await SealStore.Save(transaction, Seal.Of(run.Id, parts, seal.Who, seal.At), cancellationToken);
        await JobStore.Write(
            transaction, job.Id, new JournalEntry(now, Actor.Tutti, "next-run", SharedWords.Fill(JobsWords.DidMakeNext, run.Code, run.Schedule!.MomentInWords(next.At))), cancellationToken);
        return run;
    }
}
