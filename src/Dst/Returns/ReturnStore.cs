// SPDX-License-Identifier: Apache-2.0
using System.Data;
using Dapper;
using Tutti.Dst.Journal;
using Tutti.Dst.Returns.Rules;
using Tutti.Wiring.Storage;

namespace Tutti.Dst.Returns;

/// <summary>Mail of the return domain as it came. It is written before its sender hears that it was taken, and read afterwards.</summary>
internal sealed class ReturnStore(Database database)
{
    private static readonly Statement _keep = new(
        """
        INSERT INTO returned (received_at, digest, sender, recipient, message) VALUES (@at, @digest, @sender, @recipient, @message)
        ON CONFLICT (digest) DO NOTHING
        """,
        ("at", DbType.Int64), ("digest", DbType.Binary), ("sender", DbType.String), ("recipient", DbType.String), ("message", DbType.Binary));

    private static readonly Statement _read = new(
        "UPDATE returned SET read_at = @at WHERE number = @number AND read_at IS NULL", ("at", DbType.Int64), ("number", DbType.Int64));

    private static readonly Statement _drop = new(
        "DELETE FROM returned WHERE number IN (SELECT number FROM returned WHERE read_at < @before LIMIT @limit)",
        ("before", DbType.Int64), ("limit", DbType.Int32));

    /// <summary>Keeps a message; one that is here already, because its sender did not hear our answer, is not kept twice.</summary>
    public static bool Keep(JournalSession session, NewReturn mail) =>
        session.Run(_keep, mail.At, mail.Digest, mail.Sender, mail.Recipient, mail.Message) > 0;

    /// <summary>Marks a message as read and writes what it says into the feed, both or neither. Does nothing if somebody has read it before.</summary>
    public static bool Settle(JournalSession session, long number, ReturnFinding? finding, long now)
    {
        if (session.Run(_read, now, number) == 0)
        {
            return false;
        }

        if (finding is { } found)
        {
            session.AddReturn(now, found);
        }

        return true;
    }

    /// <summary>Drops some of those that were read long ago.</summary>
    /// <returns>How many.</returns>
    public static int DropOld(JournalSession session, long readBefore, int limit) => session.Run(_drop, readBefore, limit);

    /// <summary>The oldest that nobody has read, or null.</summary>
    public async Task<UnreadReturn?> Next(long after, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        await using var row = await connection.ExecuteReaderAsync(new CommandDefinition(
            "SELECT number, sender, recipient, message FROM returned WHERE read_at IS NULL AND number > @after ORDER BY number LIMIT 1",
            new { after },
            cancellationToken: cancellationToken));
        return await row.ReadAsync(cancellationToken)
            ? new UnreadReturn(row.GetInt64(0), row.GetString(1), row.GetString(2), (byte[])row.GetValue(3))
            : null;
    }
}

/// <summary>A message that comes in.</summary>
internal sealed record NewReturn(long At, byte[] Digest, string Sender, string Recipient, byte[] Message);

/// <summary>A message that nobody has read.</summary>
internal sealed record UnreadReturn(long Number, string Sender, string Recipient, byte[] Message);

/// <summary>What a message says about a recipient.</summary>
/// <param name="To">Whose message came back.</param>
/// <param name="What">What happened.</param>
/// <param name="Class">What kind of no a bounce is.</param>
/// <param name="Reply">The words of the server that gave up, or of the report.</param>
/// <param name="Host">Who said them; may be empty.</param>
internal sealed record ReturnFinding(ReturnedTo To, CameBack What, BounceClass Class, string Reply, string Host);
