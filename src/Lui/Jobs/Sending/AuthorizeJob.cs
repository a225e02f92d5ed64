// SPDX-License-Identifier: Apache-2.0
using Microsoft.Extensions.Logging;
using Tutti.Frame.Words;
using Tutti.Lui.Approval;
using Tutti.Lui.Delivery.Zones;
using Tutti.Lui.Jobs.Steps;
using Tutti.Wiring.Outcomes;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Jobs.Sending;

/// <summary>
/// The decision to send: all steps must be done, and no slice may have anything against it. What was decided about is
/// sealed, and the job then waits for its time.
/// </summary>
internal sealed partial class AuthorizeJob(
    Database database, JobStore store, WorkflowReader workflows, IEnumerable<IAuthorizationGate> gates, FirstDue firstDue, CheckSeal seals, TimeProvider clock, ILogger<AuthorizeJob> logger)
{
    public sealed record Command(long JobId, Actor Who, long? Version = null);

    public async Task<Outcome<Job>> Handle(Command command, CancellationToken cancellationToken)
    {
        if (await store.Find(command.JobId, cancellationToken) is not { } seen)
        {
            return JobRefusals.NotFound(command.JobId);
        }

        // Every edit of any step raises the job's version, so what was judged and sealed here is what is authorized.
        var workflow = await workflows.Of(seen, cancellationToken);
        var now = clock.GetUtcNow();
        if (!seen.Authorize(workflow, command.Who, now).Is(out _, out var refusal))
        {
            return refusal;
        }

        foreach (var gate in gates)
        {
            if (await gate.Refuses(seen, command.Who, cancellationToken) is { } no)
            {
                return no;
            }
        }

        if (!(await firstDue.Of(seen, now, cancellationToken)).Is(out var first, out refusal))
        {
            return refusal;
        }

        var seal = Seal.Of(seen.Id, await seals.PartsOf(seen, cancellationToken), command.Who, now);
        var outcome = await database.Write(
            async transaction =>
            {
                var changed = await store.Change(
                    transaction,
                    command.JobId,
                    command.Version ?? seen.Version,
                    job => job.IsSimulated == seen.IsSimulated ? job.Authorize(workflow, command.Who, now, first) : JobRefusals.Changed(job),
                    job => new JournalEntry(now, command.Who, "authorized", job.DueAt <= now ? JobsWords.DidAuthoriseAtOnce : SharedWords.Fill(JobsWords.DidAuthorise, job.Schedule!.ToString())),
                    cancellationToken);
                if (!changed.IsRefused)
                {
                    await SealStore.Save(transaction, seal, cancellationToken);
                }

                return changed;
            },
            cancellationToken);
        if (outcome.Is(out var authorized, out _))
        {
            LogAuthorized(authorized.Code, command.Who.Id, seal.Hash);
        }

        return outcome;
    }

    [LoggerMessage(4002, LogLevel.Information, "Mail job {Code} was authorised by account {Account}; its seal is {Seal}", EventName = "lui.job.authorized")]
    private partial void LogAuthorized(string code, string account, string seal);
}
