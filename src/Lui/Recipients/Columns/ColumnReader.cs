// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Tutti.Frame.Words;
using Tutti.Lui.Recipients.Csv;
using Tutti.Lui.Recipients.Import;
using Tutti.Mail.Merging;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Recipients.Columns;

/// <summary>Looks at the record that a file is at by the rules of its columns. Of what it looked at it keeps a hash for each recipient, of about 80 bytes.</summary>
/// <param name="csv">The file.</param>
/// <param name="columns">Names of the columns.</param>
/// <param name="rules">The rules.</param>
internal sealed class ColumnReader(CsvReader csv, IReadOnlyList<string> columns, ColumnRules rules)
{
    private const int MostOfAValue = 200;
    private const int MostShown = 60;
    private const char Divider = '\x1F';

    private readonly int[] _typed = [.. Enumerable.Range(0, columns.Count).Where(index => rules.TypeOf(index).Kind != ColumnKind.Text)];
    private readonly AddressSet _identities = new();
    private readonly char[] _value = new char[MostOfAValue];
    private readonly char[] _key = new char[2 * SHA256.HashSizeInBytes];

    /// <summary>The rules.</summary>
    public ColumnRules Rules => rules;

    /// <summary>Which values are not what their columns say, in words; null if all are.</summary>
    public string? MisfitOf()
    {
        string? found = null;
        foreach (var index in _typed)
        {
            var raw = csv[index];
            var type = rules.TypeOf(index);
            if (raw.Length > MostOfAValue || !type.Fits(_value.AsSpan(0, Encoding.UTF8.GetChars(raw, _value))))
            {
                var words = WordsOf(index, type, Shown(raw));
                found = found is null ? words : $"{found}; {words}";
            }
        }

        return found;
    }

    /// <summary>What is the same of lines that count as the same.</summary>
    /// <param name="normalized">The address of this one.</param>
    /// <param name="addressColumn">Where it stands.</param>
    public ReadOnlySpan<char> KeyOf(ReadOnlySpan<char> normalized, int addressColumn)
    {
        if (rules.Duplicates == DuplicateRule.Address)
        {
            return normalized;
        }

        var key = new StringBuilder();
        foreach (var index in rules.Compared)
        {
            if (index == addressColumn)
            {
                key.Append(normalized);
            }
            else
            {
                key.Append(Encoding.UTF8.GetString(csv[index]).Trim());
            }

            key.Append(Divider);
        }

        return HashOf(key.ToString());
    }

    /// <summary>Why this line counts as the same as an earlier one, in words.</summary>
    public string SameAs(long line) => rules.Duplicates == DuplicateRule.Columns
        ? SharedWords.Fill(RecipientsWords.SameValues, string.Join(", ", rules.Compared.Select(index => columns[index])), line.ToString(CultureInfo.InvariantCulture))
        : SharedWords.Fill(RecipientsWords.SameAddress, line.ToString(CultureInfo.InvariantCulture));

    /// <summary>Takes the value that tells this recipient apart. Refused if it is empty or was there before: then the column does not tell them apart.</summary>
    public Refusal? Identify(RecipientSource source)
    {
        if (rules.Identification is not { } index)
        {
            return null;
        }

        var value = Encoding.UTF8.GetString(csv[index]).Trim();
        if (value.Length == 0)
        {
            return RecipientRefusals.NoIdentification(source, columns[index], csv.Line);
        }

        return _identities.TryAdd(HashOf(value), csv.Line, out var first) ? null : RecipientRefusals.IdentificationTwice(source, columns[index], Shown(csv[index]), first, csv.Line);
    }

    private static string Shown(ReadOnlySpan<byte> raw)
    {
        var shown = Encoding.UTF8.GetString(raw).Trim();
        return shown.Length > MostShown ? shown[..MostShown] + "…" : shown;
    }

    private string WordsOf(int index, ColumnType type, string value) => type.Kind switch
    {
        ColumnKind.Number => SharedWords.Fill(RecipientsWords.NotANumber, columns[index], value, type.Format),
        ColumnKind.Date => SharedWords.Fill(RecipientsWords.NotADate, columns[index], value, ColumnLook.Example(type)),
        _ => SharedWords.Fill(RecipientsWords.NotATruth, columns[index], value),
    };

    private ReadOnlySpan<char> HashOf(string text)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(text), hash);
        Convert.TryToHexStringLower(hash, _key, out var length);
        return _key.AsSpan(0, length);
    }
}
