// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;

namespace Tutti.Lui.Archives.Format;

/// <summary>
/// What an archive says of itself. The file is a ZIP: <see cref="Name"/> and, for each table, one part of lines in JSON, the first the names of its
/// columns, then one array a row; bytes stand as <c>{"b64": "…"}</c>.
/// </summary>
/// <param name="Format">Always <see cref="FormatName"/>.</param>
/// <param name="Version">The version of the format.</param>
/// <param name="Product">What wrote it.</param>
/// <param name="Job">The job's code.</param>
/// <param name="Title">Its title.</param>
/// <param name="JobVersion">The version of the job that it holds.</param>
/// <param name="WrittenAt">When it was asked for.</param>
/// <param name="WrittenBy">Who asked.</param>
/// <param name="Totals">What became of the job, in figures.</param>
/// <param name="Parts">The parts with their digests.</param>
internal sealed record ArchiveManifest(
    string Format, int Version, string Product, string Job, string Title, long JobVersion, DateTimeOffset WrittenAt, string WrittenBy, ArchiveTotals Totals, IReadOnlyList<ArchivePart> Parts)
{
    /// <summary>What the file is.</summary>
    public const string FormatName = "tutti-job-archive";

    /// <summary>The version that is written, and the newest that is read.</summary>
    public const int Newest = 1;

    /// <summary>The name of the manifest in the file.</summary>
    public const string Name = "manifest.json";

    /// <summary>How it is written.</summary>
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true };
}

/// <summary>A part of an archive.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="Table">The table whose rows it holds.</param>
/// <param name="Rows">How many.</param>
/// <param name="Bytes">Its length, unpacked.</param>
/// <param name="Sha256">Of the unpacked bytes, in lower-case hexadecimal digits.</param>
internal sealed record ArchivePart(string Name, string Table, long Rows, long Bytes, string Sha256);

/// <summary>What became of a job, in figures: shown while its rows are away.</summary>
/// <param name="Planned">Recipients.</param>
/// <param name="Accepted">Taken by their mail servers.</param>
/// <param name="Refused">Refused.</param>
/// <param name="Expired">Not deliverable in time.</param>
/// <param name="Suppressed">On the suppression list.</param>
/// <param name="Withdrawn">Never offered.</param>
/// <param name="InDoubt">In doubt.</param>
/// <param name="CameBack">Messages that came back.</param>
/// <param name="Opens">Opens.</param>
/// <param name="Clicks">Clicks.</param>
/// <param name="Unsubscribes">People who asked for no more mail.</param>
internal sealed record ArchiveTotals(
    long Planned, long Accepted, long Refused, long Expired, long Suppressed, long Withdrawn, long InDoubt, long CameBack, long Opens, long Clicks, long Unsubscribes);
