// SPDX-License-Identifier: Apache-2.0
using System.Data;
using Dapper;
using Tutti.Dst.Journal;
using Tutti.Wiring.Storage;

namespace Tutti.Dst.Smtp.Encryption;

/// <summary>Counted sessions of the last weeks.</summary>
internal sealed class TlsLedgerStore(Database database)
{
    private static readonly Statement _add = new(
        """
        INSERT INTO tls_session (day, domain, policy, host, result, sessions) VALUES (@day, @domain, @policy, @host, @result, @sessions)
        ON CONFLICT (day, domain, policy, host, result) DO UPDATE SET sessions = tls_session.sessions + excluded.sessions
        """,
        ("day", DbType.Int64), ("domain", DbType.String), ("policy", DbType.String), ("host", DbType.String), ("result", DbType.String), ("sessions", DbType.Int64));

    private static readonly Statement _drop = new("DELETE FROM tls_session WHERE day < @day", ("day", DbType.Int64));

    /// <summary>Adds to what is there.</summary>
    public static bool Add(JournalSession session, IReadOnlyDictionary<TlsLine, long> counts)
    {
        foreach (var (line, count) in counts)
        {
            session.Run(_add, (long)line.Day.DayNumber, line.Domain, Word(line.Kind), line.Host, line.Result, count);
        }

        return true;
    }

    /// <summary>Drops what is older than a day.</summary>
    public static bool DropBefore(JournalSession session, DateOnly day)
    {
        session.Run(_drop, (long)day.DayNumber);
        return true;
    }

    /// <summary>What was counted on a day, by domain, host and result.</summary>
    public async Task<IReadOnlyList<CountedSessions>> Of(DateOnly day, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        return [.. await connection.QueryAsync<CountedSessions>(new CommandDefinition(
            """
            SELECT domain AS Domain, policy AS Policy, host AS Host, result AS Result, sessions AS Sessions
            FROM tls_session WHERE day = @day ORDER BY domain, policy, host, result
            """,
            new { day = (long)day.DayNumber },
            cancellationToken: cancellationToken))];
    }

    private static string Word(TlsPolicyKind kind) => kind switch
    {
        TlsPolicyKind.None => "no-policy-found",
        TlsPolicyKind.Sts => "sts",
        TlsPolicyKind.Tlsa => "tlsa",
    };
}
