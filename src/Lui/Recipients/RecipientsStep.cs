// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tutti.Frame.Words;
using Tutti.Lui.Jobs;
using Tutti.Lui.Jobs.Steps;
using Tutti.Lui.Recipients.Import;

namespace Tutti.Lui.Recipients;

/// <summary>How far the step "recipients" of a job is.</summary>
internal sealed class RecipientsStep(RecipientSourceStore sources, ImportRunStore runs) : IStepSource
{
    /// <inheritdoc/>
    public JobStep Step => JobStep.Recipients;

    /// <inheritdoc/>
    public async ValueTask<StepReport> Report(Job job, CancellationToken cancellationToken)
    {
        var used = job.RecipientsId is { } id ? await sources.Find(id, cancellationToken) : null;
        var summary = used is null ? RecipientsWords.NoneYet : CompleteImport.Words(used);
        var newest = await sources.Newest(job.Id, cancellationToken);
        if (newest is null || newest.Id == used?.Id)
        {
            return new StepReport(used is null ? StepState.Open : StepState.Done, summary);
        }

        return newest.State switch
        {
            SourceState.Uploaded => new StepReport(StepState.NeedsAttention, summary, SharedWords.Fill(RecipientsWords.Uploaded, newest.FileName)),
            SourceState.Importing => new StepReport(
                StepState.NeedsAttention,
                summary,
                SharedWords.Fill(RecipientsWords.BeingImported, newest.FileName, Percent(await runs.ProgressOf(newest, cancellationToken)))),
            SourceState.Failed => new StepReport(StepState.NeedsAttention, summary, newest.Failure?.Message),
            SourceState.Ready or SourceState.Discarded => new StepReport(used is null ? StepState.Open : StepState.Done, summary),
        };
    }

    private static string Percent(ImportProgress? progress) => (progress?.Percent ?? 0).ToString(CultureInfo.InvariantCulture);
}
