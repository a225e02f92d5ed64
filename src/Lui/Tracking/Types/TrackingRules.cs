// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Jobs;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Tracking.Types;

/// <summary>What decides which tracking types a job may have.</summary>
/// <param name="Way">How it leaves.</param>
/// <param name="OnDemand">Whether its recipients come one by one.</param>
/// <param name="List">A LISTSERV list among the recipients, which gets one message for all its subscribers; null if there is none.</param>
/// <param name="Columns">The columns of its recipients; null while it has none.</param>
/// <param name="Personal">Those of them that name the recipient: address and name.</param>
internal sealed record TrackingGround(JobWay Way, bool OnDemand, string? List, IReadOnlyList<string>? Columns, IReadOnlyList<string> Personal);

/// <summary>Which tracking types there are for a job. A message that is the same for many can say nothing of one of them.</summary>
internal static class TrackingRules
{
    /// <summary>Most columns of a profile.</summary>
    public const int MostProfileFields = 10;

    /// <summary>Fewest recipients that a profile is kept for; those of a smaller one are tracked blind.</summary>
    public const int FewestInProfile = 5;

    /// <summary>Whether what recipients do leads back to some of them.</summary>
    public static bool NamesRecipients(JobTracking type) => type is JobTracking.Personal or JobTracking.Permission;

    /// <summary>Why a type is not to be had, whatever is chosen besides; null if it is.</summary>
    public static Refusal? Unavailable(JobTracking type, TrackingGround ground) => type switch
    {
        JobTracking.Blind or JobTracking.Off => null,
        _ when ground.Way == JobWay.ListservTogether => TrackingRefusals.OnlyBlindTogether(),
        _ when ground.List is { } list => TrackingRefusals.OnlyBlindForList(list),
        JobTracking.Anonymous when ground.OnDemand => TrackingRefusals.NoProfilesOnDemand(),
        _ => null,
    };

    /// <summary>Why a choice cannot stand; null if it can.</summary>
    public static Refusal? Refuse(JobTracking type, TrackingDetails details, TrackingGround ground)
    {
        if (Unavailable(type, ground) is { } unavailable)
        {
            return unavailable;
        }

        if (type == JobTracking.Permission && details.PermissionField.Length == 0)
        {
            return TrackingRefusals.NoPermissionField();
        }

        if (type == JobTracking.Anonymous && details.ProfileFields.Count == 0)
        {
            return TrackingRefusals.NoProfileFields();
        }

        return type switch
        {
            JobTracking.Permission => Refuse([details.PermissionField], "permissionField", ground) ?? RefuseProfile(details, ground),
            JobTracking.Anonymous => RefuseProfile(details, ground),
            JobTracking.Personal or JobTracking.Unique or JobTracking.Blind or JobTracking.Off => null,
        };
    }

    private static Refusal? RefuseProfile(TrackingDetails details, TrackingGround ground)
    {
        if (details.ProfileFields.Count == 0)
        {
            return null;
        }

        if (ground.OnDemand)
        {
            return TrackingRefusals.NoProfilesOnDemand();
        }

        if (details.ProfileFields.Count > MostProfileFields)
        {
            return TrackingRefusals.TooManyProfileFields(MostProfileFields);
        }

        return details.ProfileFields.FirstOrDefault(field => ground.Personal.Contains(field, StringComparer.OrdinalIgnoreCase)) is { } personal
            ? TrackingRefusals.PersonalField(personal)
            : Refuse(details.ProfileFields, "profileFields", ground);
    }

    private static Refusal? Refuse(IReadOnlyList<string> fields, string field, TrackingGround ground) =>
        ground.Columns is not { } columns ? TrackingRefusals.NoColumnsYet(field)
        : fields.FirstOrDefault(one => !columns.Contains(one, StringComparer.OrdinalIgnoreCase)) is { } missing ? TrackingRefusals.NoSuchField(missing, columns, field)
        : null;
}
