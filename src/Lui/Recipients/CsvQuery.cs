// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Http;
using Tutti.Lui.Jobs;
using Tutti.Lui.Recipients.Columns;
using Tutti.Lui.Recipients.Csv;
using Tutti.Mail.Merging;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Recipients;

/// <summary>How a file shall be read, as it stands in a query: <c>?encoding=utf-8&amp;delimiter=;&amp;header=false</c>. What is not there is recognised.</summary>
internal static class CsvQuery
{
    /// <summary>Reads the choice of a request.</summary>
    public static Outcome<CsvChoice> Read(IQueryCollection query)
    {
        var choice = new CsvChoice
        {
            AdaptNames = query["adaptNames"] == "true",
            AddressColumn = One(query, "addressColumn"),
            NameColumn = query.ContainsKey("nameColumn") ? query["nameColumn"].ToString() : null,
            Names = One(query, "names")?.Split(','),
        };
        if (One(query, "encoding") is { } encoding)
        {
            if (TextEncodings.Parse(encoding) is not { } known)
            {
                return RecipientRefusals.Setting("encoding", encoding, "utf-8, utf-16le, utf-16be, windows-1252");
            }

            choice = choice with { Encoding = known };
        }

        if (One(query, "delimiter") is { } delimiter)
        {
            if (!TryCharacter(delimiter, out var character))
            {
                return RecipientRefusals.Setting("delimiter", delimiter, RecipientsWords.OneCharacterOrTab);
            }

            choice = choice with { Delimiter = character };
        }

        if (One(query, "quote") is { } quote)
        {
            var isNone = string.Equals(quote, "none", StringComparison.OrdinalIgnoreCase);
            if (!TryCharacter(quote, out var character) && !isNone)
            {
                return RecipientRefusals.Setting("quote", quote, RecipientsWords.OneCharacterOrNone);
            }

            choice = choice with { Quote = isNone ? '\0' : character };
        }

        if (One(query, "header") is { } header)
        {
            if (!bool.TryParse(header, out var has))
            {
                return RecipientRefusals.Setting("header", header, "true, false");
            }

            choice = choice with { HasHeader = has };
        }

        if (!ReadRules(query, choice).Is(out choice, out var refusal))
        {
            return refusal;
        }

        return choice.Delimiter is { } one && one == choice.Quote
            ? RecipientRefusals.Setting("quote", one.ToString(), RecipientsWords.NotTheDelimiter)
            : choice;
    }

    /// <summary>The sheet of a workbook; null if none is named.</summary>
    public static string? SheetOf(IQueryCollection query) => One(query, "sheet");

    /// <summary>How the columns are understood: <c>types=born:date dd.MM.yyyy;fee:number&amp;identification=id&amp;duplicates=columns&amp;duplicateColumns=name,born&amp;misfits=apart</c>.</summary>
    private static Outcome<CsvChoice> ReadRules(IQueryCollection query, CsvChoice choice)
    {
        var types = new Dictionary<string, ColumnType>(StringComparer.OrdinalIgnoreCase);
        foreach (var pair in (One(query, "types") ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var parts = pair.Split(':', 2, StringSplitOptions.TrimEntries);
            if (parts.Length != 2 || !ColumnType.TryParse(parts[1], out var type))
            {
                return RecipientRefusals.Setting("types", pair, ColumnLook.Written);
            }

            types[parts[0]] = type;
        }

        DuplicateRule? duplicates = null;
        if (One(query, "duplicates") is { } rule)
        {
            if (!Words.TryTo<DuplicateRule>(rule, out var known))
            {
                return RecipientRefusals.Setting("duplicates", rule, string.Join(", ", Enum.GetValues<DuplicateRule>().Select(Words.Of)));
            }

            duplicates = known;
        }

        return One(query, "misfits") is { } misfits && misfits is not ("keep" or "apart")
            ? RecipientRefusals.Setting("misfits", misfits, "keep, apart")
            : choice with
            {
                Types = types.Count == 0 ? null : types,
                Identification = One(query, "identification"),
                Duplicates = duplicates,
                Compared = One(query, "duplicateColumns")?.Split(',', StringSplitOptions.TrimEntries),
                SetsMisfitsApart = query["misfits"] == "apart",
            };
    }

    private static string? One(IQueryCollection query, string key) => query.TryGetValue(key, out var values) && values.Count > 0 && values[0]!.Length > 0 ? values[0] : null;

    private static bool TryCharacter(string word, out char character)
    {
        character = string.Equals(word, "tab", StringComparison.OrdinalIgnoreCase) ? '\t' : word[0];
        return (word.Length == 1 || character == '\t') && character is > '\0' and < '\x7F' and not ('\r' or '\n');
    }
}
