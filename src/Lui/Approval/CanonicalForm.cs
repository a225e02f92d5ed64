// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Tutti.Lui.Approval;

/// <summary>
/// Writes values so that two lists of them are the same bytes only if they are the same list: a line with the name and the
/// length of the value in UTF-8, then the value. No value is a length of "-".
/// </summary>
internal sealed class CanonicalForm
{
    private readonly StringBuilder _text = new();

    /// <summary>Adds a value.</summary>
    public CanonicalForm Add(string name, string? value)
    {
        var length = value is null ? "-" : Encoding.UTF8.GetByteCount(value).ToString(CultureInfo.InvariantCulture);
        _text.Append(name).Append(' ').Append(length).Append('\n').Append(value).Append('\n');
        return this;
    }

    /// <summary>Adds a number.</summary>
    public CanonicalForm Add(string name, long? value) => Add(name, value?.ToString(CultureInfo.InvariantCulture));

    /// <summary>Adds several values under one name, after their number.</summary>
    public CanonicalForm Add(string name, IReadOnlyCollection<string> values)
    {
        Add(name, values.Count);
        foreach (var value in values)
        {
            Add(name, value);
        }

        return this;
    }

    /// <summary>SHA-256 over the form in UTF-8, in lower-case hexadecimal digits.</summary>
    public string Hash() => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(_text.ToString())));

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();
}
