// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tutti.Lui.Recipients.Columns;
using Tutti.Mail.Addresses;

namespace Tutti.Lui.Recipients.Csv;

/// <summary>What was recognised in a recipients file, with its first rows, for people to check and correct.</summary>
/// <param name="Format">How it is read.</param>
/// <param name="Columns">Its columns.</param>
/// <param name="AddressColumn">Index of the column with the address; -1 if none looks like it.</param>
/// <param name="NameColumn">Index of the column with the recipient's name, or null.</param>
/// <param name="Rows">The first rows behind the header.</param>
/// <param name="Width">How many columns the first line has.</param>
internal sealed record CsvAnalysis(
    CsvFormat Format, IReadOnlyList<Column> Columns, int AddressColumn, int? NameColumn, IReadOnlyList<IReadOnlyList<string>> Rows, int Width)
{
    private const int SampleRows = 200;
    private const int PreviewRows = 20;
    private static readonly char[] _delimiters = [',', ';', '\t', '|'];
    private static readonly string[] _addressNames = ["email", "e_mail", "mail", "email_address", "emailaddress", "e_mail_address", "address"];
    private static readonly string[] _nameNames = ["name", "full_name", "fullname", "display_name", "displayname", "recipient_name"];

    /// <summary>How its columns are understood.</summary>
    public ColumnRules Rules { get; init; } = ColumnRules.Plain;

    /// <summary>Recognises a file, as far as people have not said what it is.</summary>
    public static CsvAnalysis Of(string path, CsvChoice choice)
    {
        var encoding = choice.Encoding ?? TextEncodings.Recognise(path);
        var format = new CsvFormat(encoding, choice.Delimiter ?? ',', choice.Quote is '\0' ? null : choice.Quote ?? '"', choice.HasHeader ?? true);
        if (choice.Quote is null && LooksSingleQuoted(path, format))
        {
            format = format with { Quote = '\'' };
        }

        var sample = Sample(path, format);
        if (choice.Delimiter is null)
        {
            foreach (var delimiter in _delimiters.Skip(1))
            {
                var other = format with { Delimiter = delimiter };
                var otherSample = Sample(path, other);
                if (ScoreOf(otherSample) > ScoreOf(sample))
                {
                    (format, sample) = (other, otherSample);
                }
            }
        }

        if (choice.HasHeader is null)
        {
            format = format with { HasHeader = sample.Count > 0 && !sample[0].Any(IsAddress) };
        }

        var header = sample.Count > 0 ? sample[0] : [];
        var columns = choice.Names is { } names
            ? ColumnNames.FromHeader(names)
            : format.HasHeader ? ColumnNames.FromHeader([.. header.Select(name => name.Trim())]) : ColumnNames.Numbered(header.Count);
        var rows = format.HasHeader ? sample.Skip(1).ToList() : sample;
        var addressColumn = choice.AddressColumn is { } address ? IndexOf(columns, address) : AddressIn(columns, rows);
        return new CsvAnalysis(
            format,
            columns,
            addressColumn,
            choice.NameColumn is { } name ? (name.Length == 0 ? null : IndexOf(columns, name)) : NameIn(columns),
            [.. rows.Take(PreviewRows)],
            header.Count)
        {
            Rules = ColumnRules.Of(columns, addressColumn, rows, choice),
        };
    }

    private static List<IReadOnlyList<string>> Sample(string path, CsvFormat format)
    {
        using var reader = format.Open(CsvFormat.OpenFile(path));
        var sample = new List<IReadOnlyList<string>>();
        for (var tried = 0; tried < 2 * SampleRows && sample.Count < SampleRows && reader.Read(); tried++)
        {
            if (reader.Problem != CsvProblem.None)
            {
                continue;
            }

            // The columns of the first line count, however many there are; the rest is looked at as far as it is kept.
            var row = new string[sample.Count == 0 ? reader.Count : Math.Min(reader.Count, CsvReader.MaxColumns)];
            for (var i = 0; i < row.Length; i++)
            {
                row[i] = i < CsvReader.MaxColumns ? Encoding.UTF8.GetString(reader[i]) : "";
            }

            sample.Add(row);
        }

        return sample;
    }

    // Rows of one width count, and rows in which a whole value is an address; a separator that splits nothing scores nothing for width.
    private static double ScoreOf(List<IReadOnlyList<string>> sample)
    {
        if (sample.Count == 0)
        {
            return 0;
        }

        var usual = sample.GroupBy(row => row.Count).OrderByDescending(rows => rows.Count()).ThenByDescending(rows => rows.Key).First();
        var sameWidth = (double)usual.Count() / sample.Count;
        var withAddress = (double)sample.Count(row => row.Any(IsAddress)) / sample.Count;
        return (usual.Key > 1 ? sameWidth + (0.01 * Math.Min(usual.Key, 20)) : 0) + (2 * withAddress);
    }

    private static bool LooksSingleQuoted(string path, CsvFormat format)
    {
        using var reader = (format with { Quote = null }).Open(CsvFormat.OpenFile(path));
        var (single, lines) = (0, 0);
        for (; lines < 20 && reader.Read(); lines++)
        {
            var raw = reader.Raw;
            if (raw.Contains((byte)'"'))
            {
                return false;
            }

            single += raw.Length > 1 && raw[0] == '\'' && raw[^1] == '\'' ? 1 : 0;
        }

        return lines > 1 && single > lines / 2;
    }

    private static int AddressIn(IReadOnlyList<Column> columns, List<IReadOnlyList<string>> rows)
    {
        var best = -1;
        var bestCount = 0;
        for (var i = 0; i < columns.Count; i++)
        {
            var count = rows.Count(row => i < row.Count && IsAddress(row[i]));
            if (count > bestCount || (count == bestCount && count > 0 && IsOneOf(columns[i], _addressNames) && !IsOneOf(columns[best], _addressNames)))
            {
                (best, bestCount) = (i, count);
            }
        }

        return best >= 0 ? best : columns.ToList().FindIndex(column => IsOneOf(column, _addressNames));
    }

    private static int? NameIn(IReadOnlyList<Column> columns)
    {
        var index = columns.ToList().FindIndex(column => IsOneOf(column, _nameNames));
        return index < 0 ? null : index;
    }

    /// <summary>Index of the column with a name, its own or the header's; -1 if there is none.</summary>
    public static int IndexOf(IReadOnlyList<Column> columns, string name) => columns.ToList().FindIndex(column =>
        string.Equals(column.Name, name.Trim(), StringComparison.OrdinalIgnoreCase) || string.Equals(column.Given, name.Trim(), StringComparison.OrdinalIgnoreCase));

    private static bool IsOneOf(Column column, string[] names) => names.Contains(column.Name, StringComparer.OrdinalIgnoreCase);

    private static bool IsAddress(string value) => EmailAddress.TryParse(value, out _, out _);
}
