// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
using Dapper;
using Tutti.Lui.Delivery;
using Tutti.Lui.Fates;
using Tutti.Lui.Recipients;
using Tutti.Lui.Recipients.Columns;
using Tutti.Lui.Returns;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Reports;

/// <summary>What became of one recipient.</summary>
/// <param name="Id">Unique in the delivery.</param>
/// <param name="Address">As in the envelope.</param>
/// <param name="Fate">Waiting if there is none yet.</param>
/// <param name="At">When it was decided; null while waiting.</param>
/// <param name="Reply">The receiver's last reply or the local reason.</param>
/// <param name="Host">Who gave the reply.</param>
/// <param name="Attempts">How often the message was tried.</param>
internal sealed record RecipientFate(long Id, string Address, Fate Fate, DateTimeOffset? At, string Reply, string Host, long Attempts)
{
    /// <summary>The value of the column that tells recipients apart; null where there is none.</summary>
    public string? Identification { get; init; }

    /// <summary>What came back for it, most often nothing.</summary>
    public IReadOnlyList<Returned> CameBack { get; init; } = [];
}

/// <summary>Lists the recipients of a delivery with their fates.</summary>
internal sealed class RecipientFateStore(Database database, ReturnStore returns)
{
    private const int Page = 5000;

    /// <summary>The column that tells the recipients of a delivery apart, or null.</summary>
    public async Task<int?> IdentificationOf(Delivery.Delivery delivery, CancellationToken cancellationToken)
    {
        if (delivery.Kind == DeliveryKind.Test)
        {
            return null;
        }

        await using var connection = await database.Open(cancellationToken);
        var rules = await connection.ExecuteScalarAsync<string?>(new CommandDefinition(
            "SELECT rules FROM recipient_source WHERE id = @RecipientsId", new { delivery.RecipientsId }, cancellationToken: cancellationToken));
        return rules is null ? null : ColumnRules.FromJson(rules).Identification;
    }

    /// <summary>A page of recipients behind an id, in the order of the ids.</summary>
    /// <param name="delivery">The delivery.</param>
    /// <param name="after">Recipients with larger ids.</param>
    /// <param name="filter">Which of them.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async Task<IReadOnlyList<RecipientFate>> List(Delivery.Delivery delivery, long after, FateFilter filter, int limit, CancellationToken cancellationToken)
    {
        var column = await IdentificationOf(delivery, cancellationToken);
        var identification = column is null ? "NULL" : RecipientFields.ValueOf(database.Dialect, "recipient");
        var recipients = delivery.Kind == DeliveryKind.Test
            ? "SELECT id, address, NULL AS identification FROM test_recipient WHERE delivery_id = @Id AND id > @after"
            : $"SELECT id, address, {identification} AS identification FROM recipient WHERE recipients_id = @RecipientsId AND id > @after";
        var which = filter switch
        {
            { Bounced: true } => "WHERE EXISTS (SELECT 1 FROM came_back WHERE came_back.job_id = @Id AND came_back.recipient_id = one.id AND came_back.kind = 1)",
            { Fate: null } => "",
            { Fate: Fate.Waiting } => "WHERE outcome.fate IS NULL",
            _ => "WHERE outcome.fate = @fate",
        };
        await using var connection = await database.Open(cancellationToken);
        var rows = (await connection.QueryAsync<Row>(new CommandDefinition(
            $"""
            SELECT one.id, one.address, one.identification, outcome.fate, outcome.at, outcome.reply, outcome.host, outcome.attempts
            FROM ({recipients}) AS one
            LEFT JOIN outcome ON outcome.job_id = @Id AND outcome.recipient_id = one.id
            {which} ORDER BY one.id LIMIT @limit
            """,
            new { delivery.Id, delivery.RecipientsId, column, after, fate = (long)(filter.Fate ?? Fate.Waiting), limit },
            cancellationToken: cancellationToken))).AsList();
        if (rows.Count == 0)
        {
            return [];
        }

        var cameBack = await returns.Among(delivery.Id, after, rows[^1].Id, cancellationToken);
        return [.. rows.Select(row => row.ToFate() with { CameBack = [.. cameBack[row.Id]] })];
    }

    /// <summary>All recipients, in pages behind the scenes, so that no reader holds a connection for long.</summary>
    public async IAsyncEnumerable<RecipientFate> Stream(Delivery.Delivery delivery, FateFilter filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var after = 0L;
        while (true)
        {
            var page = await List(delivery, after, filter, Page, cancellationToken);
            foreach (var one in page)
            {
                yield return one;
            }

            if (page.Count < Page)
            {
                yield break;
            }

            after = page[^1].Id;
        }
    }

    private sealed record Row
    {
        public long Id { get; init; }

        public string Address { get; init; } = "";

        public string? Identification { get; init; }

        public long? Fate { get; init; }

        public long? At { get; init; }

        public string? Reply { get; init; }

        public string? Host { get; init; }

        public long? Attempts { get; init; }

        public RecipientFate ToFate() => new(
            Id,
            Address,
            (Fates.Fate)(Fate ?? 0),
            At is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null,
            Reply ?? "",
            Host ?? "",
            Attempts ?? 0)
        {
            Identification = Identification,
        };
    }
}
