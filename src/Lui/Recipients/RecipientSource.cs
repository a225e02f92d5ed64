// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Jobs;
using Tutti.Lui.Recipients.Columns;
using Tutti.Lui.Recipients.Csv;
using Tutti.Lui.Recipients.Drawing;

namespace Tutti.Lui.Recipients;

/// <summary>How far a file of recipients is.</summary>
internal enum SourceState
{
    /// <summary>Uploaded and recognised; people look at the preview.</summary>
    Uploaded,

    /// <summary>Being read in the background.</summary>
    Importing,

    /// <summary>Imported; in use unless a later one took its place.</summary>
    Ready,

    /// <summary>Could not be used; <see cref="RecipientSource.Failure"/> says why.</summary>
    Failed,

    /// <summary>Not needed any more; its rows are being removed.</summary>
    Discarded,
}

/// <summary>A file of recipients of a job, from its upload to the set in use.</summary>
internal sealed record RecipientSource
{
    /// <summary>Number of the set; <see cref="Job.RecipientsId"/> of the job that uses it.</summary>
    public required long Id { get; init; }

    /// <summary>The job.</summary>
    public required long JobId { get; init; }

    /// <summary>How far it is.</summary>
    public SourceState State { get; init; }

    /// <summary>As people named it.</summary>
    public required string FileName { get; init; }

    /// <summary>In bytes.</summary>
    public required long FileSize { get; init; }

    /// <summary>Where the upload lies until it is imported; a name in the uploads folder.</summary>
    public string? SpoolFile { get; init; }

    /// <summary>The sheet of the workbook it was; null for a file of separated values.</summary>
    public string? Sheet { get; init; }

    /// <summary>How it is read.</summary>
    public required CsvFormat Format { get; init; }

    /// <summary>Names of the columns, valid as merge fields; the order of <see cref="Recipient.Fields"/>.</summary>
    public required IReadOnlyList<string> Columns { get; init; }

    /// <summary>Index of the column with the address.</summary>
    public required int AddressColumn { get; init; }

    /// <summary>Index of the column with the recipient's name, or null.</summary>
    public int? NameColumn { get; init; }

    /// <summary>Recipients: valid and distinct.</summary>
    public long Valid { get; init; }

    /// <summary>Lines without a usable address or of the wrong shape.</summary>
    public long Invalid { get; init; }

    /// <summary>Lines with an address that was there before.</summary>
    public long Duplicates { get; init; }

    /// <summary>Why it could not be used.</summary>
    public JobFailure? Failure { get; init; }

    /// <summary>How its columns are understood; null for one of before there were such rules.</summary>
    public ColumnRules? Rules { get; init; }

    /// <summary>Recipients with a value that is not what its column says.</summary>
    public long Misfits { get; init; }

    /// <summary>How it was found, if it can be found again: each run of a repeated job does so.</summary>
    public AudienceRule? Rule { get; init; }

    /// <summary>True if it was found anew for a run that had started.</summary>
    public bool IsDrawn { get; init; }

    /// <summary>Who uploaded it.</summary>
    public required Actor By { get; init; }

    /// <summary>When it was uploaded.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the import ended, well or not.</summary>
    public DateTimeOffset? FinishedAt { get; init; }
}

/// <summary>Someone who gets the message.</summary>
/// <param name="Id">Unique in the set, from 1, in the order of the file.</param>
/// <param name="Address">As it goes into the envelope.</param>
/// <param name="Normalized">The key of duplicates and suppression.</param>
/// <param name="DisplayName">May be empty; without control characters.</param>
/// <param name="Fields">Values of all columns, in the order of <see cref="RecipientSource.Columns"/>.</param>
internal sealed record Recipient(long Id, string Address, string Normalized, string DisplayName, IReadOnlyList<string> Fields);

/// <summary>A line of the file that is no recipient, or that people should look at.</summary>
/// <param name="Line">In the file, from 1.</param>
/// <param name="Kind">Why, roughly.</param>
/// <param name="Address">What stands in the address column, if the line could be read.</param>
/// <param name="Reason">Why, in words.</param>
/// <param name="Raw">The line as it stands in the file, shortened where it is very long.</param>
internal sealed record SetAside(long Line, SetAsideKind Kind, string Address, string Reason, string Raw);

/// <summary>Why a line was set apart.</summary>
internal enum SetAsideKind
{
    /// <summary>No usable address, or not the shape of the others.</summary>
    Invalid,

    /// <summary>It counts as the same recipient as a line before it.</summary>
    Duplicate,

    /// <summary>It is a recipient, but a value is not what its column says.</summary>
    Misfit,
}
