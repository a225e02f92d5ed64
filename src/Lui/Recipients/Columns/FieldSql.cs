// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Recipients.Columns;

/// <summary>The values of recipients in SQL: those of a row stand in one JSON list.</summary>
internal static class FieldSql
{
    /// <summary>The value of a column; NULL where it has none.</summary>
    /// <param name="dialect">The database.</param>
    /// <param name="column">Index of the column.</param>
    public static string Of(Dialect dialect, int column) => dialect == Dialect.Postgres
        ? string.Create(CultureInfo.InvariantCulture, $"(recipient.fields::json ->> {column})")
        : string.Create(CultureInfo.InvariantCulture, $"json_extract(recipient.fields, '$[{column}]')");

    /// <summary>Index of a column by its name in any case; -1 if there is none.</summary>
    public static int IndexOf(IReadOnlyList<string> columns, string name) => columns.ToList().FindIndex(column => string.Equals(column, name, StringComparison.OrdinalIgnoreCase));
}
