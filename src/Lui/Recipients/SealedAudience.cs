// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Approval;
using Tutti.Lui.Jobs;
using Tutti.Lui.OnDemand;

namespace Tutti.Lui.Recipients;

/// <summary>What an authorisation covers of a job's recipients: where they come from, how they were read, and how many there are; not each of their rows. Of a repeated job that finds them anew for each run: the rule.</summary>
internal sealed class SealedAudience(RecipientSourceStore sources, OnDemandStore demands) : ISealedPart
{
    /// <inheritdoc/>
    public SealedPart Part => SealedPart.Audience;

    /// <inheritdoc/>
    public async Task Write(CanonicalForm form, Job job, CancellationToken cancellationToken)
    {
        var source = job.RecipientsId is { } id ? await sources.Find(id, cancellationToken) : null;
        if (source is { Rule: { } rule } && job.Schedule?.Repeat is not null)
        {
            // Each run finds other people: what was approved is the rule that finds them, and how they are read.
            form.Add("rule", rule.ToJson()).Add("columns", source.Columns).Add("address", source.AddressColumn).Add("name", source.NameColumn);
            Add(form, source);
        }
        else
        {
            form.Add("set", job.RecipientsId);
            if (source is not null)
            {
                form.Add("file", source.FileName).Add("sheet", source.Sheet).Add("columns", source.Columns)
                    .Add("address", source.AddressColumn).Add("name", source.NameColumn)
                    .Add("valid", source.Valid).Add("invalid", source.Invalid).Add("duplicates", source.Duplicates);
                Add(form, source);
            }
        }

        // Only where it is so: seals of other jobs stay what they were.
        if (await demands.IsChosen(job.Id, cancellationToken))
        {
            form.Add("on-demand", "yes");
        }
    }

    // Sets of before had none.
    private static void Add(CanonicalForm form, RecipientSource source)
    {
        if (source.Rules is { } rules)
        {
            form.Add("rules", rules.ToJson());
        }
    }
}
