// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Lui.Jobs.Steps;

/// <summary>Asks the slices how far their steps are, and judges.</summary>
internal sealed class WorkflowReader(IEnumerable<IStepSource> sources)
{
    /// <summary>The steps of a job as they are now.</summary>
    public async Task<Workflow> Of(Job job, CancellationToken cancellationToken)
    {
        var reports = new Dictionary<JobStep, StepReport>();
        foreach (var source in sources)
        {
            reports[source.Step] = await source.Report(job, cancellationToken);
        }

        return Workflow.Of(job, reports);
    }
}
