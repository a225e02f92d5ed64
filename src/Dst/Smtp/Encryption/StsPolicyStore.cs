// SPDX-License-Identifier: Apache-2.0
using System.Data;
using Dapper;
using Tutti.Dst.Journal;
using Tutti.Wiring.Storage;

namespace Tutti.Dst.Smtp.Encryption;

/// <summary>Policies that were fetched, so that they count after a restart too.</summary>
internal sealed class StsPolicyStore(Database database)
{
    private static readonly Statement _put = new(
        """
        INSERT INTO sts_policy (domain, id, body, fetched_at, ends_at) VALUES (@domain, @id, @body, @fetched_at, @ends_at)
        ON CONFLICT (domain) DO UPDATE SET id = excluded.id, body = excluded.body, fetched_at = excluded.fetched_at, ends_at = excluded.ends_at
        """,
        ("domain", DbType.String), ("id", DbType.String), ("body", DbType.String), ("fetched_at", DbType.Int64), ("ends_at", DbType.Int64));

    private static readonly Statement _drop = new("DELETE FROM sts_policy WHERE ends_at < @now", ("now", DbType.Int64));

    /// <summary>Keeps a policy in place of the one of the same domain.</summary>
    public static bool Put(JournalSession session, KeptPolicy policy)
    {
        session.Run(_put, policy.Domain, policy.Id, policy.Body, policy.FetchedAt, policy.EndsAt);
        return true;
    }

    /// <summary>Drops those that ended.</summary>
    public static bool DropEnded(JournalSession session, long now)
    {
        session.Run(_drop, now);
        return true;
    }

    /// <summary>The policy of a domain, ended or not; null if none is kept.</summary>
    public async Task<KeptPolicy?> Find(string domain, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<KeptPolicy>(new CommandDefinition(
            "SELECT domain AS Domain, id AS Id, body AS Body, fetched_at AS FetchedAt, ends_at AS EndsAt FROM sts_policy WHERE domain = @domain",
            new { domain },
            cancellationToken: cancellationToken));
    }

    /// <summary>Domains whose policy was fetched before a moment and has not ended, the oldest first.</summary>
    public async Task<IReadOnlyList<string>> FetchedBefore(long moment, long now, int limit, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        return [.. await connection.QueryAsync<string>(new CommandDefinition(
            "SELECT domain FROM sts_policy WHERE fetched_at < @moment AND ends_at >= @now ORDER BY fetched_at LIMIT @limit",
            new { moment, now, limit },
            cancellationToken: cancellationToken))];
    }
}

/// <summary>A policy as it was fetched.</summary>
/// <param name="Domain">Whose it is, in lower case.</param>
/// <param name="Id">Under which id.</param>
/// <param name="Body">The file; sound.</param>
/// <param name="FetchedAt">When, Unix milliseconds.</param>
/// <param name="EndsAt">Until when it counts, Unix milliseconds.</param>
internal sealed record KeptPolicy(string Domain, string Id, string Body, long FetchedAt, long EndsAt)
{
    private StsPolicy? _policy;

    /// <summary>What it says.</summary>
    public StsPolicy Policy => _policy ??= StsPolicy.TryRead(Body, out var policy, out _) ? policy : new StsPolicy(StsMode.None, TimeSpan.Zero, []);
}
