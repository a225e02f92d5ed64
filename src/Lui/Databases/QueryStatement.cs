// SPDX-License-Identifier: Apache-2.0
using System.Text.RegularExpressions;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Databases;

/// <summary>
/// One statement that reads. The database itself is opened so that it cannot write; the rules here keep out what would leave that
/// opening: a second statement, and what a database would do beside its tables.
/// </summary>
/// <param name="Text">As it is sent.</param>
/// <param name="Parameters">Names behind an @, each once, in their order.</param>
internal sealed partial record QueryStatement(string Text, IReadOnlyList<string> Parameters)
{
    /// <summary>Longest statement in characters.</summary>
    public const int MaxLength = 100_000;

    /// <summary>Reads a statement as people write it.</summary>
    public static Outcome<QueryStatement> Read(string text, DatabaseKind kind)
    {
        var statement = text.Trim().TrimEnd(';').TrimEnd();
        if (statement.Length is 0 or > MaxLength)
        {
            return DatabaseRefusals.NoStatement(MaxLength);
        }

        // Everywhere, in texts and comments too: where a text ends is a question that each database answers in its own way.
        if (statement.Contains(';', StringComparison.Ordinal) || statement.Contains('\0', StringComparison.Ordinal))
        {
            return DatabaseRefusals.OneStatement();
        }

        if (!Beginning().IsMatch(statement))
        {
            return DatabaseRefusals.OnlySelect();
        }

        var forbidden = kind switch
        {
            DatabaseKind.Mysql => MysqlWords().Match(statement),
            DatabaseKind.Sqlserver => SqlserverWords().Match(statement),
            DatabaseKind.Postgresql or DatabaseKind.Sqlite => Match.Empty,
        };
        if (forbidden.Success)
        {
            return DatabaseRefusals.Word(forbidden.Value);
        }

        var parameters = Parameter().Matches(Quoted().Replace(statement, " ")).Select(match => match.Groups[1].Value);
        return new QueryStatement(statement, [.. parameters.Distinct(StringComparer.OrdinalIgnoreCase)]);
    }

    [GeneratedRegex(@"\A(\s|\(|--[^\n]*\n|/\*.*?\*/)*(SELECT|WITH)\b", RegexOptions.IgnoreCase | RegexOptions.Singleline | RegexOptions.NonBacktracking)]
    private static partial Regex Beginning();

    // What writes files of the server, reads them, or hides words in a comment that MySQL carries out.
    [GeneratedRegex(@"\b(OUTFILE|DUMPFILE|LOAD_FILE|SLEEP|GET_LOCK)\b|/\*M?!", RegexOptions.IgnoreCase)]
    private static partial Regex MysqlWords();

    // SQL Server has no transactions that only read, and needs no semicolon between statements.
    [GeneratedRegex(
        @"\b(INSERT|UPDATE|DELETE|MERGE|INTO|EXEC|EXECUTE|CREATE|ALTER|DROP|TRUNCATE|COMMIT|ROLLBACK|SAVE|BEGIN|GRANT|REVOKE|DENY|BACKUP|RESTORE|SHUTDOWN|KILL|DBCC|BULK|RECONFIGURE|OPENROWSET|OPENQUERY|OPENDATASOURCE|WAITFOR|USE|SET|DECLARE|GOTO|WRITETEXT|UPDATETEXT|DISABLE|ENABLE|SP_\w+|XP_\w+)\b",
        RegexOptions.IgnoreCase)]
    private static partial Regex SqlserverWords();

    [GeneratedRegex(@"'(?:[^']|'')*'|""(?:[^""]|"""")*""|`[^`]*`|--[^\n]*|/\*.*?\*/", RegexOptions.Singleline)]
    private static partial Regex Quoted();

    [GeneratedRegex(@"(?<![@\w])@([A-Za-z_][A-Za-z0-9_]*)")]
    private static partial Regex Parameter();
}
