// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using Dapper;
using Tutti.Lui.Delivery;
using Tutti.Lui.Viewing;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Insight;

/// <summary>What is held of a recipient for the message whose link was followed.</summary>
/// <param name="Address">The address.</param>
/// <param name="Normalized">The same as it stands in lists.</param>
/// <param name="Name">The name, or nothing.</param>
/// <param name="Fields">Values by the names of their columns.</param>
/// <param name="SenderName">Who sent the message.</param>
/// <param name="SenderAddress">From which address.</param>
/// <param name="SentAt">When the delivery began.</param>
/// <param name="IsTest">A test: it goes to colleagues, and their trying the page out is no wish of theirs.</param>
/// <param name="Suppressed">Whether nothing is sent to the address any more.</param>
internal sealed record Profile(
    string Address, string Normalized, string Name, IReadOnlyList<(string Name, string Value)> Fields, string SenderName, string SenderAddress, DateTimeOffset SentAt, bool IsTest, bool Suppressed);

/// <summary>Reads what is held of the recipient of a link. Nothing is changed or counted by it.</summary>
internal sealed class ReadProfile(Database database, ViewLinks links)
{
    /// <summary>The profile, or null: the link was not made here, or what it shows is not here any more.</summary>
    public async Task<Profile?> Handle(string token, CancellationToken cancellationToken)
    {
        if (await links.ReadProfile(token, cancellationToken) is not var (deliveryId, recipientId))
        {
            return null;
        }

        await using var connection = await database.Open(cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
            """
            SELECT recipient.address AS Address, recipient.normalized AS Normalized, recipient.display_name AS DisplayName, recipient.fields AS Fields, recipient_source.columns AS Columns,
                job.sender_name AS SenderName, job.sender_address AS SenderAddress, delivery.started_at AS StartedAt, delivery.kind AS Kind,
                (SELECT COUNT(*) FROM suppression WHERE suppression.address = recipient.normalized) AS Suppressed
            FROM delivery
            JOIN job ON job.id = delivery.job_id
            JOIN recipient_source ON recipient_source.id = delivery.recipients_id
            LEFT JOIN test_recipient ON test_recipient.delivery_id = delivery.id AND test_recipient.id = @recipientId
            JOIN recipient ON recipient.recipients_id = delivery.recipients_id AND recipient.id = COALESCE(test_recipient.sample_id, @recipientId)
            WHERE delivery.id = @deliveryId
            """,
            new { deliveryId, recipientId },
            cancellationToken: cancellationToken));
        return row is null
            ? null
            : new Profile(
                row.Address,
                row.Normalized,
                row.DisplayName,
                [.. JsonSerializer.Deserialize<string[]>(row.Columns)!.Zip(JsonSerializer.Deserialize<string?[]>(row.Fields)!.Select(value => value ?? ""))],
                row.SenderName ?? "",
                row.SenderAddress ?? "",
                DateTimeOffset.FromUnixTimeMilliseconds(row.StartedAt),
                Jobs.Words.To<DeliveryKind>(row.Kind) == DeliveryKind.Test,
                row.Suppressed > 0);
    }

    private sealed class Row
    {
        public string Address { get; init; } = "";

        public string Normalized { get; init; } = "";

        public string DisplayName { get; init; } = "";

        public string Fields { get; init; } = "";

        public string Columns { get; init; } = "";

        public string? SenderName { get; init; }

        public string? SenderAddress { get; init; }

        public long StartedAt { get; init; }

        public string Kind { get; init; } = "";

        public long Suppressed { get; init; }
    }
}
