// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Content;
using Tutti.Lui.Jobs;
using Tutti.Lui.Jobs.Sending;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Preflight;

/// <summary>What the preflight says to authorising: what blocks, and what asks. Looks where nobody has looked at this message yet.</summary>
internal sealed class PreflightGate(ContentStore contents, JobMessages messages, PreflightStore store, RunPreflight run, TimeProvider clock) : IAuthorizationGate
{
    /// <summary>The look that counts for a job as it is now; null if there is none.</summary>
    public async Task<PreflightReport?> Current(Job job, CancellationToken cancellationToken) =>
        await contents.Find(job.Id, cancellationToken) is { } content
        && await store.Find(job.Id, cancellationToken) is { } report
        && report.Counts(PreflightSubject.FingerprintOf(job, await messages.SourceOf(job, content, job.Sender ?? PreviewContent.AnySender, job.Tracking ?? JobTracking.Personal, cancellationToken)), clock.GetUtcNow())
            ? report
            : null;

    /// <inheritdoc/>
    public async ValueTask<Refusal?> Refuses(Job job, Actor who, CancellationToken cancellationToken)
    {
        if (await Current(job, cancellationToken) is not { } report
            && !(await run.Handle(job.Id, cancellationToken)).Is(out report, out var refusal))
        {
            return refusal;
        }

        return report switch
        {
            { Blocking: { Count: > 0 } errors } => PreflightRefusals.Blocked(job, errors),
            { Asking: { Count: > 0 } warnings } => PreflightRefusals.Asks(job, warnings),
            _ => null,
        };
    }
}
