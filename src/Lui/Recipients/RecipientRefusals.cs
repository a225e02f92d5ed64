// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tutti.Frame.Words;
using Tutti.Lui.Recipients.Csv;
using Tutti.Lui.Recipients.Import;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Recipients;

/// <summary>Every "no" that recipients know.</summary>
internal static class RecipientRefusals
{
    /// <summary>An import of the job is on its way.</summary>
    public const string ImportingCode = "recipients.importing";

    public static Refusal NotFound(long id) =>
        new(RefusalKind.NotFound, "recipients.not-found", SharedWords.Fill(RecipientsWords.NoUpload, id.ToString(CultureInfo.InvariantCulture)));

    public static Refusal None(string code) => new(RefusalKind.NotFound, "recipients.none", SharedWords.Fill(RecipientsWords.None, code));

    public static Refusal Empty(string fileName) => new(RefusalKind.Invalid, "recipients.empty", SharedWords.Fill(RecipientsWords.Empty, fileName), "file");

    public static Refusal TooManyColumns(string fileName, int columns) => new(
        RefusalKind.Invalid,
        "recipients.too-many-columns",
        SharedWords.Fill(RecipientsWords.TooManyColumns, fileName, columns.ToString(CultureInfo.InvariantCulture), SharedWords.Number(CsvReader.MaxColumns)),
        "file");

    public static Refusal ColumnName(int number, Column column) => new(
        RefusalKind.Invalid,
        "recipients.column-name",
        SharedWords.Fill(RecipientsWords.ColumnName, SharedWords.Number(number), column.Given, column.Problem ?? "", column.Name),
        "names");

    public static Refusal ColumnCount(int names, int columns) => new(
        RefusalKind.Invalid,
        "recipients.column-count",
        SharedWords.Fill(RecipientsWords.ColumnCount, SharedWords.Number(names), columns.ToString(CultureInfo.InvariantCulture)),
        "names");

    public static Refusal NoAddressColumn(IReadOnlyList<Column> columns) => new(
        RefusalKind.Invalid,
        "recipients.no-address-column",
        SharedWords.Fill(RecipientsWords.NoAddressColumn, string.Join(", ", columns.Take(20).Select(column => column.Name))),
        "addressColumn");

    public static Refusal NoNameColumn(string name) =>
        new(RefusalKind.Invalid, "recipients.no-name-column", SharedWords.Fill(RecipientsWords.NoNameColumn, name), "nameColumn");

    public static Refusal Setting(string field, string value, string allowed) =>
        new(RefusalKind.Invalid, "recipients.setting", SharedWords.Fill(RecipientsWords.NotPossible, value, allowed), field);

    public static Refusal NoValidAddress(RecipientSource source, ImportProgress progress, SetAside? first) => new(
        RefusalKind.Invalid,
        "recipients.no-valid-address",
        first is null
            ? SharedWords.Fill(RecipientsWords.NoRecipientsIn, source.FileName)
            : SharedWords.Fill(RecipientsWords.NoValidAddress, source.FileName, SharedWords.Number(progress.Invalid), source.Columns[source.AddressColumn], first.Line.ToString(CultureInfo.InvariantCulture), first.Reason),
        "file");

    public static Refusal Busy(RecipientSource source) => new(
        RefusalKind.Conflict, ImportingCode, SharedWords.Fill(RecipientsWords.Busy, source.FileName));

    public static Refusal NotImportable(RecipientSource source) => new(
        RefusalKind.Conflict, "recipients.not-importable", SharedWords.Fill(RecipientsWords.NotImportable, source.FileName));

    public static Refusal NotImporting(RecipientSource source) =>
        new(RefusalKind.Conflict, "recipients.not-importing", SharedWords.Fill(RecipientsWords.NotImporting, source.FileName));

    public static Refusal NotDiscardable(RecipientSource source) =>
        new(RefusalKind.Conflict, "recipients.not-discardable", SharedWords.Fill(RecipientsWords.NotDiscardable, source.FileName));

    public static Refusal Stopped(RecipientSource source) =>
        new(RefusalKind.Conflict, "recipients.stopped", SharedWords.Fill(RecipientsWords.ImportStopped, source.FileName));

    public static Refusal Interrupted(RecipientSource source) =>
        new(RefusalKind.Unavailable, "recipients.interrupted", SharedWords.Fill(RecipientsWords.ImportInterrupted, source.FileName));

    public static Refusal Unreadable(RecipientSource source) =>
        new(RefusalKind.Unavailable, "recipients.unreadable", SharedWords.Fill(RecipientsWords.Unreadable, source.FileName));

    public static Refusal NoColumn(string name, IReadOnlyList<Column> columns) => new(
        RefusalKind.Invalid, "recipients.no-column", SharedWords.Fill(RecipientsWords.NoSuchColumn, name, string.Join(", ", columns.Take(20).Select(column => column.Name))), "columns");

    public static Refusal NothingCompared() => new(RefusalKind.Invalid, "recipients.nothing-compared", RecipientsWords.NothingCompared, "duplicateColumns");

    public static Refusal NoIdentification(RecipientSource source, string column, long line) => new(
        RefusalKind.Invalid, "recipients.identification-empty", SharedWords.Fill(RecipientsWords.IdentificationEmpty, source.FileName, line.ToString(CultureInfo.InvariantCulture), column), "identification");

    public static Refusal IdentificationTwice(RecipientSource source, string column, string value, long first, long line) => new(
        RefusalKind.Invalid,
        "recipients.identification-twice",
        SharedWords.Fill(RecipientsWords.IdentificationTwice, source.FileName, column, value, first.ToString(CultureInfo.InvariantCulture), line.ToString(CultureInfo.InvariantCulture)),
        "identification");

    public static Refusal OtherColumns(RecipientSource inherited, IReadOnlyList<string> before, IReadOnlyList<string> now) => new(
        RefusalKind.Conflict, "recipients.other-columns", SharedWords.Fill(RecipientsWords.OtherColumns, inherited.FileName, string.Join(", ", before), string.Join(", ", now)));

    public static Refusal NotDrawn(RecipientSource inherited) => new(RefusalKind.Conflict, "recipients.not-drawn", SharedWords.Fill(RecipientsWords.NotDrawn, inherited.FileName));

    public static Refusal WhichAddress() => new(RefusalKind.Invalid, "recipients.which-address", RecipientsWords.WhichAddress, "address");
}
