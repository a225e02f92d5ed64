// SPDX-License-Identifier: Apache-2.0
using System.Data.Common;
using Dapper;
using Tutti.Lui.Archives.Format;
using Tutti.Lui.Suppression;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Archives;

/// <summary>
/// People unsubscribe from a message months after it was sent, when their addresses are in the archive only. What they ask for is kept until their address was looked
/// up in the file, and then is on the suppression list as ever; the same for hard bounces and complaints.
/// </summary>
internal sealed class LateWishes(Database database, ArchiveStore archives, ArchiveFolder folder)
{
    /// <summary>Keeps what a recipient of an archived job asked for, within the transaction that stores the event; of any other job it keeps nothing.</summary>
    /// <param name="transaction">Stores the event.</param>
    /// <param name="deliveryId">The delivery.</param>
    /// <param name="recipientId">The recipient.</param>
    /// <param name="source">Where the wish comes from: unsubscribe, bounce or complaint.</param>
    /// <param name="reason">In words.</param>
    /// <param name="at">When, Unix time in milliseconds.</param>
    public static Task Keep(DbTransaction transaction, long deliveryId, long recipientId, string source, string reason, long at) =>
        transaction.Connection!.ExecuteAsync(
            """
            INSERT INTO archived_wish (job_id, recipient_id, source, reason, at)
            SELECT job.id, @recipientId, @source, @reason, @at FROM delivery JOIN job ON job.id = delivery.job_id
            WHERE delivery.id = @deliveryId AND delivery.kind = 'job' AND job.state = 'archived'
            ON CONFLICT (job_id, recipient_id, source) DO NOTHING
            """,
            new { deliveryId, recipientId, source, reason, at },
            transaction);

    /// <summary>Looks the addresses up and fulfils what was asked for. Answers how much of it.</summary>
    public async Task<int> Handle(CancellationToken cancellationToken)
    {
        List<Wish> wishes;
        await using (var connection = await database.Open(cancellationToken))
        {
            wishes = (await connection.QueryAsync<Wish>(new CommandDefinition(
                """
                SELECT w.job_id AS JobId, w.recipient_id AS RecipientId, w.source AS Source, w.reason AS Reason, w.at AS At, delivery.recipients_id AS SetId, recipient.normalized AS Address
                FROM archived_wish w JOIN delivery ON delivery.id = w.job_id
                LEFT JOIN recipient ON recipient.recipients_id = delivery.recipients_id AND recipient.id = w.recipient_id
                ORDER BY w.job_id LIMIT 10000
                """,
                cancellationToken: cancellationToken))).AsList();
        }

        var done = 0;
        foreach (var job in wishes.GroupBy(wish => wish.JobId))
        {
            var found = job.Where(wish => wish.Address is not null).ToList();
            if (job.Where(wish => wish.Address is null).ToList() is { Count: > 0 } away)
            {
                found.AddRange(await LookUp(job.Key, away, cancellationToken));
            }

            await database.Write(transaction => Fulfil(transaction, found), cancellationToken);
            done += found.Count;
        }

        return done;
    }

    private async Task<List<Wish>> LookUp(long jobId, List<Wish> wishes, CancellationToken cancellationToken)
    {
        if (await archives.Find(jobId, cancellationToken) is not { } archive || !(await CheckedFile.Open(folder, archive, cancellationToken)).Is(out var file, out _))
        {
            return [];
        }

        using (file)
        {
            var wanted = wishes.ToLookup(wish => (wish.SetId, wish.RecipientId));
            var found = new List<Wish>();
            await foreach (var row in file.Rows(ArchivedTable.Find("recipient")!, cancellationToken))
            {
                found.AddRange(wanted[((long)row["recipients_id"]!, (long)row["id"]!)].Select(wish => wish with { Address = (string)row["normalized"]! }));
            }

            return found;
        }
    }

    private static async Task Fulfil(DbTransaction transaction, List<Wish> wishes)
    {
        foreach (var wish in wishes)
        {
            await SuppressionStore.Add(transaction, [new SuppressedAddress(wish.Address!, wish.Reason, wish.Source, wish.At)]);
            await transaction.Connection!.ExecuteAsync(
                "DELETE FROM archived_wish WHERE job_id = @JobId AND recipient_id = @RecipientId AND source = @Source", wish, transaction);
        }
    }

    private sealed record Wish(long JobId, long RecipientId, string Source, string Reason, long At, long SetId, string? Address);
}
