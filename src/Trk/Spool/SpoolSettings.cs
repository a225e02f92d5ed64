// SPDX-License-Identifier: Apache-2.0
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Tutti.Trk.Spool;

/// <summary>How the tracker keeps events until the user interface has confirmed them, and after.</summary>
internal sealed record SpoolSettings
{
    /// <summary>Longest time that a recipient waits for the disk.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00"), Description("How long a recipient waits for a disk that does not answer. Then the link is followed all the same; the event is kept if the disk comes back, else counted as lost.")]
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Events that may wait for the disk at the same time, about 300 bytes each.</summary>
    [Range(1_000, 10_000_000), Description("Events that may wait for the disk at the same time. Further ones are counted as lost at once.")]
    public int Waiting { get; init; } = 100_000;

    /// <summary>How long events are kept after the user interface has confirmed them.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "400.00:00:00"), Description("How long confirmed events are kept, so that a user interface that was restored from a backup can fetch them again.")]
    public TimeSpan KeepConfirmed { get; init; } = TimeSpan.FromDays(14);
}
