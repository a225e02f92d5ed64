// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tutti.Lui.Jobs.Steps;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Jobs;

/// <summary>A mail job with its steps.</summary>
internal sealed class GetJob(JobStore store, WorkflowReader workflows)
{
    public sealed record View(Job Job, Workflow Workflow);

    /// <param name="which">The job's code or its number.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<Outcome<View>> Handle(string which, CancellationToken cancellationToken) =>
        (await Find(which, cancellationToken)).Is(out var job, out var refusal)
            ? new View(job, await workflows.Of(job, cancellationToken))
            : refusal;

    /// <summary>A job alone, by its code or its number.</summary>
    public async Task<Outcome<Job>> Find(string which, CancellationToken cancellationToken)
    {
        var job = long.TryParse(which, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? await store.Find(id, cancellationToken)
            : await store.Find(which, cancellationToken);
        return job is null ? JobRefusals.NotFound(which) : job;
    }
}
