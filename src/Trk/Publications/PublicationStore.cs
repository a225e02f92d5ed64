// SPDX-License-Identifier: Apache-2.0
using Dapper;
using Tutti.Mail.Links;
using Tutti.Trk.Spool;

namespace Tutti.Trk.Publications;

/// <summary>A publication as it is kept: targets in ASCII.</summary>
internal sealed record KeptPublication(ulong JobId, uint Number, int KeyId, byte[] Secret, TrackingType Tracking, string SenderName, IReadOnlyList<PublishedLink> Links);

/// <summary>Publications on the disk.</summary>
internal sealed class PublicationStore(TrackerFile file)
{
    private const string JobColumns = "job_id AS JobId, number, key_id AS KeyId, secret, tracking_type AS TrackingType, sender_name AS SenderName";

    /// <summary>Keeps a publication, unless one with its number is there; each link keeps the target of the highest number that names it.</summary>
    public Task Keep(KeptPublication publication, CancellationToken cancellationToken) => file.WriteAsync(
        connection =>
        {
            var isNew = connection.Execute(
                """
                INSERT INTO publication (job_id, number, key_id, secret, tracking_type, sender_name)
                VALUES (@JobId, @Number, @KeyId, @Secret, @TrackingType, @SenderName)
                ON CONFLICT DO NOTHING
                """,
                new
                {
                    JobId = (long)publication.JobId,
                    Number = (long)publication.Number,
                    publication.KeyId,
                    publication.Secret,
                    TrackingType = (int)publication.Tracking,
                    publication.SenderName,
                });
            return isNew == 0 ? 0 : connection.Execute(
                """
                INSERT INTO link (job_id, number, publication, target)
                VALUES (@JobId, @Number, @Publication, @Target)
                ON CONFLICT (job_id, number) DO UPDATE
                    SET publication = excluded.publication, target = excluded.target
                    WHERE excluded.publication > link.publication
                """,
                publication.Links.Select(link => new { JobId = (long)publication.JobId, Number = (long)link.Number, Publication = (long)publication.Number, link.Target }));
        },
        cancellationToken);

    /// <summary>What is known of one job.</summary>
    public async Task<KeptPublication?> Find(ulong jobId, CancellationToken cancellationToken)
    {
        await using var connection = await file.Read(cancellationToken);
        var job = await connection.QuerySingleOrDefaultAsync<JobRow>(new CommandDefinition(
            $"SELECT {JobColumns} FROM publication WHERE job_id = @JobId ORDER BY number DESC LIMIT 1",
            new { JobId = (long)jobId },
            cancellationToken: cancellationToken));
        var links = await connection.QueryAsync<LinkRow>(new CommandDefinition(
            "SELECT job_id AS JobId, number, target FROM link WHERE job_id = @JobId ORDER BY number",
            new { JobId = (long)jobId },
            cancellationToken: cancellationToken));
        return job?.With(links);
    }

    /// <summary>What is known of all jobs, one after the other.</summary>
    public async IAsyncEnumerable<KeptPublication> All()
    {
        await using var connection = await file.Read(CancellationToken.None);
        await using var reading = await file.Read(CancellationToken.None);
        await using var links = reading.QueryUnbufferedAsync<LinkRow>("SELECT job_id AS JobId, number, target FROM link ORDER BY job_id, number").GetAsyncEnumerator();
        var hasLink = await links.MoveNextAsync();
        var jobs = connection.QueryUnbufferedAsync<JobRow>(
            $"SELECT {JobColumns} FROM publication AS p WHERE number = (SELECT max(number) FROM publication WHERE job_id = p.job_id) ORDER BY job_id");
        await foreach (var job in jobs)
        {
            var ofJob = new List<LinkRow>();
            while (hasLink && links.Current.JobId == job.JobId)
            {
                ofJob.Add(links.Current);
                hasLink = await links.MoveNextAsync();
            }

            yield return job.With(ofJob);
        }
    }

    private sealed record LinkRow(long JobId, long Number, string Target);

    private sealed record JobRow(long JobId, long Number, long KeyId, byte[] Secret, long TrackingType, string SenderName)
    {
        public KeptPublication With(IEnumerable<LinkRow> links) => new(
            (ulong)JobId, (uint)Number, (int)KeyId, Secret, (Mail.Links.TrackingType)TrackingType, SenderName, [.. links.Select(link => new PublishedLink((uint)link.Number, link.Target))]);
    }
}
