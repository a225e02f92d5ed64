// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Delivery.Batches;
using Tutti.Lui.Recipients.Columns;
using Tutti.Mail.Links;

namespace Tutti.Lui.Tracking.Types;

/// <summary>Says of each recipient of a delivery for whom the links of the message stand. The same at every attempt.</summary>
internal sealed class Bearers(RecipientToken permutation, long deliveryId, DeliveryPlan plan, IReadOnlyDictionary<string, ulong> profiles)
{
    private readonly int _permission = plan.PermissionField.Length == 0 ? -1 : FieldSql.IndexOf(plan.Columns, plan.PermissionField);
    private readonly int[] _profile = [.. plan.ProfileFields.Select(field => FieldSql.IndexOf(plan.Columns, field))];

    /// <summary>For whom the links of a message stand.</summary>
    public Bearer Of(Addressee addressee)
    {
        var token = RecipientTokens.Of(permutation, deliveryId, addressee.Id);
        if (_permission >= 0 && Permission.IsIn(ValueOf(addressee, _permission)))
        {
            return new Bearer(token, Permits: true);
        }

        return profiles.Count > 0 && profiles.TryGetValue(TrackingProfiles.FieldsOf(plan.ProfileFields, _profile.Select(column => ValueOf(addressee, column) ?? "")), out var trace)
            ? new Bearer(token, Trace: trace)
            : new Bearer(token);
    }

    private static string? ValueOf(Addressee addressee, int column) => column >= 0 && column < addressee.Values.Count ? addressee.Values[column] : null;
}
