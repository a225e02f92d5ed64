// SPDX-License-Identifier: Apache-2.0
using System.Data.Common;
using Tutti.Frame.Words;
using Tutti.Lui.Delivery;
using Tutti.Lui.Jobs;
using Tutti.Lui.Jobs.Steps;
using Tutti.Lui.Teams;
using Tutti.Wiring.Outcomes;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Doubts;

/// <summary>
/// What people can do about recipients in doubt: send to them again, at the risk that they get the message twice, or take the doubt for final.
/// The decision, what follows from it and the line in the journal are one transaction; who is not in doubt any more is left alone.
/// </summary>
internal sealed class DecideDoubts(Database database, DoubtStore doubts, JobStore jobs, DeliveryStore deliveries, TimeProvider clock)
{
    /// <param name="JobId">The job.</param>
    /// <param name="Recipients">Their ids; null for all of them.</param>
    /// <param name="Who">Who decides.</param>
    public sealed record Command(long JobId, IReadOnlyList<long>? Recipients, Actor Who);

    /// <summary>They wait again, and so does the job.</summary>
    /// <returns>How many.</returns>
    public Task<Outcome<int>> Repeat(Command command, CancellationToken cancellationToken) => Decide(
        command,
        static (job, delivery) => job.State == JobState.Completed && delivery.State == DeliveryState.Open ? DoubtRefusals.Closing() : job.RepeatDoubts(),
        async (transaction, now) =>
        {
            await DeliveryStore.Reopen(transaction, command.JobId, cancellationToken);
            return await doubts.Repeat(transaction, command.JobId, command.Recipients, command.Who, now);
        },
        "doubts-repeated",
        static count => SharedWords.Counted(DoubtsWords.DidRepeat, count),
        cancellationToken);

    /// <summary>They stay in doubt for good.</summary>
    /// <returns>How many.</returns>
    public Task<Outcome<int>> Close(Command command, CancellationToken cancellationToken) => Decide(
        command,
        static (job, _) => job,
        (transaction, now) => doubts.Close(transaction, command.JobId, command.Recipients, command.Who, now),
        "doubts-closed",
        static count => SharedWords.Counted(DoubtsWords.DidClose, count),
        cancellationToken);

    private async Task<Outcome<int>> Decide(
        Command command,
        Func<Job, Delivery.Delivery, Outcome<Job>> rule,
        Func<DbTransaction, DateTimeOffset, Task<int>> work,
        string kind,
        Func<int, string> words,
        CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (await deliveries.Find(command.JobId, cancellationToken) is not { Kind: DeliveryKind.Job } delivery)
        {
            return DoubtRefusals.None();
        }

        try
        {
            return await database.Write<Outcome<int>>(
                async transaction =>
                {
                    // The job first: two people who decide at once do so one after the other.
                    var changed = await jobs.Change(transaction, command.JobId, version: null, job => rule(job, delivery), _ => null, cancellationToken);
                    if (changed.IsRefused)
                    {
                        throw new NotDecidedException(changed.Refusal);
                    }

                    if (!(await RightsReader.Of(transaction.Connection!, transaction, changed.Value, command.Who, cancellationToken)).MayEdit(JobStep.Authorize))
                    {
                        throw new NotDecidedException(TeamRefusals.NotYours(changed.Value, JobStep.Authorize));
                    }

                    var count = await work(transaction, now);
                    if (count == 0)
                    {
                        throw new NotDecidedException(DoubtRefusals.None());
                    }

                    await JobStore.Write(transaction, command.JobId, new JournalEntry(now, command.Who, kind, words(count)), cancellationToken);
                    return count;
                },
                cancellationToken);
        }
        catch (NotDecidedException no)
        {
            return no.Refusal;
        }
    }

    /// <summary>Undoes the transaction; ends here.</summary>
    private sealed class NotDecidedException(Refusal refusal) : Exception(refusal.Message)
    {
        public Refusal Refusal { get; } = refusal;
    }
}
