// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tutti.Lui.Components;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Tracking;

/// <summary>Every "no" about tracking.</summary>
internal static class TrackingRefusals
{
    public static Refusal Type(string given) =>
        new(RefusalKind.Invalid, "tracking.type", $"'{given}' is no tracking type. Choose personal, blind or off.", "type");

    public static Refusal NoSuchTracker(long id) =>
        new(RefusalKind.NotFound, "tracking.no-tracker", string.Create(CultureInfo.InvariantCulture, $"There is no tracker number {id}."));

    public static Refusal NoSuchHost(string host, IReadOnlyList<string> known) => new(
        RefusalKind.Invalid,
        "tracking.no-host",
        known.Count == 0 ? $"No tracker has the address {host}; none is known yet." : $"No tracker has the address {host}. There {(known.Count == 1 ? "is" : "are")} {string.Join(", ", known)}.",
        "trackerHost");

    public static Refusal Answers(Component tracker) => new(
        RefusalKind.Conflict, "tracking.answers", $"{tracker.Title} answers, so jobs need not leave without it.");
}
