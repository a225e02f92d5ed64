// SPDX-License-Identifier: Apache-2.0
using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace Tutti.Mail.Merging;

/// <summary>
/// The columns of a recipients source as merge fields: found under their header and under the identifier that can be written in a template,
/// whatever the case.
/// </summary>
public sealed class MergeFields
{
    /// <summary>Words that mean something else in a template.</summary>
    private static readonly string[] _taken = ["empty", "blank", "true", "false", "nil", "now", "forloop", "tablerowloop"];

    private readonly FrozenDictionary<string, int> _indexes;
    private readonly IReadOnlyList<ColumnType> _types;

    /// <summary>Prepares the columns in their order. Of two columns with the same name the first counts.</summary>
    /// <param name="headers">Their names.</param>
    /// <param name="types">What their values are; those without one are text.</param>
    public MergeFields(IReadOnlyList<string> headers, IReadOnlyList<ColumnType>? types = null)
    {
        ArgumentNullException.ThrowIfNull(headers);
        var indexes = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < headers.Count; i++)
        {
            indexes.TryAdd(headers[i], i);
        }

        // Second round: a column's exact name goes before another column's identifier.
        for (var i = 0; i < headers.Count; i++)
        {
            indexes.TryAdd(IdentifierOf(headers[i]), i);
        }

        Count = headers.Count;
        _types = types ?? [];
        _indexes = indexes.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Number of columns.</summary>
    public int Count { get; }

    /// <summary>The index of a column.</summary>
    public bool TryFind(string name, out int index) => _indexes.TryGetValue(name, out index);

    /// <summary>What the values of a column are.</summary>
    public ColumnType TypeOf(int index) => index < _types.Count ? _types[index] : ColumnType.Text;

    /// <summary>Which of these fields have neither a column nor a meaning of their own?</summary>
    public IReadOnlyList<string> MissingOf(IEnumerable<string> fieldNames)
        => [.. fieldNames.Where(name => !_indexes.ContainsKey(name) && !SystemFields.Contains(name))];

    /// <summary>
    /// How a column is written in a template: ASCII letters, digits and underscores, with at least one that is no digit ("First name" becomes
    /// First_name).
    /// </summary>
    public static string IdentifierOf(string header)
    {
        ArgumentNullException.ThrowIfNull(header);
        var name = new StringBuilder(header.Length);
        foreach (var c in header.Trim().Replace("ß", "ss", StringComparison.Ordinal).Normalize(NormalizationForm.FormD))
        {
            if (char.IsAsciiLetterOrDigit(c))
            {
                name.Append(c);
            }
            else if (CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.NonSpacingMark)
            {
                name.Append('_');
            }
        }

        var text = name.ToString();
        if (_taken.Contains(text, StringComparer.OrdinalIgnoreCase))
        {
            return text + "_";
        }

        return text.AsSpan().ContainsAnyExceptInRange('0', '9') ? text : "F_" + text;
    }
}
