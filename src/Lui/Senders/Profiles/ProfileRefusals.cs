// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tutti.Frame.Words;
using Tutti.Lui.Jobs;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Senders.Profiles;

/// <summary>Every "no" about sender profiles.</summary>
internal static class ProfileRefusals
{
    private const int MostNamed = 10;

    public static Refusal Title() => new(RefusalKind.Invalid, "profile.title", SharedWords.Fill(ProfilesWords.BadTitle, SharedWords.Number(SenderProfile.MaxTitle)), "title");

    public static Refusal TitleTaken(string title) => new(RefusalKind.Conflict, "profile.title-taken", SharedWords.Fill(ProfilesWords.TitleTaken, title), "title");

    public static Refusal NotFound(long id) =>
        new(RefusalKind.NotFound, "profile.not-found", SharedWords.Fill(ProfilesWords.NotFound, id.ToString(CultureInfo.InvariantCulture)), "profile");

    public static Refusal NotYours() => new(RefusalKind.Forbidden, "profile.not-yours", ProfilesWords.NotYours);

    public static Refusal Changed(SenderProfile profile) => new(RefusalKind.Conflict, "profile.changed", SharedWords.Fill(ProfilesWords.Changed, profile.Title, profile.By.Name));

    public static Refusal Used(SenderProfile profile, IReadOnlyList<ProfileUse> uses) => new(
        RefusalKind.Conflict,
        "profile.used",
        SharedWords.Counted(
            ProfilesWords.Used,
            uses.Count,
            profile.Title,
            string.Join(", ", uses.Take(MostNamed).Select(use => $"{use.Code} ({use.Owner})")) + (uses.Count > MostNamed ? ", …" : "")));

    public static Refusal Blocked(Job job, SenderVerdict verdict) =>
        new(RefusalKind.Conflict, "profile.blocked", SharedWords.Fill(ProfilesWords.Blocked, job.Code, verdict.Words ?? ""));
}
