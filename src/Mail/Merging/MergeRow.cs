// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Text;

namespace Tutti.Mail.Merging;

/// <summary>
/// One recipient's row of merge fields: what is merged into the message. Control characters (except tab and line feed) are taken out of all
/// values, so that no recipient's data can forge a marker or a header.
/// </summary>
public sealed class MergeRow
{
    private static readonly SearchValues<char> _suspicious = SearchValues.Create(Suspicious());

    private readonly MergeFields _fields;
    private readonly IReadOnlyList<string?> _values;

    /// <summary>Takes a recipient's row.</summary>
    /// <param name="fields">The columns.</param>
    /// <param name="values">Their values in the same order; missing ones at the end count as empty.</param>
    /// <param name="address">The recipient's address.</param>
    /// <param name="displayName">The recipient's name, if known.</param>
    public MergeRow(MergeFields fields, IReadOnlyList<string?> values, string address, string? displayName = null)
    {
        ArgumentNullException.ThrowIfNull(fields);
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(address);
        _fields = fields;
        _values = values;
        Address = Clean(address);
        DisplayName = Clean(displayName ?? "");
    }

    /// <summary>The recipient's address.</summary>
    public string Address { get; }

    /// <summary>The recipient's name, or nothing.</summary>
    public string DisplayName { get; }

    /// <summary>Address at which the recipient sees the message in a browser; leads nowhere unless it is set.</summary>
    public string ViewUrl { get; init; } = "#view-in-browser";

    /// <summary>Address at which the recipient sees what is held of him or her; leads nowhere unless it is set.</summary>
    public string ProfileUrl { get; init; } = "#profile";

    /// <summary>The value of a field; empty if the field has none or does not exist.</summary>
    public string this[string name]
    {
        get
        {
            if (Is(name, SystemFields.ViewUrl))
            {
                return ViewUrl;
            }

            if (Is(name, SystemFields.ProfileUrl))
            {
                return ProfileUrl;
            }

            if (_fields.TryFind(name, out var index))
            {
                return index < _values.Count && _values[index] is { } value ? Clean(value) : "";
            }

            if (Is(name, SystemFields.Address) || Is(name, SystemFields.Email))
            {
                return Address;
            }

            return Is(name, SystemFields.Name) ? DisplayName : "";
        }
    }

    /// <summary>What the values of a field are; text where it is no column.</summary>
    public ColumnType TypeOf(string name) => _fields.TryFind(name, out var index) ? _fields.TypeOf(index) : ColumnType.Text;

    private static bool Is(string name, string known) => name.Equals(known, StringComparison.OrdinalIgnoreCase);

    private static string Clean(string value)
    {
        if (!value.AsSpan().ContainsAny(_suspicious))
        {
            return value;
        }

        var clean = new StringBuilder(value.Length);
        foreach (var rune in value.Replace("\r\n", "\n", StringComparison.Ordinal).EnumerateRunes())
        {
            if (rune.Value == '\r')
            {
                clean.Append('\n');
            }
            else if (rune.Value is '\t' or '\n' || !Rune.IsControl(rune))
            {
                clean.Append(rune.ToString());
            }
        }

        return clean.ToString();
    }

    // Surrogates are looked at too: EnumerateRunes turns those without a partner into U+FFFD.
    private static string Suspicious()
    {
        var found = new StringBuilder();
        for (var c = 0; c <= char.MaxValue; c++)
        {
            if (c is not '\t' and not '\n' && (char.IsControl((char)c) || char.IsSurrogate((char)c)))
            {
                found.Append((char)c);
            }
        }

        return found.ToString();
    }
}
