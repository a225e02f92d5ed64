// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tutti.Lui.Recipients.Csv;
using Tutti.Lui.Recipients.Import;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Recipients;

/// <summary>Every "no" that recipients know.</summary>
internal static class RecipientRefusals
{
    public static Refusal NotFound(long id) =>
        new(RefusalKind.NotFound, "recipients.not-found", string.Create(CultureInfo.InvariantCulture, $"There is no upload number {id}."));

    public static Refusal None(string code) => new(RefusalKind.NotFound, "recipients.none", $"Mail job {code} has no recipients yet.");

    public static Refusal Empty(string fileName) => new(RefusalKind.Invalid, "recipients.empty", $"{fileName} has no lines.", "file");

    public static Refusal TooManyColumns(string fileName, int columns) => new(
        RefusalKind.Invalid,
        "recipients.too-many-columns",
        string.Create(CultureInfo.InvariantCulture, $"{fileName}, line 1: {columns} columns; at most {CsvReader.MaxColumns} are taken."),
        "file");

    public static Refusal ColumnName(int number, Column column) => new(
        RefusalKind.Invalid,
        "recipients.column-name",
        string.Create(CultureInfo.InvariantCulture, $"Line 1: the name of column {number}, '{column.Given}', {column.Problem}. Names are merge fields: letters, digits and _, a letter first. Use '{column.Name}', or name the column yourself."),
        "names");

    public static Refusal ColumnCount(int names, int columns) => new(
        RefusalKind.Invalid,
        "recipients.column-count",
        string.Create(CultureInfo.InvariantCulture, $"There are {names} names for {columns} columns."),
        "names");

    public static Refusal NoAddressColumn(IReadOnlyList<Column> columns) => new(
        RefusalKind.Invalid,
        "recipients.no-address-column",
        $"No column holds addresses. Say which one does: {string.Join(", ", columns.Take(20).Select(column => column.Name))}.",
        "addressColumn");

    public static Refusal NoNameColumn(string name) =>
        new(RefusalKind.Invalid, "recipients.no-name-column", $"There is no column '{name}'.", "nameColumn");

    public static Refusal Setting(string field, string value, string allowed) =>
        new(RefusalKind.Invalid, "recipients.setting", $"'{value}' is not possible here. Possible: {allowed}.", field);

    public static Refusal NoValidAddress(RecipientSource source, ImportProgress progress, SetAside? first) => new(
        RefusalKind.Invalid,
        "recipients.no-valid-address",
        first is null
            ? $"{source.FileName} has no recipients in it."
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{source.FileName}: none of {progress.Invalid:N0} lines has a valid address in column {source.Columns[source.AddressColumn]}. Line {first.Line}: {first.Reason}."),
        "file");

    public static Refusal Busy(RecipientSource source) => new(
        RefusalKind.Conflict, "recipients.importing", $"{source.FileName} is being imported. Stop that import first, or wait for it.");

    public static Refusal NotImportable(RecipientSource source) => new(
        RefusalKind.Conflict, "recipients.not-importable", $"{source.FileName} was imported or discarded already. Upload it again.");

    public static Refusal NotImporting(RecipientSource source) =>
        new(RefusalKind.Conflict, "recipients.not-importing", $"{source.FileName} is not being imported now.");

    public static Refusal NotDiscardable(RecipientSource source) =>
        new(RefusalKind.Conflict, "recipients.not-discardable", $"{source.FileName} is in use; a new upload takes its place.");

    public static Refusal Stopped(RecipientSource source) =>
        new(RefusalKind.Conflict, "recipients.stopped", $"The import of {source.FileName} was stopped. It can be started again.");

    public static Refusal Interrupted(RecipientSource source) =>
        new(RefusalKind.Unavailable, "recipients.interrupted", $"The server ended during the import of {source.FileName}. Start it again.");

    public static Refusal Unreadable(RecipientSource source) =>
        new(RefusalKind.Unavailable, "recipients.unreadable", $"{source.FileName} could not be imported; the log of the user interface says why. Start it again, or upload it anew.");
}
