// SPDX-License-Identifier: Apache-2.0
using Tutti.Mail.Merging;
using Tutti.Mail.Merging.Filters;

namespace Tutti.Lui.Content.Editing;

/// <summary>A name that the editors offer.</summary>
/// <param name="Label">As it is written.</param>
/// <param name="Type">What its sign is: "variable" or "function".</param>
/// <param name="Detail">What it is, in a few words.</param>
public sealed record Completion(string Label, string Type, string Detail)
{
    private static readonly (string Name, Func<string> Detail)[] _system =
    [
        (SystemFields.Address, () => ContentWords.FieldAddress),
        (SystemFields.Name, () => ContentWords.FieldName),
        (SystemFields.UnsubscribeUrl, () => ContentWords.FieldUnsubscribe),
    ];

    /// <summary>The filters that write in the recipient's language; Liquid's own the editor knows.</summary>
    public static IReadOnlyList<Completion> Filters => [.. FilterNames.Local.Select(filter => new Completion(filter.Key, "function", filter.Value))];

    /// <summary>The fields of a job's recipients and those that every message has; a column goes before a field of the system.</summary>
    public static IReadOnlyList<Completion> OfFields(IReadOnlyList<string> columns)
    {
        var own = columns.Select(column => new Completion(MergeFields.IdentifierOf(column), "variable", ContentWords.FromColumn));
        return [.. own.Concat(_system.Select(field => new Completion(field.Name, "variable", field.Detail()))).DistinctBy(field => field.Label, StringComparer.OrdinalIgnoreCase)];
    }
}
