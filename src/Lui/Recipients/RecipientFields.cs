// SPDX-License-Identifier: Apache-2.0
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Recipients;

/// <summary>The values of a recipient's columns in SQL: they stand in one JSON list.</summary>
internal static class RecipientFields
{
    /// <summary>The value of the column whose index is the parameter <c>@column</c>.</summary>
    /// <param name="dialect">The database's language.</param>
    /// <param name="table">Name under which the recipients stand in the statement.</param>
    public static string ValueOf(Dialect dialect, string table) =>
        dialect == Dialect.Postgres ? $"({table}.fields::json ->> @column)" : $"json_extract({table}.fields, '$[' || @column || ']')";
}
