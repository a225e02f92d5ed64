// SPDX-License-Identifier: Apache-2.0
using System.Data.Common;
using System.Globalization;
using Dapper;
using Tutti.Lui.Archives;
using Tutti.Lui.Fates;
using Tutti.Lui.Suppression;
using Tutti.Lui.Webhooks.Events;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Returns;

/// <summary>What came back, and what follows from it: bad addresses and those of people who objected go onto the suppression list.</summary>
internal sealed class ReturnStore(Database database, SoftBounceStore softBounces)
{
    /// <summary>The reply of a fate that a bounce settled.</summary>
    public const string SettledByReturn = "In doubt, until it came back.";

    /// <summary>
    /// Stores what came back within the transaction that moves the feed's mark. A message in doubt that came back was plainly taken.
    /// What comes again changes nothing, except that a hard bounce goes before a soft one.
    /// </summary>
    public async Task Add(DbTransaction transaction, long feed, IReadOnlyList<Returned> events, CancellationToken cancellationToken)
    {
        var (told, taken) = (new List<Returned>(), new List<FateEvent>());
        foreach (var one in events)
        {
            var isNew = await transaction.Connection!.ExecuteAsync(
                """
                INSERT INTO came_back (job_id, recipient_id, kind, class, reply, host, at, feed)
                VALUES (@JobId, @RecipientId, @kind, @class, @Reply, @Host, @At, @feed)
                ON CONFLICT (job_id, recipient_id, kind) DO UPDATE
                    SET class = excluded.class, reply = excluded.reply, host = excluded.host, at = excluded.at, feed = excluded.feed
                    WHERE excluded.class = 1 AND came_back.class <> 1
                """,
                new { one.JobId, one.RecipientId, kind = (long)one.What, @class = (long)one.Class, one.Reply, one.Host, one.At, feed },
                transaction);
            if (isNew == 0)
            {
                continue;
            }

            told.Add(one);
            if (await SettleDoubt(transaction, one))
            {
                taken.Add(new FateEvent(one.JobId, one.RecipientId, Fate.Accepted, SettledByReturn, "", 1, one.At));
            }

            switch (one.What)
            {
                case CameBack.Bounced:
                    await Follow(transaction, one.JobId, one.RecipientId, one.Class, one.Reply, one.At);
                    break;
                case CameBack.Complained:
                    await Suppress(transaction, one.JobId, one.RecipientId, "complaint", Words("complained", one.At, ""), one.At);
                    break;
                case CameBack.Unsubscribed:
                    await Suppress(transaction, one.JobId, one.RecipientId, "unsubscribe", Words("unsubscribed by mail", one.At, ""), one.At);
                    break;
                default:
                    throw new InvalidOperationException($"{one.What} follows no rule.");
            }
        }

        await RecipientEvents.Write(transaction, taken, cancellationToken);
        await RecipientEvents.Write(transaction, told, cancellationToken);
    }

    /// <summary>What follows from a refusal at the moment of sending, within the same transaction: the same as from a bounce.</summary>
    public Task Follow(DbTransaction transaction, FateEvent refused, BounceClass @class) =>
        Follow(transaction, refused.JobId, refused.RecipientId, @class, refused.Reply, refused.At);

    /// <summary>How many messages of a job came back.</summary>
    public async Task<ReturnCounts> Count(long jobId, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var rows = (await connection.QueryAsync<(long Kind, long Class, long Messages)>(new CommandDefinition(
            "SELECT kind, class, COUNT(*) AS messages FROM came_back WHERE job_id = @jobId GROUP BY kind, class",
            new { jobId },
            cancellationToken: cancellationToken))).AsList();
        long Of(CameBack kind, params BounceClass[] classes) =>
            rows.Where(row => row.Kind == (long)kind && (classes.Length == 0 || classes.Contains((BounceClass)row.Class))).Sum(row => row.Messages);
        return new ReturnCounts(
            Of(CameBack.Bounced, BounceClass.Hard),
            Of(CameBack.Bounced, BounceClass.Soft, BounceClass.Transient, BounceClass.None),
            Of(CameBack.Bounced, BounceClass.Policy),
            Of(CameBack.Complained),
            Of(CameBack.Unsubscribed));
    }

    /// <summary>What came back for recipients of a delivery, those with ids from after one to another.</summary>
    public async Task<ILookup<long, Returned>> Among(long jobId, long after, long last, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(
            """
            SELECT job_id AS JobId, recipient_id AS RecipientId, kind, class, reply, host, at FROM came_back
            WHERE job_id = @jobId AND recipient_id > @after AND recipient_id <= @last ORDER BY recipient_id, kind
            """,
            new { jobId, after, last },
            cancellationToken: cancellationToken));
        return rows.ToLookup(row => row.RecipientId, row => row.ToReturned());
    }

    private async Task Follow(DbTransaction transaction, long jobId, long recipientId, BounceClass @class, string reply, long at)
    {
        switch (@class)
        {
            case BounceClass.Hard:
                await Suppress(transaction, jobId, recipientId, "bounce", Words("bounced", at, reply), at);
                break;
            case BounceClass.Complaint:
                await Suppress(transaction, jobId, recipientId, "complaint", Words("complained", at, reply), at);
                break;
            case BounceClass.Soft or BounceClass.Transient or BounceClass.None
                when await AddressOf(transaction, jobId, recipientId) is { } address && await softBounces.Add(transaction, address, jobId, at) is { } times:
                await SuppressionStore.Add(transaction, [new SuppressedAddress(address, Words(string.Create(CultureInfo.InvariantCulture, $"bounced {times} times in a row, last"), at, reply), "bounce", at)]);
                break;
            default:
                break;
        }
    }

    private static async Task Suppress(DbTransaction transaction, long jobId, long recipientId, string source, string reason, long at)
    {
        if (await AddressOf(transaction, jobId, recipientId) is { } address)
        {
            await SuppressionStore.Add(transaction, [new SuppressedAddress(address, reason, source, at)]);
            await SoftBounceStore.Forget(transaction, address);
        }
        else
        {
            await LateWishes.Keep(transaction, jobId, recipientId, source, reason, at);
        }
    }

    /// <summary>The normalised address; null for a test, which goes to colleagues: it says nothing about the recipients of jobs.</summary>
    private static Task<string?> AddressOf(DbTransaction transaction, long jobId, long recipientId) => transaction.Connection!.ExecuteScalarAsync<string?>(
        """
        SELECT recipient.normalized FROM delivery
        JOIN recipient ON recipient.recipients_id = delivery.recipients_id AND recipient.id = @recipientId
        WHERE delivery.id = @jobId AND delivery.kind = 'job'
        """,
        new { jobId, recipientId },
        transaction);

    private static async Task<bool> SettleDoubt(DbTransaction transaction, Returned one)
    {
        var settled = await transaction.Connection!.ExecuteAsync(
            "UPDATE outcome SET fate = 1, reply = @reply WHERE job_id = @JobId AND recipient_id = @RecipientId AND fate = 6 AND closed = 0",
            new { reply = SettledByReturn, one.JobId, one.RecipientId },
            transaction);
        if (settled > 0)
        {
            await OutcomeStore.SaveMoves(transaction, new Dictionary<(long Job, Fate Fate), long>
            {
                [(one.JobId, Fate.InDoubt)] = -settled,
                [(one.JobId, Fate.Accepted)] = settled,
            });
        }

        return settled > 0;
    }

    private static string Words(string what, long at, string reply)
    {
        var words = $"{what} on {DateTimeOffset.FromUnixTimeMilliseconds(at).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}";
        const int most = 200;
        return reply.Length == 0 ? words : $"{words}: {(reply.Length > most ? reply[..most] : reply)}";
    }

    private sealed record Row
    {
        public long JobId { get; init; }

        public long RecipientId { get; init; }

        public long Kind { get; init; }

        public long Class { get; init; }

        public string Reply { get; init; } = "";

        public string Host { get; init; } = "";

        public long At { get; init; }

        public Returned ToReturned() => new(JobId, RecipientId, (CameBack)Kind, (BounceClass)Class, Reply, Host, At);
    }
}
