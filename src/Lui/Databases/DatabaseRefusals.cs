// SPDX-License-Identifier: Apache-2.0
using Tutti.Frame.Words;
using Tutti.Lui.Jobs;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Databases;

/// <summary>Every "no" that databases know.</summary>
internal static class DatabaseRefusals
{
    public static Refusal NotFound(string name) => new(RefusalKind.NotFound, "database.not-found", SharedWords.Fill(DatabasesWords.NotFound, name), "connection");

    public static Refusal Name(int most) => new(RefusalKind.Invalid, "database.name", SharedWords.Fill(DatabasesWords.BadName, SharedWords.Number(most)), "name");

    public static Refusal NameTaken(string name) => new(RefusalKind.Conflict, "database.name-taken", SharedWords.Fill(DatabasesWords.NameTaken, name), "name");

    public static Refusal Kind(string word) => new(
        RefusalKind.Invalid, "database.kind", SharedWords.Fill(DatabasesWords.BadKind, word, string.Join(", ", Enum.GetValues<DatabaseKind>().Select(Words.Of))), "kind");

    public static Refusal OnlyAdministrators() => new(RefusalKind.Forbidden, "database.only-administrators", DatabasesWords.OnlyAdministrators);

    public static Refusal Host() => new(RefusalKind.Invalid, "database.host", DatabasesWords.BadHost, "host");

    public static Refusal Place() => new(RefusalKind.Invalid, "database.place", DatabasesWords.NoPlace, "place");

    public static Refusal File(string path) => new(RefusalKind.Invalid, "database.file", SharedWords.Fill(DatabasesWords.NoFile, path), "place");

    public static Refusal OwnFile() => new(RefusalKind.Forbidden, "database.own-file", DatabasesWords.OwnFile, "place");

    public static Refusal SecretLost(string name) => new(RefusalKind.Conflict, "database.secret-lost", SharedWords.Fill(DatabasesWords.SecretLost, name), "password");

    public static Refusal NoStatement(int most) => new(RefusalKind.Invalid, "database.no-statement", SharedWords.Fill(DatabasesWords.NoStatement, SharedWords.Number(most)), "sql");

    public static Refusal OneStatement() => new(RefusalKind.Invalid, "database.one-statement", DatabasesWords.OneStatement, "sql");

    public static Refusal OnlySelect() => new(RefusalKind.Invalid, "database.only-select", DatabasesWords.OnlySelect, "sql");

    public static Refusal Word(string word) => new(RefusalKind.Invalid, "database.word", SharedWords.Fill(DatabasesWords.ForbiddenWord, word), "sql");

    public static Refusal MissingParameter(string name) => new(RefusalKind.Invalid, "database.missing-parameter", SharedWords.Fill(DatabasesWords.MissingParameter, name), "parameters");

    public static Refusal Parameter(string name, string value, ParameterType type) => new(
        RefusalKind.Invalid, "database.parameter", SharedWords.Fill(DatabasesWords.BadParameter, name, value, DatabaseLook.NameOf(type)), "parameters");

    public static Refusal Failed(string name, string message) => new(RefusalKind.Unavailable, "database.failed", SharedWords.Fill(DatabasesWords.Failed, name, message), "sql");

    public static Refusal TooLong(string name, TimeSpan limit) => new(RefusalKind.Unavailable, "database.too-long", SharedWords.Fill(DatabasesWords.TooLong, name, SharedWords.Span(limit)), "sql");

    public static Refusal NoRows(string name) => new(RefusalKind.Conflict, "database.no-rows", SharedWords.Fill(DatabasesWords.NoRows, name), "sql");

    public static Refusal NoColumns(string name) => new(RefusalKind.Invalid, "database.no-columns", SharedWords.Fill(DatabasesWords.NoColumns, name), "sql");
}
