// SPDX-License-Identifier: Apache-2.0
using Tutti.Frame.Words;
using Tutti.Lui.Jobs;
using Tutti.Lui.Teams;
using Tutti.Wiring.Outcomes;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Journal;

/// <summary>Writes a note into a job's journal: whoever may see any of the job may leave one, whatever state it is in.</summary>
internal sealed class AddNote(Database database, JobStore jobs, TimeProvider clock)
{
    /// <summary>The stable word of a note in a journal.</summary>
    public const string Kind = "note";

    /// <summary>Longest note in characters.</summary>
    public const int Longest = 4000;

    public sealed record Command(long JobId, Actor Who, string Text);

    public async Task<Outcome<Job>> Handle(Command command, CancellationToken cancellationToken)
    {
        var text = command.Text.Trim();
        if (text.Length is 0 or > Longest)
        {
            return new Refusal(RefusalKind.Invalid, "note.text", SharedWords.Fill(JournalWords.BadNote, SharedWords.Number(Longest)), "text");
        }

        if (await jobs.Find(command.JobId, cancellationToken) is not { } job)
        {
            return JobRefusals.NotFound(command.JobId);
        }

        return await database.Write<Outcome<Job>>(
            async transaction =>
            {
                if (!(await RightsReader.Of(transaction.Connection!, transaction, job, command.Who, cancellationToken)).Sees)
                {
                    return JobRefusals.NotFound(job.Code);
                }

                await jobs.Lock(transaction, job.Id, cancellationToken);
                await JobStore.Write(transaction, job.Id, new JournalEntry(clock.GetUtcNow(), command.Who, Kind, text), cancellationToken);
                return job;
            },
            cancellationToken);
    }
}
