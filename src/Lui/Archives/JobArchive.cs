// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Archives.Format;
using Tutti.Lui.Archives.TakingIn;
using Tutti.Lui.Jobs;

namespace Tutti.Lui.Archives;

/// <summary>How far the archive of a job is.</summary>
internal enum ArchiveState
{
    /// <summary>A file shall be written.</summary>
    Wanted,

    /// <summary>The file is on disk and was read back; the rows are being taken out of the database.</summary>
    Kept,

    /// <summary>The rows are in the file only.</summary>
    Removed,

    /// <summary>The rows shall come back.</summary>
    WantedBack,

    /// <summary>The rows are in the database again; the file is kept.</summary>
    Back,
}

/// <summary>The archive of a job.</summary>
/// <param name="JobId">The job.</param>
/// <param name="State">How far it is.</param>
/// <param name="File">The name of the file in the folder of archives; empty until there is one.</param>
/// <param name="Size">Its bytes.</param>
/// <param name="Digest">Its SHA-256.</param>
/// <param name="Totals">What became of the job, as it was when the file was written; null until then.</param>
/// <param name="Numbers">Of a job that came in with a file: the numbers that its rows get here.</param>
/// <param name="Problem">Why it does not go on; null if it does.</param>
/// <param name="Who">Who asked for what is going on.</param>
/// <param name="At">When.</param>
internal sealed record JobArchive(
    long JobId, ArchiveState State, string File, long Size, string Digest, ArchiveTotals? Totals, ImportedNumbers? Numbers, string? Problem, Actor Who, DateTimeOffset At);
