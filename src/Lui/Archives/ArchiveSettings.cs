// SPDX-License-Identifier: Apache-2.0
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Tutti.Lui.Archives;

/// <summary>What an administrator decides about archives.</summary>
internal sealed record ArchiveSettings
{
    /// <summary>Absolute path of the folder of archives; empty: the folder archive of this component.</summary>
    [RegularExpression("|/.*|[A-Za-z]:[/\\\\].*"), Description("Absolute path of the folder that holds the archives of mail jobs. Where several servers carry the User Interface it must be a folder that all of them see. Empty: lui/archive in home.")]
    public string ArchiveFolder { get; init; } = "";

    /// <summary>Most MiB that may come out of an archive that is uploaded, from 1 to 16,777,216. Default 65,536.</summary>
    [Range(1, 16 * 1024 * 1024), Description("Most MiB, unpacked, of an archive that somebody uploads. One that would be larger is refused.")]
    public int MaxUnpackedArchiveMegabytes { get; init; } = 64 * 1024;

    /// <summary>How often archives are looked after. Default 5 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00"), Description("How often is looked whether a mail job shall be archived or brought back.")]
    public TimeSpan ArchivesEvery { get; init; } = TimeSpan.FromSeconds(5);
}
