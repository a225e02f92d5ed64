// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Approval;
using Tutti.Lui.Jobs;
using Tutti.Lui.OnDemand;

namespace Tutti.Lui.Recipients;

/// <summary>What an authorisation covers of a job's recipients: where they come from, how they were read, and how many there are; not each of their rows.</summary>
internal sealed class SealedAudience(RecipientSourceStore sources, OnDemandStore demands) : ISealedPart
{
    /// <inheritdoc/>
    public SealedPart Part => SealedPart.Audience;

    /// <inheritdoc/>
    public async Task Write(CanonicalForm form, Job job, CancellationToken cancellationToken)
    {
        form.Add("set", job.RecipientsId);
        if (job.RecipientsId is { } id && await sources.Find(id, cancellationToken) is { } source)
        {
            form.Add("file", source.FileName).Add("sheet", source.Sheet).Add("columns", source.Columns)
                .Add("address", source.AddressColumn).Add("name", source.NameColumn)
                .Add("valid", source.Valid).Add("invalid", source.Invalid).Add("duplicates", source.Duplicates);
        }

        // Only where it is so: seals of other jobs stay what they were.
        if (await demands.IsChosen(job.Id, cancellationToken))
        {
            form.Add("on-demand", "yes");
        }
    }
}
