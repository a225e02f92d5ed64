// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Lui.Tracking.Types;

/// <summary>What counts as a permission: nothing but a clear yes.</summary>
internal static class Permission
{
    /// <summary>The values that say yes, in any case and with blanks around them. Everything else, and nothing at all, says no.</summary>
    public static IReadOnlyList<string> Yes { get; } = ["yes", "y", "true", "t", "1", "on", "x"];

    /// <summary>The same as a condition on an expression of SQL.</summary>
    public static string Sql(string value) => $"LOWER(TRIM(COALESCE({value}, ''))) IN ({string.Join(", ", Yes.Select(one => $"'{one}'"))})";

    /// <summary>Whether a value says yes.</summary>
    public static bool IsIn(string? value) => value is not null && Yes.Contains(value.Trim(' '), StringComparer.OrdinalIgnoreCase);
}
