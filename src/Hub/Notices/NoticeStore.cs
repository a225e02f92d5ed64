// SPDX-License-Identifier: Apache-2.0
using Dapper;
using Tutti.Hub.Components;
using Tutti.Wiring.Storage;

namespace Tutti.Hub.Notices;

/// <summary>Something that is to be told.</summary>
internal sealed record DueNotice(string Condition, string Words, long BeganAt);

/// <summary>Keeps what needs attention since when, and what administrators were told of it.</summary>
internal sealed class NoticeStore(Database database)
{
    /// <summary>Brings it up to what is there now. What comes back soon after it went is the same as before; what stayed away is forgotten, so that it is told again should it come back.</summary>
    /// <param name="there">What needs attention now.</param>
    /// <param name="now">This moment.</param>
    /// <param name="goneFor">How long something has to be mended to be forgotten.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    public Task Keep(IReadOnlyList<Condition> there, DateTimeOffset now, TimeSpan goneFor, CancellationToken cancellationToken) => database.Write(
        async transaction =>
        {
            var connection = transaction.Connection!;
            var at = now.ToUnixTimeMilliseconds();
            var known = (await connection.QueryAsync<string>(new CommandDefinition("SELECT condition FROM notice", transaction: transaction, cancellationToken: cancellationToken))).ToHashSet(StringComparer.Ordinal);
            await connection.ExecuteAsync(new CommandDefinition(
                """
                INSERT INTO notice (condition, words, began_at) VALUES (@Key, @Words, @at)
                ON CONFLICT (condition) DO UPDATE SET words = excluded.words, gone_at = NULL
                """,
                there.Select(condition => new { condition.Key, condition.Words, at }),
                transaction,
                cancellationToken: cancellationToken));
            await connection.ExecuteAsync(new CommandDefinition(
                "UPDATE notice SET gone_at = @at WHERE condition = @condition AND gone_at IS NULL",
                known.Except(there.Select(condition => condition.Key)).Select(condition => new { condition, at }),
                transaction,
                cancellationToken: cancellationToken));
            // What was never told need not be remembered.
            await connection.ExecuteAsync(new CommandDefinition(
                "DELETE FROM notice WHERE gone_at IS NOT NULL AND (gone_at <= @before OR told_at IS NULL)",
                new { before = at - (long)goneFor.TotalMilliseconds },
                transaction,
                cancellationToken: cancellationToken));
        },
        cancellationToken);

    /// <summary>What is there since a moment or longer and was not told, the oldest first.</summary>
    public async Task<IReadOnlyList<DueNotice>> Due(DateTimeOffset since, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        return [.. await connection.QueryAsync<DueNotice>(new CommandDefinition(
            """
            SELECT condition AS Condition, words AS Words, began_at AS BeganAt
            FROM notice WHERE told_at IS NULL AND gone_at IS NULL AND began_at <= @since ORDER BY began_at, condition
            """,
            new { since = since.ToUnixTimeMilliseconds() },
            cancellationToken: cancellationToken))];
    }

    /// <summary>When administrators were told something last, of what is still remembered; null if never.</summary>
    public async Task<DateTimeOffset?> LastTold(CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var at = await connection.ExecuteScalarAsync<long?>(new CommandDefinition("SELECT MAX(told_at) FROM notice", cancellationToken: cancellationToken));
        return at is { } milliseconds ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : null;
    }

    /// <summary>They were told.</summary>
    public Task Told(IReadOnlyList<DueNotice> notices, DateTimeOffset now, CancellationToken cancellationToken) => database.Write(
        transaction => transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "UPDATE notice SET told_at = @at WHERE condition = @Condition AND told_at IS NULL",
            notices.Select(notice => new { notice.Condition, at = now.ToUnixTimeMilliseconds() }),
            transaction,
            cancellationToken: cancellationToken)),
        cancellationToken);
}
