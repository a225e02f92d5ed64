// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Archives.Format;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Archives;

/// <summary>Opens the file of a job after comparing it with the digest that the database has of it.</summary>
internal static class CheckedFile
{
    public static async Task<Outcome<ArchiveFile>> Open(ArchiveFolder folder, JobArchive archive, CancellationToken cancellationToken)
    {
        var path = folder.PathOf(archive.File);
        if (!File.Exists(path))
        {
            return ArchiveRefusals.FileGone(path);
        }

        return await ArchiveFile.DigestOf(path, cancellationToken) == archive.Digest ? ArchiveFile.Open(path, long.MaxValue) : ArchiveRefusals.FileChanged(path);
    }

    /// <summary>The same rows, so many at a time.</summary>
    public static async IAsyncEnumerable<IReadOnlyList<ArchiveRow>> Chunked(this IAsyncEnumerable<ArchiveRow> rows, int most)
    {
        var some = new List<ArchiveRow>();
        await foreach (var row in rows)
        {
            some.Add(row);
            if (some.Count == most)
            {
                yield return some;
                some = [];
            }
        }

        if (some.Count > 0)
        {
            yield return some;
        }
    }
}
