// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using Tutti.Lui.Jobs;
using Tutti.Lui.Recipients.Csv;
using Tutti.Mail.Merging;

namespace Tutti.Lui.Recipients.Columns;

/// <summary>Which lines of a source count as the same recipient; the first of them is kept.</summary>
internal enum DuplicateRule
{
    /// <summary>Those with the same address.</summary>
    Address,

    /// <summary>Those with the same values in chosen columns.</summary>
    Columns,

    /// <summary>None: an address that stands there twice gets two messages.</summary>
    None,
}

/// <summary>How the columns of a source are understood.</summary>
internal sealed record ColumnRules
{
    /// <summary>Text everywhere, no column that tells recipients apart, the same address is the same recipient.</summary>
    public static ColumnRules Plain { get; } = new();

    /// <summary>What the values are, by column; those behind the end are text.</summary>
    public IReadOnlyList<ColumnType> Types { get; init; } = [];

    /// <summary>Index of the column that tells recipients apart, never empty and never twice; null for none, -1 for one that does not exist.</summary>
    public int? Identification { get; init; }

    /// <summary>Which lines count as the same.</summary>
    public DuplicateRule Duplicates { get; init; }

    /// <summary>Indexes of the columns that are compared, for <see cref="DuplicateRule.Columns"/>.</summary>
    public IReadOnlyList<int> Compared { get; init; } = [];

    /// <summary>True to set lines apart that have a value which is not what its column says; otherwise they are kept, and the value counts as text.</summary>
    public bool SetsMisfitsApart { get; init; }

    /// <summary>The rules that people chose, and what the first rows look like where they did not choose.</summary>
    /// <param name="columns">The columns.</param>
    /// <param name="addressColumn">Which one has the address: it is text.</param>
    /// <param name="rows">The first rows.</param>
    /// <param name="choice">What people chose.</param>
    public static ColumnRules Of(IReadOnlyList<Column> columns, int addressColumn, IReadOnlyList<IReadOnlyList<string>> rows, CsvChoice choice)
    {
        var types = columns.Select((_, index) => index == addressColumn ? ColumnType.Text : RecogniseType.Of(rows.Where(row => index < row.Count).Select(row => row[index]))).ToArray();
        foreach (var (name, type) in choice.Types ?? new Dictionary<string, ColumnType>())
        {
            if (CsvAnalysis.IndexOf(columns, name) is >= 0 and var index)
            {
                types[index] = type;
            }
        }

        return new ColumnRules
        {
            Types = types,
            Identification = string.IsNullOrEmpty(choice.Identification) ? null : CsvAnalysis.IndexOf(columns, choice.Identification),
            Duplicates = choice.Duplicates ?? DuplicateRule.Address,
            Compared = [.. (choice.Compared ?? []).Select(name => CsvAnalysis.IndexOf(columns, name)).Where(index => index >= 0).Distinct()],
            SetsMisfitsApart = choice.SetsMisfitsApart,
        };
    }

    /// <summary>A name that was chosen and that is no column, or null.</summary>
    public static string? UnknownOf(IReadOnlyList<Column> columns, CsvChoice choice) =>
        (choice.Types?.Keys ?? []).Concat(choice.Compared ?? []).Append(choice.Identification ?? "").FirstOrDefault(name => name.Length > 0 && CsvAnalysis.IndexOf(columns, name) < 0);

    /// <summary>The same rules as a choice by the names of columns, for another source with the same ones.</summary>
    public CsvChoice Choose(CsvChoice choice, IReadOnlyList<string> columns) => choice with
    {
        Types = columns.Select((name, index) => (name, type: TypeOf(index))).ToDictionary(pair => pair.name, pair => pair.type),
        Identification = Identification is { } id ? columns[id] : null,
        Duplicates = Duplicates,
        Compared = [.. Compared.Select(index => columns[index])],
        SetsMisfitsApart = SetsMisfitsApart,
    };

    /// <summary>What the values of a column are.</summary>
    public ColumnType TypeOf(int index) => index < Types.Count ? Types[index] : ColumnType.Text;

    /// <summary>As it is kept and sealed.</summary>
    public string ToJson() => JsonSerializer.Serialize(new Kept(
        [.. Types.Select(type => type.ToString())], Identification, Words.Of(Duplicates), [.. Compared], SetsMisfitsApart));

    /// <summary>As it was kept.</summary>
    public static ColumnRules FromJson(string json)
    {
        var kept = JsonSerializer.Deserialize<Kept>(json)!;
        return new ColumnRules
        {
            Types = TypesOf(kept.Types),
            Identification = kept.Identification,
            Duplicates = Words.To<DuplicateRule>(kept.Duplicates),
            Compared = kept.Compared,
            SetsMisfitsApart = kept.SetsMisfitsApart,
        };
    }

    /// <summary>Types from their words.</summary>
    public static IReadOnlyList<ColumnType> TypesOf(IEnumerable<string> words) =>
        [.. words.Select(one => ColumnType.TryParse(one, out var type) ? type : throw new FormatException($"'{one}' is no type of a column."))];

    private sealed record Kept(string[] Types, int? Identification, string Duplicates, int[] Compared, bool SetsMisfitsApart);
}
