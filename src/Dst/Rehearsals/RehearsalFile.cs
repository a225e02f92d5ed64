// SPDX-License-Identifier: Apache-2.0
using System.Data;
using Dapper;
using Tutti.Dst.Journal;
using Tutti.Wiring.Storage;

namespace Tutti.Dst.Rehearsals;

/// <summary>
/// The file of one rehearsal: a queue and a journal like the distributor's own, so that nothing of the two can mix, and what was measured.
/// It goes when the rehearsal is forgotten. Written through the rehearsal's journal, like all of its file.
/// </summary>
internal sealed class RehearsalFile(Database database)
{
    private static readonly Statement _begin = new(
        "INSERT INTO rehearsal (one, manner, is_sealed, clock, started_at) VALUES (1, @manner, 0, @now, @now) ON CONFLICT (one) DO NOTHING",
        ("manner", DbType.String), ("now", DbType.Int64));

    private static readonly Statement _seal = new("UPDATE rehearsal SET is_sealed = 1");

    private static readonly Statement _clock = new("UPDATE rehearsal SET clock = @clock, skipped = @skipped", ("clock", DbType.Int64), ("skipped", DbType.Int64));

    private static readonly Statement _measures = new("UPDATE rehearsal SET measures = @measures", ("measures", DbType.String));

    private static readonly Statement _odd = new(
        "INSERT INTO odd_message (number, kind, address, message) VALUES (@number, @kind, @address, @message) ON CONFLICT (number) DO NOTHING",
        ("number", DbType.Int64), ("kind", DbType.String), ("address", DbType.String), ("message", DbType.Binary));

    private static readonly Statement _done = new("UPDATE rehearsal SET report = @report", ("report", DbType.Binary));

    /// <summary>Where it lies in the folder of all rehearsals.</summary>
    public static string In(string folder, long job) => Path.Combine(folder, $"{job}.sqlite");

    /// <summary>Brings a file up to date, made if it is not there.</summary>
    public static async Task<RehearsalFile> Open(Database database, CancellationToken cancellationToken)
    {
        database.Migrate(typeof(Distributor).Assembly);
        await using var connection = await database.Open(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            """
            CREATE TABLE IF NOT EXISTS rehearsal (
                one        INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
                manner     TEXT NOT NULL,
                is_sealed  INTEGER NOT NULL,
                clock      BIGINT NOT NULL,
                started_at BIGINT NOT NULL,
                skipped    BIGINT NOT NULL DEFAULT 0,
                measures   TEXT,
                report     BLOB
            );
            CREATE TABLE IF NOT EXISTS odd_message (
                number  INTEGER NOT NULL PRIMARY KEY,
                kind    TEXT NOT NULL,
                address TEXT NOT NULL,
                message BLOB NOT NULL
            );
            """,
            cancellationToken: cancellationToken));
        return new RehearsalFile(database);
    }

    /// <summary>Begins, unless it has begun.</summary>
    public static void Begin(JournalSession session, string manner, long now) => session.Run(_begin, manner, now);

    /// <summary>All batches are here.</summary>
    public static void Seal(JournalSession session) => session.Run(_seal);

    /// <summary>Keeps the time that it shows.</summary>
    public static void Save(JournalSession session, long clock, long skipped) => session.Run(_clock, clock, skipped);

    /// <summary>Keeps what was measured, and the odd messages that came in; those that are there stay as they are.</summary>
    public static void Keep(JournalSession session, string measures, IReadOnlyList<OddMail> odd)
    {
        session.Run(_measures, measures);
        foreach (var mail in odd)
        {
            session.Run(_odd, mail.Number, mail.Kind, mail.Address, mail.Message);
        }
    }

    /// <summary>Keeps the last report: it is done.</summary>
    public static void Finish(JournalSession session, byte[] report) => session.Run(_done, report);

    /// <summary>How it stands; null before <see cref="Begin"/>.</summary>
    public async Task<RehearsalState?> State(CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<RehearsalState>(new CommandDefinition(
            "SELECT manner AS Manner, is_sealed AS IsSealed, clock AS Clock, started_at AS StartedAt, skipped AS Skipped, measures AS Measures, report AS Report FROM rehearsal",
            cancellationToken: cancellationToken));
    }

    /// <summary>When the next one of those who wait is due after now, Unix milliseconds; null if nobody is.</summary>
    public Task<long?> FirstDue(long now, CancellationToken cancellationToken) =>
        Due("SELECT MIN(next_at) FROM recipient WHERE state = 0 AND next_at > @now", new { now }, cancellationToken);

    /// <summary>When the last one of those is due who are due after now and until a moment; null if nobody is.</summary>
    public Task<long?> LastDue(long now, long until, CancellationToken cancellationToken) =>
        Due("SELECT MAX(next_at) FROM recipient WHERE state = 0 AND next_at > @now AND next_at <= @until", new { now, until }, cancellationToken);

    /// <summary>What became of the recipients of each domain, the domains in order of their names.</summary>
    public async Task<IReadOnlyList<DomainCounts>> Domains(CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var rows = await connection.QueryAsync<DomainCounts>(new CommandDefinition(
            """
            SELECT lane AS Domain, waiting + deferred + offered AS Waiting, deferred AS Deferred, accepted AS Accepted, refused AS Refused, expired AS Expired,
                   suppressed AS Suppressed, in_doubt AS InDoubt, COALESCE(reply, '') AS Deferral
            FROM tally ORDER BY lane
            """,
            cancellationToken: cancellationToken));
        return rows.AsList();
    }

    /// <summary>Attempts and the moment of the last fate, by domain. Reads all recipients.</summary>
    public async Task<IReadOnlyDictionary<string, DomainAttempts>> Attempts(CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var rows = await connection.QueryAsync<DomainAttempts>(new CommandDefinition(
            """
            SELECT recipient.lane AS Domain, SUM(recipient.attempts) AS Attempts, SUM(recipient.attempts > 1) AS Deferred, MAX(event.at) AS LastAt
            FROM event JOIN recipient ON recipient.job_id = event.job_id AND recipient.id = event.recipient_id
            GROUP BY recipient.lane
            """,
            cancellationToken: cancellationToken));
        return rows.ToDictionary(row => row.Domain, StringComparer.Ordinal);
    }

    /// <summary>How many were refused without any receiver having heard of them, and a few of them.</summary>
    public async Task<(long Count, IReadOnlyList<RefusedHere> Examples)> RefusedHere(CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var count = await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            "SELECT COUNT(*) FROM event WHERE fate = @refused AND host = ''", new { refused = (int)Standing.Refused }, cancellationToken: cancellationToken));
        var examples = await connection.QueryAsync<RefusedHere>(new CommandDefinition(
            """
            SELECT recipient.address AS Address, event.reply AS Reply
            FROM event JOIN recipient ON recipient.job_id = event.job_id AND recipient.id = event.recipient_id
            WHERE event.fate = @refused AND event.host = '' ORDER BY event.number LIMIT @most
            """,
            new { refused = (int)Standing.Refused, most = Measures.MostExamples },
            cancellationToken: cancellationToken));
        return (count, examples.AsList());
    }

    /// <summary>One reply for each domain that refused somebody.</summary>
    public async Task<IReadOnlyDictionary<string, string>> Refusals(CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var rows = await connection.QueryAsync<(string Domain, string Reply)>(new CommandDefinition(
            """
            SELECT recipient.lane, MIN(event.reply)
            FROM event JOIN recipient ON recipient.job_id = event.job_id AND recipient.id = event.recipient_id
            WHERE event.fate = @refused GROUP BY recipient.lane
            """,
            new { refused = (int)Standing.Refused },
            cancellationToken: cancellationToken));
        return rows.ToDictionary(row => row.Domain, row => row.Reply, StringComparer.Ordinal);
    }

    /// <summary>The odd messages that were kept, without their bytes.</summary>
    public async Task<IReadOnlyList<KeptOdd>> Odd(CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var rows = await connection.QueryAsync<KeptOdd>(new CommandDefinition(
            "SELECT number AS Number, kind AS Kind, address AS Address FROM odd_message ORDER BY number", cancellationToken: cancellationToken));
        return rows.AsList();
    }

    /// <summary>The bytes of an odd message, or null.</summary>
    public async Task<byte[]?> OddMessage(long number, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        return await connection.ExecuteScalarAsync<byte[]?>(new CommandDefinition(
            "SELECT message FROM odd_message WHERE number = @number", new { number }, cancellationToken: cancellationToken));
    }

    private async Task<long?> Due(string query, object values, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        return await connection.ExecuteScalarAsync<long?>(new CommandDefinition(query, values, cancellationToken: cancellationToken));
    }
}

/// <summary>How a rehearsal stands.</summary>
internal sealed record RehearsalState
{
    public string Manner { get; init; } = "";

    public long IsSealed { get; init; }

    public long Clock { get; init; }

    public long StartedAt { get; init; }

    public long Skipped { get; init; }

    public string? Measures { get; init; }

    public byte[]? Report { get; init; }
}

/// <summary>Recipients of a domain by where they stand.</summary>
internal sealed record DomainCounts
{
    public string Domain { get; init; } = "";

    public long Waiting { get; init; }

    public long Deferred { get; init; }

    public long Accepted { get; init; }

    public long Refused { get; init; }

    public long Expired { get; init; }

    public long Suppressed { get; init; }

    public long InDoubt { get; init; }

    public string Deferral { get; init; } = "";

    /// <summary>All of them.</summary>
    public long All => Waiting + Accepted + Refused + Expired + Suppressed + InDoubt;
}

/// <summary>How often it was tried at a domain.</summary>
internal sealed record DomainAttempts
{
    public string Domain { get; init; } = "";

    public long Attempts { get; init; }

    public long Deferred { get; init; }

    public long LastAt { get; init; }
}

/// <summary>Somebody whom no receiver heard of.</summary>
internal sealed record RefusedHere
{
    public string Address { get; init; } = "";

    public string Reply { get; init; } = "";
}

/// <summary>An odd message.</summary>
internal sealed record KeptOdd
{
    public long Number { get; init; }

    public string Kind { get; init; } = "";

    public string Address { get; init; } = "";
}
