// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Text.Json;
using Tutti.Frame.Words;
using Tutti.Lui.Delivery.Starting;
using Tutti.Lui.Recipients.Columns;
using Tutti.Lui.Tracking;
using Tutti.Lui.Tracking.Types;
using Tutti.Lui.Viewing;
using Tutti.Mail.Composing;
using Tutti.Mail.Links;
using Tutti.Mail.Merging;
using Tutti.Wiring.Outcomes;
using Wire = Tutti.Contracts.Dst.V1;

namespace Tutti.Lui.Delivery.Batches;

/// <summary>What the values of each recipient are computed from; kept with the delivery.</summary>
/// <param name="Source">The message as it was written.</param>
/// <param name="Columns">Names of the columns of the recipients source.</param>
/// <param name="Types">What their values are; null for deliveries that an earlier version started.</param>
internal sealed record DeliveryPlan(MessageSource Source, IReadOnlyList<string> Columns, IReadOnlyList<string>? Types = null)
{
    /// <summary>The column that says who permits personal tracking; empty for none.</summary>
    public string PermissionField { get; init; } = "";

    /// <summary>The columns of anonymous profiles.</summary>
    public IReadOnlyList<string> ProfileFields { get; init; } = [];

    /// <summary>The plan of a message for a set of recipients, with what its tracking needs of them.</summary>
    public static DeliveryPlan Of(MessageSource source, Snapshot snapshot, TrackingDetails details) =>
        new(source, snapshot.Columns, [.. snapshot.Rules.Types.Select(type => type.ToString())]) { PermissionField = details.PermissionField, ProfileFields = details.ProfileFields };

    /// <summary>The columns as templates see them.</summary>
    public MergeFields Fields() => new(Columns, ColumnRules.TypesOf(Types ?? []));

    /// <summary>As it is kept.</summary>
    public string ToJson() => JsonSerializer.Serialize(this);

    /// <summary>As it was kept.</summary>
    public static DeliveryPlan FromJson(string json) => JsonSerializer.Deserialize<DeliveryPlan>(json)!;
}

/// <summary>Computes what is merged into the message of each recipient. The same for a recipient at every attempt.</summary>
internal sealed class MessageValues(CompiledMessage message, MergeFields fields, DateTimeOffset now, Bearers bearers, long deliveryId, ViewLinkWriter views)
{
    private readonly bool _isViewed = message.FieldNames.Contains(SystemFields.ViewUrl, StringComparer.OrdinalIgnoreCase);
    private readonly bool _hasProfile = message.FieldNames.Contains(SystemFields.ProfileUrl, StringComparer.OrdinalIgnoreCase);

    /// <summary>The values of the message's slots, or why there are none.</summary>
    public Outcome<MergedValues> Of(Addressee addressee)
    {
        var data = new MergeRow(fields, addressee.Values, addressee.Address, addressee.Name)
        {
            ViewUrl = _isViewed ? views.Of(deliveryId, addressee.Id) : "",
            ProfileUrl = _hasProfile ? views.ProfileOf(deliveryId, addressee.Id) : "",
        };
        if (message.Plan.TryCompute(data, now, out var values, out var problem))
        {
            return values;
        }

        return new Refusal(RefusalKind.Invalid, "content.not-computed", SharedWords.Fill(DeliveryWords.NotComputed, problem));
    }

    /// <summary>For whom the links of a recipient's message stand.</summary>
    public Bearer BearerOf(Addressee addressee) => bearers.Of(addressee);
}

/// <summary>Makes the values of a delivery from its plan, once per process.</summary>
internal sealed class MessageValuesSource(DeliveryStore deliveries, RecipientTokens tokens, TrackingProfiles profiles, ViewLinks views)
{
    private readonly ConcurrentDictionary<long, MessageValues> _ready = new();

    /// <summary>
    /// The values of a delivery. A refusal if this version cuts the message another way than the one that started the
    /// delivery: its slots would be filled with the wrong values.
    /// </summary>
    public async Task<Outcome<MessageValues>> Of(Delivery delivery, CancellationToken cancellationToken)
    {
        if (_ready.TryGetValue(delivery.Id, out var ready))
        {
            return ready;
        }

        var parts = await deliveries.Parts(delivery.Id, cancellationToken);
        var plan = DeliveryPlan.FromJson(parts.Plan);
        var started = Wire.Delivery.Parser.ParseFrom(parts.Message).Content;
        if (!CompiledMessage.TryCompile(plan.Source, out var message, out _) || !WireMessage.ContentOf(message).Equals(started))
        {
            return new Refusal(
                RefusalKind.Conflict,
                "delivery.other-version",
                DeliveryWords.OtherVersion);
        }

        var bearers = new Bearers(await tokens.Permutation(cancellationToken), delivery.Id, plan, await profiles.Of(delivery.Id, cancellationToken));
        return _ready[delivery.Id] = new MessageValues(message, plan.Fields(), delivery.StartedAt, bearers, delivery.Id, await views.Writer(cancellationToken));
    }

    /// <summary>Forgets a delivery that is closed.</summary>
    public void Forget(long deliveryId) => _ready.TryRemove(deliveryId, out _);
}
