// SPDX-License-Identifier: Apache-2.0
using Dapper;
using Tutti.Lui.Fates;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Delivery.Batches;

/// <summary>Gives those who are in no batch of a closed job their fate: they were never offered to anybody.</summary>
internal sealed class WithdrawUnclaimed(Database database, OutcomeStore outcomes, TimeProvider clock)
{
    private const int Step = 20_000;

    /// <summary>All of them, in transactions short enough for others to get in between.</summary>
    public async Task Handle(Delivery delivery, CancellationToken cancellationToken)
    {
        var after = delivery.ClaimedTo;
        while (after < delivery.LastId)
        {
            var from = after;
            var to = Math.Min(after + Step, delivery.LastId);
            var moved = await database.Write(
                async transaction =>
                {
                    if (!await BatchStore.Skip(transaction, delivery.Id, from, to, Course.Withdraw, cancellationToken))
                    {
                        return false;
                    }

                    var ids = await transaction.Connection!.QueryAsync<long>(new CommandDefinition(
                        delivery.Kind == DeliveryKind.Test ? "SELECT id FROM test_recipient WHERE delivery_id = @Id AND id > @from AND id <= @to"
                        : delivery.Zones is not null ? "SELECT recipient_id FROM delivery_order WHERE delivery_id = @Id AND position > @from AND position <= @to"
                        : "SELECT id FROM recipient WHERE recipients_id = @RecipientsId AND id > @from AND id <= @to",
                        new { delivery.Id, delivery.RecipientsId, from, to },
                        transaction,
                        cancellationToken: cancellationToken));
                    var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
                    await outcomes.Add(
                        transaction,
                        [.. ids.Select(id => new FateEvent(delivery.Id, id, Fate.Withdrawn, DeliveryWords.ClosedBefore, "", 0, now))],
                        OutcomeStore.OwnDecision,
                        cancellationToken);
                    return true;
                },
                cancellationToken);
            if (!moved)
            {
                return;
            }

            after = to;
        }
    }
}
