// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tutti.Frame.Words;
using Tutti.Lui.Components;
using Tutti.Lui.Tracking.MessageLinks;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Tracking;

/// <summary>Every "no" about tracking.</summary>
internal static class TrackingRefusals
{
    public static Refusal Type(string given) =>
        new(RefusalKind.Invalid, "tracking.type", SharedWords.Fill(TrackingWords.NoSuchType, given), "type");

    public static Refusal OnlyBlindTogether() => new(RefusalKind.Conflict, "tracking.only-blind", TrackingWords.OnlyBlindTogether, "type");

    public static Refusal OnlyBlindForList(string list) => new(RefusalKind.Conflict, "tracking.only-blind", SharedWords.Fill(TrackingWords.OnlyBlindForList, list), "type");

    public static Refusal NoProfilesOnDemand() => new(RefusalKind.Conflict, "tracking.no-profiles", TrackingWords.NoProfilesOnDemand, "type");

    public static Refusal NoPermissionField() => new(RefusalKind.Invalid, "tracking.no-permission-field", TrackingWords.NoPermissionField, "permissionField");

    public static Refusal NoProfileFields() => new(RefusalKind.Invalid, "tracking.no-profile-fields", TrackingWords.NoProfileFields, "profileFields");

    public static Refusal TooManyProfileFields(int most) =>
        new(RefusalKind.Invalid, "tracking.many-profile-fields", SharedWords.Fill(TrackingWords.TooManyProfileFields, SharedWords.Number(most)), "profileFields");

    public static Refusal PersonalField(string column) =>
        new(RefusalKind.Invalid, "tracking.personal-field", SharedWords.Fill(TrackingWords.PersonalField, column), "profileFields");

    public static Refusal NoColumnsYet(string field) => new(RefusalKind.Conflict, "tracking.no-recipients", TrackingWords.NoColumnsYet, field);

    public static Refusal NoSuchField(string column, IReadOnlyList<string> columns, string field) =>
        new(RefusalKind.Invalid, "tracking.no-such-field", SharedWords.Fill(TrackingWords.NoSuchField, column, string.Join(", ", columns)), field);

    public static Refusal NoSuchLink(DecideLinks.Wish wish) => new(
        RefusalKind.Invalid, "tracking.no-such-link", SharedWords.Fill(TrackingWords.NoSuchLink, wish.Part, SharedWords.Number(wish.Occurrence), wish.Written), "links");

    public static Refusal BadAlias(string alias, int most) => new(RefusalKind.Invalid, "tracking.alias", SharedWords.Fill(TrackingWords.BadAlias, alias, SharedWords.Number(most)), "links");

    public static Refusal BadLabel(int most) => new(RefusalKind.Invalid, "tracking.label", SharedWords.Fill(TrackingWords.BadLabel, SharedWords.Number(most)), "links");

    public static Refusal TooManyParameters(int most) =>
        new(RefusalKind.Invalid, "tracking.many-parameters", SharedWords.Fill(TrackingWords.TooManyParameters, SharedWords.Number(most)), "parameters");

    public static Refusal BadParameter(int number, string problem) =>
        new(RefusalKind.Invalid, "tracking.parameter", SharedWords.Fill(TrackingWords.BadParameter, SharedWords.Number(number), problem), "parameters");

    public static Refusal NoSuchTracker(long id) =>
        new(RefusalKind.NotFound, "tracking.no-tracker", SharedWords.Fill(TrackingWords.NoSuchTracker, id.ToString(CultureInfo.InvariantCulture)));

    public static Refusal NoSuchHost(string host, IReadOnlyList<string> known) => new(
        RefusalKind.Invalid,
        "tracking.no-host",
        known.Count == 0 ? SharedWords.Fill(TrackingWords.NoHostYet, host) : SharedWords.Counted(TrackingWords.NoSuchHost, known.Count, host, string.Join(", ", known)),
        "trackerHost");

    public static Refusal Answers(Component tracker) => new(
        RefusalKind.Conflict, "tracking.answers", SharedWords.Fill(TrackingWords.TrackerAnswers, tracker.Title));
}
