// SPDX-License-Identifier: Apache-2.0
using System.Data.Common;
using Dapper;

namespace Tutti.Lui.Suppression;

/// <summary>A recipient of a set whose address stands on the list.</summary>
/// <param name="Id">In its set.</param>
/// <param name="Reason">Why the address is on the list, in words.</param>
internal sealed record SuppressedRecipient(long Id, string Reason);

/// <summary>
/// The one place that decides which recipients of a set stand on the list. The hand-over and the waterfall that is shown
/// before it both read from here, so that they cannot come to different numbers.
/// </summary>
internal static class SuppressedRecipients
{
    /// <summary>Recipients of the set <c>@recipientsId</c> with their entry; for FROM and WHERE. The tables keep their names.</summary>
    public const string OfSet = "recipient JOIN suppression ON suppression.address = recipient.normalized WHERE recipient.recipients_id = @recipientsId";

    /// <summary>True for a row of <c>recipient</c> whose address is on the list.</summary>
    public const string IsSuppressed = "EXISTS (SELECT 1 FROM suppression WHERE suppression.address = recipient.normalized)";

    /// <summary>Those with after &lt; id &lt;= last, as the transaction sees them.</summary>
    public static async Task<IReadOnlyList<SuppressedRecipient>> Among(
        DbTransaction transaction, long recipientsId, long afterId, long lastId, CancellationToken cancellationToken) =>
        (await transaction.Connection!.QueryAsync<SuppressedRecipient>(new CommandDefinition(
            $"SELECT recipient.id, suppression.reason FROM {OfSet} AND recipient.id > @afterId AND recipient.id <= @lastId",
            new { recipientsId, afterId, lastId },
            transaction,
            cancellationToken: cancellationToken))).AsList();

    /// <summary>Those with after &lt; place &lt;= last in the order of a delivery that has one of its own.</summary>
    public static async Task<IReadOnlyList<SuppressedRecipient>> AmongPlaced(
        DbTransaction transaction, long deliveryId, long recipientsId, long after, long last, CancellationToken cancellationToken) =>
        (await transaction.Connection!.QueryAsync<SuppressedRecipient>(new CommandDefinition(
            $"""
            SELECT recipient.id, suppression.reason FROM {OfSet} AND recipient.id IN
                (SELECT recipient_id FROM delivery_order WHERE delivery_id = @deliveryId AND position > @after AND position <= @last)
            """,
            new { deliveryId, recipientsId, after, last },
            transaction,
            cancellationToken: cancellationToken))).AsList();
}
