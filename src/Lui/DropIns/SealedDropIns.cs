// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Approval;
using Tutti.Lui.Content;
using Tutti.Lui.Jobs;

namespace Tutti.Lui.DropIns;

/// <summary>
/// What an authorisation covers of the drop-ins in a message: their content as it stands in it; of one that is fetched when the job leaves, what is
/// asked for. Nothing where there are none.
/// </summary>
internal sealed class SealedDropIns(ContentStore contents, JobDropIns dropIns, DropInStore store) : ISealedPart
{
    /// <inheritdoc/>
    public SealedPart Part => SealedPart.Content;

    /// <inheritdoc/>
    public async Task Write(CanonicalForm form, Job job, CancellationToken cancellationToken)
    {
        if (await contents.Find(job.Id, cancellationToken) is not { } content
            || await dropIns.Expand(job, content, job.Sender ?? PreviewContent.AnySender, cancellationToken) is not { Used.Count: > 0 } expanded)
        {
            return;
        }

        var (late, fetched) = (await store.FetchesLate(job.Id, cancellationToken), await store.Fetched(job.Id, cancellationToken));
        form.Add("late", late ? 1 : 0);
        foreach (var dropIn in expanded.Used)
        {
            form.Add("drop-in", dropIn.Name).Add("html", dropIn.IsHtml ? 1 : 0).Add("enabled", dropIn.IsEnabled ? 1 : 0).Add("definition", dropIn.Definition)
                .Add("value", dropIn.IsFetched && !late ? fetched.GetValueOrDefault(dropIn.Name)?.Value : null);
        }
    }
}
