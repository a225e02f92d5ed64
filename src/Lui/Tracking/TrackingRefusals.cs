// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tutti.Frame.Words;
using Tutti.Lui.Components;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Tracking;

/// <summary>Every "no" about tracking.</summary>
internal static class TrackingRefusals
{
    public static Refusal Type(string given) =>
        new(RefusalKind.Invalid, "tracking.type", SharedWords.Fill(TrackingWords.NoSuchType, given), "type");

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
