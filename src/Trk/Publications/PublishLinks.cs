// SPDX-License-Identifier: Apache-2.0
using Microsoft.Extensions.Logging;
using Tutti.Wiring.Outcomes;

namespace Tutti.Trk.Publications;

/// <summary>Takes the links of a job: first to the disk, then into memory.</summary>
internal sealed partial class PublishLinks(PublicationStore store, PublishedJobs jobs, ILogger<PublishLinks> logger) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <summary>Keeps a publication. Done again with the same number it changes nothing.</summary>
    public async Task<Outcome<PublishedJob>> Handle(KeptPublication publication, CancellationToken cancellationToken)
    {
        var links = new List<PublishedLink>(publication.Links.Count);
        foreach (var link in publication.Links)
        {
            if (!LinkTarget.TryWrite(link.Target, out var target))
            {
                return PublicationRefusals.NotATarget(publication.JobId, link.Number);
            }

            links.Add(link with { Target = target });
        }

        if (links.Exists(link => link.Number == 0) || links.DistinctBy(link => link.Number).Count() != links.Count)
        {
            return PublicationRefusals.BadNumbers(publication.JobId);
        }

        // One at a time, so that memory never ends with an older state than the disk.
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await store.Keep(publication with { Links = links }, cancellationToken);
            var kept = (await store.Find(publication.JobId, cancellationToken))!;
            LogPublished(publication.JobId, publication.Number, kept.Links.Count);
            return Remember(kept);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    /// <summary>Puts what the disk knows into memory.</summary>
    internal PublishedJob Remember(KeptPublication kept)
    {
        var job = new PublishedJob(jobs.Share(kept.KeyId, kept.Secret), kept.Tracking, kept.SenderName, kept.Links);
        jobs.Put(kept.JobId, job);
        return job;
    }

    [LoggerMessage(3101, LogLevel.Information, "Job {JobId}: publication {Number} is kept; {Links} links are known", EventName = "trk.publication.kept")]
    private partial void LogPublished(ulong jobId, uint number, int links);
}

/// <summary>Every "no" to a publication.</summary>
internal static class PublicationRefusals
{
    public static Refusal NotATarget(ulong jobId, uint link) =>
        new(RefusalKind.Invalid, "publication.bad-target", $"Link {link} of job {jobId} does not lead to an absolute http or https address of at most {LinkTarget.MaxLength} characters.", "links");

    public static Refusal BadNumbers(ulong jobId) =>
        new(RefusalKind.Invalid, "publication.bad-numbers", $"The publication of job {jobId} numbers its links wrongly: from 1, and each number once.", "links");

    public static Refusal Incomplete(string field, string allowed) =>
        new(RefusalKind.Invalid, "publication.incomplete", $"The publication's {field} must be {allowed}.", field);
}
