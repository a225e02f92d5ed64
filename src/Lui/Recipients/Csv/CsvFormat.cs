// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Recipients.Columns;
using Tutti.Mail.Merging;

namespace Tutti.Lui.Recipients.Csv;

/// <summary>How a recipients file is to be read.</summary>
/// <param name="Encoding">Its encoding.</param>
/// <param name="Delimiter">What separates values; ASCII.</param>
/// <param name="Quote">What encloses values; ASCII, or null for nothing.</param>
/// <param name="HasHeader">Whether its first line names the columns.</param>
internal sealed record CsvFormat(TextEncoding Encoding, char Delimiter, char? Quote, bool HasHeader)
{
    /// <summary>Opens a file in this format.</summary>
    public CsvReader Open(FileStream file) => new(TextEncodings.OpenAsUtf8(file, Encoding), (byte)Delimiter, (byte)(Quote ?? '\0'));

    /// <summary>Opens a file for reading from its start to its end.</summary>
    public static FileStream OpenFile(string path) =>
        new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 64 * 1024, FileOptions.SequentialScan);
}

/// <summary>What people say about a file; null means that it shall be recognised.</summary>
/// <param name="Encoding">Its encoding.</param>
/// <param name="Delimiter">What separates values.</param>
/// <param name="Quote">What encloses values; NUL for nothing.</param>
/// <param name="HasHeader">Whether its first line names the columns.</param>
/// <param name="Names">Names for all columns, in place of the header's.</param>
/// <param name="AdaptNames">Use the nearest valid name for every column whose own is not valid.</param>
/// <param name="AddressColumn">Name of the column with the address.</param>
/// <param name="NameColumn">Name of the column with the recipient's name; empty for none.</param>
internal sealed record CsvChoice(
    TextEncoding? Encoding = null,
    char? Delimiter = null,
    char? Quote = null,
    bool? HasHeader = null,
    IReadOnlyList<string>? Names = null,
    bool AdaptNames = false,
    string? AddressColumn = null,
    string? NameColumn = null)
{
    /// <summary>What the values of columns are, by their names; those that are not named are recognised.</summary>
    public IReadOnlyDictionary<string, ColumnType>? Types { get; init; }

    /// <summary>Name of the column that tells recipients apart; empty for none.</summary>
    public string? Identification { get; init; }

    /// <summary>Which lines count as the same; null for those with the same address.</summary>
    public DuplicateRule? Duplicates { get; init; }

    /// <summary>Names of the columns that are compared.</summary>
    public IReadOnlyList<string>? Compared { get; init; }

    /// <summary>Set lines apart that have a value which is not what its column says.</summary>
    public bool SetsMisfitsApart { get; init; }

    /// <summary>The same for a file that we wrote ourselves: only its columns are for people to decide.</summary>
    public CsvChoice OfOurs() => this with { Encoding = TextEncoding.Utf8, Delimiter = ',', Quote = '"' };
}
