// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Tutti.Lui.Jobs;
using Tutti.Lui.Recipients.Csv;

namespace Tutti.Lui.Recipients;

/// <summary>A set that can be downloaded.</summary>
/// <param name="File">Its last part in addresses and names of files.</param>
/// <param name="Operation">As REST calls it.</param>
/// <param name="Kind">The lines of this kind; null for the recipients.</param>
internal sealed record RecipientSet(string File, string Operation, SetAsideKind? Kind)
{
    /// <summary>Its media type.</summary>
    public const string MediaType = "text/csv";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<RecipientSet> All { get; } =
    [
        new("valid.csv", "DownloadValid", null),
        new("invalid.csv", "DownloadInvalid", SetAsideKind.Invalid),
        new("duplicates.csv", "DownloadDuplicates", SetAsideKind.Duplicate),
        new("misfits.csv", "DownloadMisfits", SetAsideKind.Misfit),
    ];

    /// <summary>The file, written while it is read.</summary>
    public PushStreamHttpResult Of(Job job, RecipientSource source, DownloadRecipients use, CancellationToken cancellationToken) => TypedResults.Stream(
        async body =>
        {
            await using var rows = new CsvWriter(body);
            await (Kind is { } kind ? use.SetAside(source, kind, rows, cancellationToken) : use.Valid(source, rows, cancellationToken));
        },
        MediaType + "; charset=utf-8",
        $"{job.Code}-{File}");
}
