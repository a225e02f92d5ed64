// SPDX-License-Identifier: Apache-2.0
using System.Data.Common;
using Dapper;
using Tutti.Lui.Jobs.Schedules;
using Tutti.Lui.Recipients;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Delivery.Zones;

/// <summary>Finds out when each recipient of a set is due by a clock of his or her own, and puts a delivery into that order.</summary>
internal sealed class ReadZones(Database database)
{
    /// <summary>Who is due when; null if the set has no such column. Whose zone is not known is due by the other one.</summary>
    /// <param name="snapshot">The set.</param>
    /// <param name="local">The time on everybody's clock.</param>
    /// <param name="otherwise">The zone of those whose own is not known.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<ZoneReading?> Handle(Snapshot snapshot, LocalStart local, string otherwise, CancellationToken cancellationToken)
    {
        var column = snapshot.Columns.ToList().FindIndex(name => string.Equals(name, local.Column, StringComparison.OrdinalIgnoreCase));
        if (column < 0)
        {
            return null;
        }

        var fallback = ZoneNames.Find(otherwise) ?? TimeZoneInfo.Utc;
        var zones = new Dictionary<string, TimeZoneInfo>(StringComparer.Ordinal);
        var counts = new SortedDictionary<DateTimeOffset, (long Recipients, SortedSet<string> Names)>();
        var (unknown, example) = (0L, (string?)null);
        await using (var connection = await database.Open(cancellationToken))
        {
            var rows = connection.QueryUnbufferedAsync<(string? Value, long Recipients)>(
                $"SELECT {ValueOf("recipient")} AS value, COUNT(*) FROM recipient WHERE recipients_id = @RecipientsId GROUP BY 1",
                new { snapshot.RecipientsId, column });
            await foreach (var (value, recipients) in rows.WithCancellation(cancellationToken))
            {
                var zone = ZoneNames.Find(value);
                if (zone is not null)
                {
                    zones[value!] = zone;
                }
                else
                {
                    unknown += recipients;
                    example ??= string.IsNullOrWhiteSpace(value) ? null : value.Trim();
                }

                var at = local.In(zone ?? fallback).ToUniversalTime();
                var (before, names) = counts.GetValueOrDefault(at, (0, new SortedSet<string>(StringComparer.Ordinal)));
                names.Add((zone ?? fallback).Id);
                counts[at] = (before + recipients, names);
            }
        }

        var last = 0L;
        var parts = counts.Select(part => new ZonePart(part.Key, last += part.Value.Recipients, [.. part.Value.Names])).ToList();
        int NumberOf(TimeZoneInfo zone) => parts.FindIndex(part => part.At == local.In(zone));
        return new ZoneReading(
            column, new ZonePlan(parts), zones.ToDictionary(pair => pair.Key, pair => NumberOf(pair.Value), StringComparer.Ordinal), NumberOf(fallback), unknown, example);
    }

    /// <summary>Puts the recipients of a delivery into the order of their moments, each once, within the transaction that starts it.</summary>
    public async Task Arrange(DbTransaction transaction, Delivery delivery, ZoneReading reading, CancellationToken cancellationToken)
    {
        var connection = transaction.Connection!;
        await connection.ExecuteAsync(new CommandDefinition(
            "INSERT INTO delivery_zone (delivery_id, value, part) VALUES (@Id, @Key, @Value)",
            reading.PartOf.Select(pair => new { delivery.Id, pair.Key, pair.Value }),
            transaction,
            cancellationToken: cancellationToken));
        await connection.ExecuteAsync(new CommandDefinition(
            $"""
            INSERT INTO delivery_order (delivery_id, position, recipient_id)
            SELECT @Id, ROW_NUMBER() OVER (ORDER BY COALESCE(delivery_zone.part, @FallbackPart), recipient.id), recipient.id
            FROM recipient LEFT JOIN delivery_zone ON delivery_zone.delivery_id = @Id AND delivery_zone.value = {ValueOf("recipient")}
            WHERE recipient.recipients_id = @RecipientsId
            """,
            new { delivery.Id, delivery.RecipientsId, reading.FallbackPart, column = reading.ColumnIndex },
            transaction,
            cancellationToken: cancellationToken));
        await connection.ExecuteAsync(new CommandDefinition(
            "DELETE FROM delivery_zone WHERE delivery_id = @Id", new { delivery.Id }, transaction, cancellationToken: cancellationToken));
    }

    private string ValueOf(string table) => RecipientFields.ValueOf(database.Dialect, table);
}
