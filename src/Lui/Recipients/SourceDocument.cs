// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Jobs;
using Tutti.Lui.Recipients.Columns;
using Tutti.Lui.Recipients.Csv;
using Tutti.Lui.Recipients.Import;

namespace Tutti.Lui.Recipients;

/// <summary>A file of recipients as REST shows it.</summary>
/// <param name="Number">Its number.</param>
/// <param name="State">uploaded, importing, ready or failed.</param>
/// <param name="InUse">True if the job uses its recipients.</param>
/// <param name="Percent">How far the import is.</param>
/// <param name="FileName">As it was named.</param>
/// <param name="Encoding">utf-8, utf-16le, utf-16be or windows-1252.</param>
/// <param name="Delimiter">What separates values.</param>
/// <param name="Quote">What encloses values; empty for nothing.</param>
/// <param name="Header">Whether the first line names the columns.</param>
/// <param name="Columns">Names of the columns.</param>
/// <param name="AddressColumn">The column with the address.</param>
/// <param name="NameColumn">The column with the recipient's name.</param>
/// <param name="Valid">Recipients: valid and distinct.</param>
/// <param name="Invalid">Lines without a usable address or of the wrong shape.</param>
/// <param name="Duplicates">Lines with an address that was there before.</param>
/// <param name="Failure">Why it could not be used.</param>
/// <param name="Sheet">The sheet of the workbook; nothing for a file of separated values.</param>
/// <param name="Types">What the values of each column are: text, number, date or boolean, with the format in which they are written.</param>
/// <param name="Identification">The column that tells recipients apart.</param>
/// <param name="DuplicateRule">address, columns or none: which lines count as the same.</param>
/// <param name="DuplicateColumns">The columns that are compared.</param>
/// <param name="Misfits">Recipients with a value that is not what its column says.</param>
/// <param name="FoundAnew">True if later runs of a repeated job find their recipients anew from here.</param>
/// <param name="Preview">The first rows; only in the answer to a preview.</param>
internal sealed record SourceDocument(
    long Number,
    string State,
    bool InUse,
    int Percent,
    string FileName,
    string Encoding,
    string Delimiter,
    string Quote,
    bool Header,
    IReadOnlyList<string> Columns,
    string? AddressColumn,
    string? NameColumn,
    long Valid,
    long Invalid,
    long Duplicates,
    JobFailure? Failure,
    string? Sheet = null,
    IReadOnlyDictionary<string, string>? Types = null,
    string? Identification = null,
    string DuplicateRule = "address",
    IReadOnlyList<string>? DuplicateColumns = null,
    long Misfits = 0,
    bool FoundAnew = false,
    IReadOnlyList<IReadOnlyList<string>>? Preview = null)
{
    /// <summary>The document of a file.</summary>
    public static SourceDocument Of(RecipientSource source, Job job, ImportProgress? progress) => new(
        source.Id,
        Words.Of(source.State),
        job.RecipientsId == source.Id,
        source.State switch
        {
            SourceState.Ready => 100,
            SourceState.Importing => progress?.Percent ?? 0,
            SourceState.Uploaded or SourceState.Failed or SourceState.Discarded => 0,
        },
        source.FileName,
        TextEncodings.NameOf(source.Format.Encoding),
        source.Format.Delimiter.ToString(),
        source.Format.Quote?.ToString() ?? "",
        source.Format.HasHeader,
        source.Columns,
        source.AddressColumn < 0 ? null : source.Columns[source.AddressColumn],
        source.NameColumn is { } name and >= 0 ? source.Columns[name] : null,
        progress?.Valid ?? source.Valid,
        progress?.Invalid ?? source.Invalid,
        progress?.Duplicates ?? source.Duplicates,
        source.Failure,
        source.Sheet,
        source.Columns.Select((name, index) => (name, type: RulesOf(source).TypeOf(index).ToString())).ToDictionary(pair => pair.name, pair => pair.type),
        RulesOf(source).Identification is { } id and >= 0 ? source.Columns[id] : null,
        Words.Of(RulesOf(source).Duplicates),
        RulesOf(source).Duplicates == Recipients.Columns.DuplicateRule.Columns ? [.. RulesOf(source).Compared.Select(index => source.Columns[index])] : null,
        progress?.Misfits ?? source.Misfits,
        source.Rule is not null);

    private static ColumnRules RulesOf(RecipientSource source) => source.Rules ?? ColumnRules.Plain;
}
