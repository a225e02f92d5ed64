// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tutti.Frame.Words;
using Tutti.Mail.Merging;

namespace Tutti.Lui.Recipients.Columns;

/// <summary>How types of columns are named.</summary>
internal static class ColumnLook
{
    /// <summary>Every type with every format, in the order in which people choose.</summary>
    public static IReadOnlyList<ColumnType> All { get; } =
    [
        .. Enum.GetValues<ColumnKind>().SelectMany(kind => ColumnType.FormatsOf(kind).DefaultIfEmpty("").Select(format => new ColumnType(kind, format))),
    ];

    /// <summary>All of them as they are written in REST.</summary>
    public static string Written => string.Join(", ", All);

    /// <summary>A day as a format writes it.</summary>
    public static string Example(ColumnType type) => new DateTime(2026, 11, 24, 0, 0, 0, DateTimeKind.Utc).ToString(type.Format, CultureInfo.InvariantCulture);

    /// <summary>A type in words: "date like 24.11.2026".</summary>
    public static string NameOf(ColumnType type) => type.Kind switch
    {
        ColumnKind.Text => RecipientsWords.TypeText,
        ColumnKind.Number => SharedWords.Fill(RecipientsWords.TypeNumber, type.Format),
        ColumnKind.Date => SharedWords.Fill(RecipientsWords.TypeDate, Example(type)),
        ColumnKind.Boolean => RecipientsWords.TypeBoolean,
    };

    /// <summary>A rule in words.</summary>
    public static string NameOf(DuplicateRule rule) => rule switch
    {
        DuplicateRule.Address => RecipientsWords.SameAddressRule,
        DuplicateRule.Columns => RecipientsWords.SameValuesRule,
        DuplicateRule.None => RecipientsWords.NoDuplicateRule,
    };
}
