// SPDX-License-Identifier: Apache-2.0
using Microsoft.Extensions.Logging;
using Tutti.Frame.Words;
using Tutti.Lui.Jobs.Steps;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Jobs.Sending;

/// <summary>The decision to send: all steps must be done, and no slice may have anything against it; the job then waits for its time.</summary>
internal sealed partial class AuthorizeJob(JobStore store, WorkflowReader workflows, IEnumerable<IAuthorizationGate> gates, TimeProvider clock, ILogger<AuthorizeJob> logger)
{
    public sealed record Command(long JobId, Actor Who, long? Version = null);

    public async Task<Outcome<Job>> Handle(Command command, CancellationToken cancellationToken)
    {
        if (await store.Find(command.JobId, cancellationToken) is not { } seen)
        {
            return JobRefusals.NotFound(command.JobId);
        }

        // Every edit of any step raises the job's version, so what was judged here is what is authorized.
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

        var outcome = await store.Change(
            command.JobId,
            command.Version ?? seen.Version,
            job => job.Authorize(workflow, command.Who, now),
            job => new JournalEntry(now, command.Who, "authorized", job.DueAt > now ? SharedWords.Fill(JobsWords.DidAuthorise, job.Schedule!.ToString()) : JobsWords.DidAuthoriseAtOnce),
            cancellationToken);
        if (outcome.Is(out var authorized, out _))
        {
            LogAuthorized(authorized.Code, command.Who.Id);
        }

        return outcome;
    }

    [LoggerMessage(4002, LogLevel.Information, "Mail job {Code} was authorised by account {Account}", EventName = "lui.job.authorized")]
    private partial void LogAuthorized(string code, string account);
}
