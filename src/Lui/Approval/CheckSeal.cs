// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Jobs;

namespace Tutti.Lui.Approval;

/// <summary>Asks every slice for its part of a job, and compares with what was approved.</summary>
internal sealed class CheckSeal(SealStore store, IEnumerable<ISealedPart> sources)
{
    /// <summary>The hashes of a job's parts as they are now.</summary>
    public async Task<IReadOnlyDictionary<SealedPart, string>> PartsOf(Job job, CancellationToken cancellationToken)
    {
        var parts = new Dictionary<SealedPart, string>();
        foreach (var part in sources.GroupBy(source => source.Part))
        {
            parts[part.Key] = await PartOf(part.Key, job, cancellationToken);
        }

        return parts;
    }

    /// <summary>The hash of one part of a job.</summary>
    public async Task<string> PartOf(SealedPart part, Job job, CancellationToken cancellationToken)
    {
        var form = new CanonicalForm();
        foreach (var source in sources.Where(source => source.Part == part).OrderBy(source => source.GetType().Name, StringComparer.Ordinal))
        {
            await source.Write(form, job, cancellationToken);
        }

        return form.Hash();
    }

    /// <summary>Whether a job is what was approved.</summary>
    public async Task<SealVerdict> Handle(Job job, CancellationToken cancellationToken) =>
        await store.Find(job.Id, cancellationToken) is { } seal ? seal.Compare(job, await PartsOf(job, cancellationToken)) : SealVerdict.None;
}
